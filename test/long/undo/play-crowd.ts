import { changedIn } from "../../../lib/drill/world.ts";
import { lawsBrokenBesides } from "./denials.ts";
import { Night } from "./night.ts";
import type { PlayedFailure } from "./play-failure.ts";
import type { Wish } from "./wishes.ts";
import { scopeOf, withAnyPolicy, worldOf } from "./world.ts";

const LONGEST_SECONDS = 45 * 60;

/**
 * Several people ask for rollbacks without knowing of one another: some join, some wait, some are refused, some fall short as
 * what they planned has changed. The application works afterwards, and when all is undone, the newest first, the world is as it was.
 */
export async function playCrowd(seed: number): Promise<PlayedFailure> {
  const world = withAnyPolicy(worldOf(seed));
  const { random } = world;
  const night = await Night.begin(world);
  const before = await night.snapshot();
  const others = Array.from({ length: random.integer(1, 3) }, () => random.integer(5, LONGEST_SECONDS));
  const wishes: Wish[] = [
    { after: 0, scope: world.scope },
    ...others.sort((a, b) => a - b).map((after) => ({ after, scope: scopeOf(random) })),
  ];

  const known = await night.rollbackIds();
  const outcomes = await night.crowd(wishes);
  const works = await lawsBrokenBesides(night);
  const undone = await night.undo((await night.rollbackIds()).filter((id) => !known.includes(id)));
  const left = changedIn(before, await night.snapshot());
  const story = [
    world.words,
    ...wishes.map(({ after, scope }, index) => `at ${after} ${scope.join()}: ${outcomes[index]}`),
    `undone: ${undone.outcome}`,
  ].join("; ");
  return {
    story,
    broken: [
      ...works,
      ...(await lawsBrokenBesides(night)),
      ...(left.length > 0 ? [`not as before: ${left.join(", ")}`] : []),
    ],
    struck: true,
  };
}

import { changedIn } from "../../../lib/drill/world.ts";
import { lawsBrokenBesides } from "./denials.ts";
import { Night } from "./night.ts";
import type { PlayedFailure } from "./play-failure.ts";
import { type MeanwhileTrouble, troubleOf } from "./question-trouble.ts";
import type { Unapproved } from "./wishes.ts";
import { pick, withData, worldOf } from "./world.ts";

const ENDS = ["rejection", "silence", "a stop"] as const;
/** Before RDS has begun, and after the copy is ready. */
const LONGEST_SECONDS = 55 * 60;

/**
 * People are asked, a copy is made meanwhile, something goes wrong, and nobody says yes: nothing is changed, and no copy is
 * left that nobody tells of. Whoever asks again then gets a rollback, and its undo.
 */
export async function playQuestion(seed: number): Promise<PlayedFailure> {
  const world = withData(worldOf(seed));
  const { random } = world;
  const night = await Night.begin(world);
  const before = await night.snapshot();
  const instances = await night.databases();
  const trouble: MeanwhileTrouble = troubleOf(random, night.stage.region.kernel.now);
  const end: Unapproved = { seconds: random.integer(5, LONGEST_SECONDS), by: pick(random, ENDS) };

  const { idle } = await night.through({ kills: trouble.faults }, async () => {
    await night.rollBackUnapproved(end);
    return { outcome: "", rollbackIds: [] };
  });
  const left = (await night.databases()).filter((name) => !instances.includes(name));
  const isTold = night.told().some((message) => message.includes("could be removed"));
  const changed = changedIn(before, await night.snapshot());
  const broken = [
    ...(changed.length > 0 ? [`changed: ${changed.join(", ")}`] : []),
    ...(left.length > 0 && !isTold ? [`left, and not told: ${left.join(", ")}`] : []),
    ...(left.length === 0 && isTold ? ["told that something is left, and nothing is"] : []),
    ...(await lawsBrokenBesides(night)),
  ];
  const again = await night.rollBack();
  const undone = await night.undo(again.rollbackIds);
  const notBack = changedIn(before, await night.snapshot());
  const story = `${world.words}; ${end.by} after ${end.seconds} s; ${trouble.words}; ${again.outcome}; ${undone.outcome}`;
  return {
    story,
    broken: [
      ...broken,
      ...([again.outcome, undone.outcome].every((outcome) => outcome === "Recovered")
        ? []
        : ["not recovered"]),
      ...(notBack.length > 0 ? [`not as before: ${notBack.join(", ")}`] : []),
      ...(await lawsBrokenBesides(night)),
    ],
    struck: idle.length === 0,
  };
}

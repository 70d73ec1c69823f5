import { changedIn } from "../../../lib/drill/world.ts";
import { changesIn, denialOf, lawsBrokenBesides, wordsOfDenial } from "./denials.ts";
import { Night } from "./night.ts";
import { pick, withAnyPolicy, worldOf } from "./world.ts";

/** What came of a seed whose rollback met trouble that it could not get over. */
export interface PlayedFailure {
  /** What was chosen, what went wrong and how it ended, in words: for whoever looks at a failure. */
  readonly story: string;
  /** How a law was broken; empty when all hold. */
  readonly broken: readonly string[];
  /** A seed in which nothing strikes proves nothing. */
  readonly struck: boolean;
}

/**
 * A rollback that AWS denies one change falls short, and leaves an application that works; finished and undone it leaves the
 * world as it was. A first rollback meets no trouble and tells what the movers change.
 */
export async function playFailure(seed: number): Promise<PlayedFailure> {
  const world = withAnyPolicy(worldOf(seed));
  const night = await Night.begin(world);
  const calm = await night.through({ kills: [] }, (stop) => night.rollBack(stop));
  await night.undo(calm.rollbackIds);

  const before = await night.snapshot();
  const denial = denialOf(pick(world.random, changesIn(calm.calls)), calm.calls);
  const back = await night.through({ kills: [denial] }, (stop) => night.rollBack(stop));
  const works = await lawsBrokenBesides(night);
  await night.finish(back.rollbackIds);
  const undone = await night.undo(back.rollbackIds);
  const left = changedIn(before, await night.snapshot());
  const broken = [
    ...works,
    ...(await lawsBrokenBesides(night)),
    ...(left.length > 0
      ? [`these are not as before: ${left.join(", ")}; the undo ended ${undone.outcome}`]
      : []),
  ];
  const { onFailure } = world.environment.policy;
  const story = `${world.words}; ${onFailure}; ${wordsOfDenial(denial)}; ${back.outcome}`;
  return { story, broken, struck: back.idle.length === 0 };
}

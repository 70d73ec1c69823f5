import { changedIn } from "../../../lib/drill/world.ts";
import { changesIn, denialOf, lawsBrokenBesides, wordsOfDenial } from "./denials.ts";
import { Night } from "./night.ts";
import type { PlayedFailure } from "./play-failure.ts";
import { pick, type World, withPolicy, worldOf } from "./world.ts";

/**
 * A rollback that AWS denies a change takes back what it did, and is denied something on that way, too, once or for good.
 * What it leaves works, or people are told to finish it, and then it does; the newer code never runs on the older data; its
 * undo leaves the world as it was. Two rollbacks before it tell what the movers change on the way, and on the way back.
 */
export async function playWayBack(seed: number): Promise<PlayedFailure> {
  const world = withPolicy(worldOf(seed), "revert");
  const { random } = world;
  const night = await Night.begin(world);
  const calm = await night.through({ kills: [] }, (stop) => night.rollBack(stop));
  await night.undo(calm.rollbackIds);

  const before = await night.snapshot();
  const changes = changesIn(calm.calls);
  const late = changes.slice(Math.floor(changes.length / 2));
  const first = denialOf(pick(random, late), calm.calls);
  const once = await night.through({ kills: [first] }, (stop) => night.rollBack(stop));
  await night.finish(once.rollbackIds);
  await night.undo(once.rollbackIds);
  const after = changesIn(once.calls.slice(once.calls.findIndex(isDenied) + 1));
  if (once.idle.length > 0 || after.length === 0) {
    return { story: `${world.words}; ${once.outcome}`, broken: [], struck: false };
  }

  const second = denialOf(pick(random, after), once.calls, random.chance(0.5) ? 1 : 50);
  const told = night.told().length;
  const twice = await night.through({ kills: [first, second] }, (stop) => night.rollBack(stop));
  const isTold = night.told().slice(told).join("\n").includes("npx stepback finish");
  const broken = isTold ? [] : [...(await lawsBrokenBesides(night))];
  await night.finish(isTold ? twice.rollbackIds : []);
  broken.push(
    ...(await lawsBrokenBesides(night)),
    ...mixtureIn(changedIn(before, await night.snapshot()), world),
  );
  const undone = await night.undo(twice.rollbackIds);
  const left = changedIn(before, await night.snapshot());
  broken.push(
    ...(await lawsBrokenBesides(night)),
    ...(left.length > 0 ? [`not as before: ${left.join(", ")}; the undo ended ${undone.outcome}`] : []),
  );
  const denials = `${wordsOfDenial(first)}; then ${wordsOfDenial(second)}`;
  const story = `${world.words}; ${denials}; ${isTold ? "finished; " : ""}${twice.outcome}`;
  return { story, broken, struck: twice.idle.length === 0 };
}

const isDenied = ({ outcome }: { readonly outcome: string }) => /AccessDenied/.test(outcome);

/** Services that write to a database keep to it: newer code on older data is the one mixture that nobody released. */
function mixtureIn(changed: readonly string[], { scope }: World): readonly string[] {
  if (!changed.includes("database")) return [];
  return ["api", "web"]
    .filter((service) => scope.includes(service) && !changed.includes(service))
    .map((service) => `${service} runs the newer code on the older data`);
}

import { rollbacksOf } from "../../lib/drill/observed.ts";
import type { LogEntry } from "../../lib/region/kernel/region-log.ts";
import type { Took } from "./command-line.ts";
import { decidedSeconds, inNight, type Night, SEEN_SECONDS, type World } from "./in-night.ts";
import { mustHaveRecovered, type Recovery } from "./recovery.ts";
import { UserWatch } from "./user-watch.ts";

export interface ByStepback extends Recovery {
  readonly stateTransitions: number;
}

const FOUR = ["api", "web", "database", "frontend"];

/**
 * Stepback's rollback of all four, from its lock to the end of its last wave; what follows is watching alarms. It must
 * end as Recovered.
 */
export function recoverByStepback(world: World): Promise<ByStepback> {
  return inNight(world, "execute", async (night) => {
    const { from, to, ended } = await begin(night, world, FOUR);
    const watch = new UserWatch(night);
    const lastWaveAt = await to;
    await ended;
    const [rollback] = await rollbacksOf(night.stage, night.startedAt);
    if (rollback?.outcome !== "Recovered") throw new Error(`Seed ${world.seed}: ${rollback?.sentence}`);
    const { stateTransitions } = rollback;
    const took = wavesOf(night, lastWaveAt);
    const seconds = (lastWaveAt - from) / 1_000;
    return { seconds, took, stateTransitions, ...(await mustHaveRecovered(night, watch)) };
  });
}

/** Seconds of a rollback of one component alone, between the same two moments. */
export function secondsAlone(world: World, component: string): Promise<number> {
  return inNight(world, "execute", async (night) => {
    const { from, to } = await begin(night, world, [component]);
    return ((await to) - from) / 1_000;
  });
}

interface Begun {
  readonly from: number;
  readonly to: Promise<number>;
  readonly ended: Promise<number>;
}

/** Asks for a rollback, has it approved when it takes data back, and answers when it holds its lock. */
async function begin(night: Night, world: World, scope: readonly string[]): Promise<Begun> {
  const { act, until, goodAt } = night;
  const holdsData = scope.includes("database");
  const locked = happening(night, isState("Take rollback lock"));
  const lastWaveOver = happening(night, isState("Verify recovery"));
  const ended = happening(night, ({ event }) => event === "execution ended");
  const requestedBy = "arn:aws:iam::111122223333:user/ada";
  // Data alone does not tell how far it must go back.
  const moment = holdsData && scope.length === 1 ? { target: { at: goodAt.toISOString() } } : {};
  await until(SEEN_SECONDS);
  await act({ start: { reason: "the bench", requestedBy, scope, ...moment } });
  if (holdsData) {
    await until(decidedSeconds(world));
    await act({ approve: { as: "SeniorEngineer" } });
  }
  const early = ended.then(() => Promise.reject(new Error(`The rollback of ${scope.join()} ended early`)));
  return { from: await locked, to: Promise.race([lastWaveOver, early]), ended };
}

const isState =
  (state: string) =>
  ({ event, facts }: LogEntry) =>
    event === "state entered" && facts["state"] === state;

/** When something happens to the first execution of the rollback machine: later ones, by alarms, join it. */
function happening(night: Night, is: (entry: LogEntry) => boolean): Promise<number> {
  const isOurs = ofFirstExecution(night);
  return new Promise((resolve) => {
    const stop = night.stage.region.kernel.log.follow((entry) => {
      if (!isOurs(entry) || !is(entry)) return;
      stop();
      resolve(entry.at);
    });
  });
}

function ofFirstExecution({ stage, startedAt }: Night): (entry: LogEntry) => boolean {
  const machine = stage.rollbackMachine.split(":").at(-1);
  let execution: unknown;
  return ({ at, source, facts }) => {
    if (source !== "states" || at < startedAt || facts["machine"] !== machine) return false;
    execution ??= facts["execution"];
    return facts["execution"] === execution;
  };
}

/** What each wave of the four is for. */
const WAVES = [
  "api, frontend; the copy begins",
  "web",
  "the copy is made and checked",
  "page on",
  "writers stop",
  "safety snapshot, switch",
  "writers start",
  "check through the application",
  "page off",
];

function wavesOf(night: Night, lastWaveAt: number): Took[] {
  const ours = night.stage.region.kernel.log.entries.filter(ofFirstExecution(night));
  const begun = ours.filter(isState("Cut over wave")).map(({ at }) => at);
  if (begun.length !== WAVES.length) throw new Error(`The plan has ${begun.length} waves`);
  return WAVES.map((part, index) => {
    const [at = 0, next = lastWaveAt] = begun.slice(index);
    return { part, seconds: (next - at) / 1_000 };
  });
}

import type { Random } from "../../../lib/region/kernel/random.ts";
import type { CallRecord } from "../../../lib/region/wire/call-record.ts";
import type { FaultRule } from "../../../lib/region/wire/fault-plan.ts";
import type { Stop } from "./wishes.ts";
import { pick, type World } from "./world.ts";

/** What a rollback or an undo of this very world did when nobody was killed: so a planned kill is one that strikes. */
export type Calls = readonly Pick<
  CallRecord,
  "principal" | "mutating" | "service" | "operation" | "outcome"
>[];

/** What goes wrong during a rollback or an undo. */
export interface Trouble {
  readonly kills: readonly FaultRule[];
  readonly stop?: Stop;
}

const MOVERS = ["Cache", "Database", "EcsService", "Frontend", "Maintenance", "Parameter", "Secret", "Task"];
const OTHERS = ["PlanRollback", "RequestApproval", "VerifyRecovery", "WriteReport"];
const FUNCTIONS = [...MOVERS.map((kind) => `Move${kind}`), ...OTHERS];

/** Functions are killed; or the execution is stopped, and the clean-up is killed. */
export function troubleFor({ random }: World, calls: Calls, ways: readonly Stop["goesOn"][]): Trouble {
  if (ways.length === 0 || !random.chance(0.25)) return { kills: killsFor(random, calls) };
  const changes = calls.filter(({ mutating }) => mutating).length;
  const goesOn = pick(random, ways);
  const cleanUp: FaultRule = {
    principalIncludes: "FunctionsCleanUp",
    mutating: true,
    times: 1,
    effect: "kills-caller",
  };
  const kills = goesOn !== "redrive at once" && random.chance(0.5) ? [cleanUp] : [];
  return { kills, stop: { afterChanges: random.integer(1, changes), goesOn } };
}

/**
 * One to three kills, of movers mostly: each at some call of a function, right after it took effect. Mostly at one that
 * changes something, a journal entry or the world: that is where it matters.
 */
function killsFor(random: Random, calls: Calls): readonly FaultRule[] {
  const busy = FUNCTIONS.map((name) => ({ name, made: calls.filter(by(name)) })).filter(
    ({ made }) => made.length > 0,
  );
  const movers = busy.filter(({ name }) => name.startsWith("Move"));
  return Array.from({ length: random.integer(1, 3) }, () => {
    const { name, made } = pick(random, random.chance(0.75) ? movers : busy);
    const changes = made.filter(({ mutating }) => mutating).length;
    const mutating = changes > 0 && random.chance(0.8);
    const choices = mutating ? changes : made.length - changes;
    return {
      principalIncludes: name,
      ...(choices === 0 ? {} : { mutating }),
      skip: random.integer(0, (choices || made.length) - 1),
      times: 1,
      effect: "kills-caller",
    };
  });
}

const by =
  (name: string) =>
  ({ principal: { arn, session } }: Calls[number]) =>
    `${arn} ${session ?? ""}`.includes(name);

/** `MoveSecret dies after change 3`. */
export function wordsOf({ kills, stop }: Trouble): readonly string[] {
  const stopped = stop ? [`stopped after ${stop.afterChanges} changes, ${stop.goesOn}`] : [];
  return [...stopped, ...kills.map(wordsOfKill)];
}

export function wordsOfKill({ principalIncludes, mutating, skip = 0 }: FaultRule): string {
  const what = mutating === undefined ? "call" : mutating ? "change" : "reading";
  return `${principalIncludes?.replace("Functions", "")} dies after ${what} ${skip + 1}`;
}

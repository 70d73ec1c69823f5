import { loadScenario } from "../lib/drill/load-scenario.ts";
import { callsOfStepback } from "../lib/drill/observed.ts";
import { stageAndRun } from "../lib/drill/run-drill.ts";
import type { Scenario } from "../lib/drill/scenario.ts";
import type { Stage } from "../lib/drill/stage.ts";
import type { LogEntry } from "../lib/region/kernel/region-log.ts";

/**
 * Every way to bring users to a copy, an undo, and the rehearsal, which deletes its own. They are played as where users wait for
 * what RDS backs up, because every end is then waited for.
 */
export const NOTICE_DRILLS = [
  "database-parameter-group-lost",
  "database-behind-a-proxy",
  "database-renamed",
  "database-undo",
  "database-rehearsal",
] as const;

/** Of these, in which users may come early: what is waited for then is that the copy takes connections. */
const EARLY_DRILLS: readonly string[] = [
  "database-parameter-group-lost",
  "database-behind-a-proxy",
  "database-undo",
];
const EARLY_ENDS: readonly string[] = ["first connection", "proxy target"];

/** The end of something that RDS worked on while Stepback waited for it; virtual seconds. */
export interface DatabaseNotice {
  readonly drill: string;
  readonly seed: number;
  /** What ended: a restore, a modification, a snapshot … */
  readonly what: string;
  /** From the change that Stepback sent to its end. */
  readonly took: number;
  /** From the end to the first look of the mover whose answer shows it; infinite when there never was one. */
  readonly noticed: number;
  /** From that look to the next change, or until the workflow knows: three settled looks are deliberate (§12). */
  readonly acted: number;
}

/** Plays drills of database instances, each with its seeds, and measures every end that somebody waited for. */
export async function measureDatabaseNotices(
  seedsOf: Readonly<Partial<Record<(typeof NOTICE_DRILLS)[number], readonly number[]>>>,
): Promise<readonly DatabaseNotice[]> {
  const notices: DatabaseNotice[] = [];
  for (const drill of NOTICE_DRILLS) {
    const scenario = loadScenario(`${import.meta.dirname}/../drills/${drill}.yaml`);
    for (const seed of seedsOf[drill] ?? []) {
      notices.push(...(await noticesIn(waiting(scenario, drill, true), { drill, seed })));
      if (!EARLY_DRILLS.includes(drill)) continue;
      const early = await noticesIn(waiting(scenario, drill, false), { drill: `${drill}, early`, seed });
      notices.push(...early.filter(({ what }) => EARLY_ENDS.includes(what)));
    }
  }
  return notices;
}

/** Its story waits for a first backup of hours; the others go on before RDS would be through with one. */
const PATIENT_DRILL = "database-renamed";
const QUICK_BACKUP: Scenario["steps"][number] = { at: 1, do: { firstBackup: 180 } };

/** The same drill, in which users wait for what RDS backs up, or do not. */
function waiting(scenario: Scenario, drill: string, waits: boolean): Scenario {
  const database = { ...scenario.components?.["database"], serveDuringBackups: !waits };
  const steps = waits && drill !== PATIENT_DRILL ? [QUICK_BACKUP, ...scenario.steps] : scenario.steps;
  return { ...scenario, steps, components: { ...scenario.components, database } };
}

async function noticesIn(
  scenario: Scenario,
  which: Pick<DatabaseNotice, "drill" | "seed">,
): Promise<DatabaseNotice[]> {
  const { stage, result } = await stageAndRun(scenario, { seed: which.seed });
  const broken = result.checks.filter(({ held }) => !held);
  if (broken.length > 0) throw new Error(`${which.drill}, seed ${which.seed}: ${JSON.stringify(broken)}`);
  const history = historyOf(stage, result.startedAt);
  return history.entries.flatMap((entry) => {
    const end = endOf(entry);
    const notice = end && noticeOf(history, end);
    return notice ? [{ ...which, ...notice }] : [];
  });
}

type Call = ReturnType<typeof callsOfStepback>[number];

interface History {
  readonly entries: readonly LogEntry[];
  /** What the mover of databases asked of RDS and was answered, in order. */
  readonly calls: readonly Call[];
  /** When the workflow learned that a component had settled. */
  readonly known: readonly number[];
  readonly quarantine: string;
}

function historyOf(stage: Stage, startedAt: number): History {
  const entries = stage.region.kernel.log.entries.filter(({ at }) => at >= startedAt);
  const calls = callsOfStepback(stage).filter(
    ({ principal, service, outcome, at }) =>
      at >= startedAt && service === "rds" && outcome === "ok" && principal.arn.includes("MoveDatabase"),
  );
  const known = entries
    .filter(
      ({ event, facts }) =>
        event === "state entered" && /^Component (settled|out)\?$/.test(String(facts["state"])),
    )
    .map(({ at }) => at);
  const database = stage.environment.components["database"];
  const quarantine = database?.kind === "database" ? database.quarantineSecurityGroup : undefined;
  return { entries, calls, known, quarantine: quarantine ?? "none" };
}

interface End {
  readonly at: number;
  readonly what: string;
  readonly names: readonly unknown[];
  /** The read that can show it. */
  readonly operation: string;
}

/** The region's word that RDS is done with something; the rename's new name shows before its reboot is over. */
function endOf({ at, source, event, facts }: LogEntry): End | undefined {
  if (source !== "rds") return undefined;
  const of = (what: string, operation: string, ...names: unknown[]) => ({ at, what, operation, names });
  switch (event) {
    case "came to rest": {
      const what = JOBS.find(([word]) => String(facts["jobs"]).includes(word))?.[1];
      if (what === undefined) return undefined;
      return of(
        what,
        what === "snapshot" ? "DescribeDBSnapshots" : "DescribeDBInstances",
        facts["id"],
        facts["resourceId"],
      );
    }
    case "takes connections":
      return of("first connection", "DescribeDBInstances", facts["id"], facts["resourceId"]);
    case "instance renamed":
      return of("new name", "DescribeDBInstances", facts["to"], facts["dbi"]);
    case "proxy target available":
      return of("proxy target", "DescribeDBProxyTargets", facts["proxy"], facts["target"]);
    default:
      return undefined;
  }
}

/** What the region's jobs are called, by a word of their labels; what was accepted meanwhile ends with the first. */
const JOBS = [
  ["bring up", "restore"],
  ["delete", "deletion"],
  ["back up", "rest after a snapshot"],
  ["snapshot", "snapshot"],
  ["reboot", "reboot"],
  ["configure", "modification"],
  ["apply what is pending", "modification"],
] as const;

function noticeOf(
  { calls, known, quarantine }: History,
  { at, what, operation, names }: End,
): Omit<DatabaseNotice, "drill" | "seed"> | undefined {
  const isAbout = ({ input }: Call) => valuesIn(input).some((value) => names.includes(value));
  const sent = calls.findLast((call) => call.mutating && call.at <= at && isAbout(call));
  // Others' doings; and what is locked away is left to itself: nobody is on it, and nobody waits (finalise.ts).
  if (!sent || valuesIn(sent.input["VpcSecurityGroupIds"]).includes(quarantine)) return undefined;
  const seen = calls.find(
    (call) => call.at >= at && call.operation === operation && !call.replyLost && isAbout(call),
  );
  const took = (at - sent.at) / 1_000;
  if (!seen) return { what, took, noticed: Number.POSITIVE_INFINITY, acted: Number.POSITIVE_INFINITY };
  const next = [...calls.filter(({ mutating }) => mutating).map((call) => call.at), ...known];
  const acted = Math.min(...next.filter((moment) => moment >= seen.at));
  return { what, took, noticed: (seen.at - at) / 1_000, acted: (acted - seen.at) / 1_000 };
}

/** All that an input says, at any depth. */
function valuesIn(input: unknown): readonly unknown[] {
  if (typeof input !== "object" || input === null) return [input];
  return Object.values(input).flatMap(valuesIn);
}

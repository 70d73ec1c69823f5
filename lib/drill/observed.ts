import type { RollbackSeen } from "./result.ts";
import type { Stage } from "./stage.ts";

/** An execution of the rollback machine, as the region's log tells it. */
export interface ExecutionSeen {
  readonly executionArn: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

/** Executions of the rollback machine that started at or after a moment, oldest first. */
export function executionsSince(
  { region, ...stage }: Stage,
  since: number,
  of: "rollbackMachine" | "cleanUpMachine" = "rollbackMachine",
): ExecutionSeen[] {
  const machine = stage[of].split(":").at(-1);
  const prefix = stage[of].replace(":stateMachine:", ":execution:");
  const seen = new Map<string, ExecutionSeen>();
  for (const { at, source, event, facts } of region.kernel.log.entries) {
    if (source !== "states" || at < since || facts["machine"] !== machine) continue;
    const executionArn = `${prefix}:${String(facts["execution"])}`;
    if (event === "execution started")
      seen.set(executionArn, { executionArn, startedAt: at, endedAt: undefined });
    const known = seen.get(executionArn);
    if (event === "execution ended" && known) seen.set(executionArn, { ...known, endedAt: at });
  }
  return [...seen.values()];
}

/** What became of every rollback since a moment, from the Step Functions API alone, as a person would find out. */
export async function rollbacksOf(stage: Stage, since: number): Promise<RollbackSeen[]> {
  const rollbacks: RollbackSeen[] = [];
  for (const execution of executionsSince(stage, since)) rollbacks.push(await rollbackOf(stage, execution));
  return rollbacks;
}

interface Ended {
  readonly outcome?: string;
  readonly sentence?: string;
  readonly rollbackId?: string;
  readonly report?: string;
  readonly durations?: Readonly<Record<string, number>>;
}

async function rollbackOf(
  stage: Stage,
  { executionArn, startedAt, endedAt }: ExecutionSeen,
): Promise<RollbackSeen> {
  const { kernel } = stage.region;
  const described = await kernel.complete(
    stage.region.operate("states", "DescribeExecution", { executionArn }),
  );
  const ended = JSON.parse(String(described["output"] ?? "{}")) as Ended;
  const cause = String(described["cause"] ?? "");
  const events = await historyOf(stage, executionArn);
  const entered = events.filter((event) => event.type.endsWith("StateEntered"));
  const firstChange = firstChangeAt(stage, startedAt, endedAt ?? kernel.now);
  const beforeChange = entered.filter(
    (event) => firstChange !== undefined && event.timestamp.getTime() <= firstChange,
  );
  return {
    execution: executionArn,
    outcome: ended.outcome ?? String(described["error"] ?? described["status"]),
    sentence: ended.sentence ?? cause,
    rollbackId: ended.rollbackId ?? /rb-[0-9a-z-]+/.exec(cause)?.[0],
    startedAt,
    endedAt,
    report: ended.report ?? /s3:\/\/\S+/.exec(cause)?.[0],
    durations: ended.durations,
    stateTransitions: entered.length,
    moved: entered.some((event) => event.stateEnteredEventDetails?.name === "Roll back"),
    transitionsToFirstChange: firstChange === undefined ? undefined : beforeChange.length,
  };
}

interface HistoryEvent {
  readonly type: string;
  readonly timestamp: Date;
  readonly stateEnteredEventDetails?: { readonly name: string };
}

export async function historyOf({ region }: Stage, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await region.operate("states", "GetExecutionHistory", {
      executionArn,
      maxResults: 1000,
      ...(nextToken ? { nextToken } : {}),
    });
    events.push(...(page["events"] as HistoryEvent[]));
    nextToken = page["nextToken"] as string | undefined;
  } while (nextToken);
  return events;
}

/** Calls that change the application. */
export const CHANGING_CALLS = [
  "UpdateService",
  "StopServiceDeployment",
  "CreateDeployment",
  "StopDeployment",
] as const;

function firstChangeAt(stage: Stage, from: number, to: number): number | undefined {
  return callsOfStepback(stage).find(
    (call) => call.at >= from && call.at <= to && CHANGING_CALLS.some((name) => name === call.operation),
  )?.at;
}

/** Calls made by Stepback's own roles, not by the operator who plays the people. */
export function callsOfStepback({ region }: Stage, firstCall = 0) {
  return region.endpoint.calls.slice(firstCall).filter((call) => call.principal.type === "role");
}

export function apiCallsOf(stage: Stage, firstCall: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, operation } of callsOfStepback(stage, firstCall)) {
    const name = `${service}:${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import * as z from "zod";
import { assessAll } from "../components/assess-all.ts";
import type { Assessment, Clock, Observer } from "../components/component.ts";
import { observersOf } from "../components/registry.ts";
import { alarmName, Environment } from "../contracts/environment.ts";
import { Checkpoint, checkpointKey, RollbackRecord, rollbackKey } from "../contracts/ledger.ts";
import { type LockKey, lockKeyOf } from "../contracts/lock.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { deadlineOf, type Move, type Plan, PlannedRollback } from "../contracts/plan.ts";
import type { Kind, Mode } from "../contracts/vocabulary.ts";
import { announceDecision } from "../domain/announce.ts";
import { decide } from "../domain/decide.ts";
import { planOf } from "../domain/planning/plan-of.ts";
import { relationsOf } from "../domain/planning/relations.ts";
import { type Question, readQuestion } from "../domain/question.ts";
import { refusalOf } from "../domain/refusal.ts";
import { rollbackIdOf } from "../domain/rollback-id.ts";
import { type AlarmReader, alarmReader } from "../platform/alarm-reader.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { currentLock, type Lock } from "../platform/ledger/lock.ts";

const Input = z.strictObject({
  request: z.unknown(),
  environment: Environment,
  execution: z.strictObject({ id: z.string(), name: z.string(), startedAt: z.string() }),
});
type Input = z.infer<typeof Input>;

interface Services {
  readonly observers: Readonly<Record<Kind, Observer>>;
  readonly alarms: AlarmReader;
  readonly ledger: LedgerTable;
  readonly clock: Clock;
}

/** Looks at everything in scope, decides, and plans. Reads only: its role cannot change anything. */
export async function planRollback(input: Input, services: Services): Promise<PlannedRollback> {
  const { environment } = input;
  const rollbackId = rollbackIdOf(input.execution);
  const undone = await undoneBy(input.request, services.ledger);
  const question = readQuestion(input.request, environment, undone);
  if ("problem" in question) {
    return refusalOf({
      rollbackId,
      environment,
      since: input.execution.startedAt,
      problem: question.problem,
    });
  }

  const now = services.clock();
  const strategy = question.request.strategy ?? environment.policy.strategy;
  const [{ assessments, past }, running, alarmNow] = await Promise.all([
    assess(question, input, { rollbackId, strategy }, services),
    runningFor(question.request.mode, services.ledger, now),
    question.alarm ? services.alarms.stateOf(question.alarm.alarmName) : undefined,
  ]);
  const moves = assessments.flatMap((assessment) => (assessment.move ? [assessment.move] : []));
  const { plan, circle } = planOf(
    moves,
    assessments.map((assessment) => assessment.verdict),
    relationsOf(environment.components),
    { strategy, rehearse: question.request.mode === "rehearse" },
  );
  const halfWay = past.find(
    ({ unfinished }) =>
      unfinished?.halfWay && moves.some(({ component }) => unfinished.holds.includes(component)),
  );
  const decision = decide({
    request: question.request,
    environment,
    assessed: {
      verdicts: plan.verdicts,
      moves,
      circle,
      lastChanges: assessments.flatMap(({ verdict, lastChangedAt: at }) =>
        at ? [{ component: verdict.component, at }] : [],
      ),
    },
    recent: past.filter((record) => now.getTime() - Date.parse(record.endedAt) < DAY_MILLIS),
    now,
    ...(question.alarm ? { alarm: question.alarm } : {}),
    ...(alarmNow === undefined ? {} : { alarmNow }),
    ...(running ? { running: { ...running, id: running.owner } } : {}),
    ...(halfWay ? { halfWay } : {}),
  });

  const { policy } = environment;
  const headline = {
    application: environment.application,
    environment: environment.name,
    rollbackId,
    ...question.words,
  };
  return {
    rollbackId,
    mode: question.request.mode,
    decision,
    plan,
    ...question.words,
    eventId: question.alarm?.eventId ?? "",
    automatic: question.alarm !== undefined,
    alarms: alarmsToWatch(environment, [...question.scope, ...plan.moves.map((move) => move.component)]),
    verifyMinutes: policy.verifyMinutes,
    onFailure: policy.onFailure,
    approvers: decision.action === "ask" ? (policy.approvers[decision.group] ?? []) : [],
    approvalExpiresMinutes: policy.approvalExpiresMinutes,
    ahead: decision.action === "ask" && policy.prepareWhileAsking ? copiesIn(plan) : [],
    since: new Date(question.alarm?.changedAt ?? input.execution.startedAt).toISOString(),
    lock: lockKeyOf(question.request.mode),
    leaseSeconds: leaseOf(environment, plan.moves),
    announcement: announceDecision(headline, decision, plan, question.request.mode),
  };
}

/** What stands in this request's way: for a rollback another one, for a rehearsal either. */
async function runningFor(mode: Mode, ledger: LedgerTable, now: Date): Promise<Lock | undefined> {
  const keys: readonly LockKey[] = mode === "rehearse" ? ["lock", "lock#rehearsal"] : [lockKeyOf(mode)];
  const locks = await Promise.all(keys.map((key) => currentLock(ledger, key, now)));
  return locks.find((lock) => lock !== undefined);
}

/** Checkpoints and rollbacks that are looked at, newest first. */
const RECORDS_READ = 50;
const DAY_MILLIS = 24 * 3_600_000;

async function assess(
  { request, scope, target, alarm }: Question,
  { environment }: Input,
  { rollbackId, strategy }: { readonly rollbackId: string; readonly strategy: "fast-first" | "together" },
  { observers, ledger }: Services,
): Promise<{ readonly assessments: readonly Assessment[]; readonly past: readonly RollbackRecord[] }> {
  const [checkpoints, past] = await Promise.all([
    ledger.list(checkpointKey(""), Checkpoint, { limit: RECORDS_READ }),
    ledger.list(rollbackKey("rb-"), RollbackRecord, { limit: RECORDS_READ }),
  ]);
  const assessments = await assessAll({
    environment,
    scope,
    target,
    strategy,
    byAlarm: alarm !== undefined,
    observers,
    wish: {
      rollbackId,
      authorization: request.authorization,
      ...(request.mode === "rehearse" ? { rehearsal: true as const } : {}),
      checkpoints,
      past,
    },
  });
  return { assessments, past };
}

/** With `undo`, the targets are where the undone rollback came from. */
async function undoneBy(request: unknown, ledger: LedgerTable): Promise<RollbackRecord | undefined> {
  const wish = z.object({ mode: z.literal("undo"), undoes: z.string().max(100) }).safeParse(request);
  return wish.success ? ledger.get(rollbackKey(wish.data.undoes), RollbackRecord) : undefined;
}

/** What may be made before anybody has agreed. */
const copiesIn = ({ moves }: Plan) =>
  moves.filter(({ makesCopy }) => makesCopy).map(({ component }) => component);

/**
 * Every alarm that watches a component in scope, or one that is paused or restarted for it, must be quiet before
 * "recovered" is said.
 */
function alarmsToWatch(environment: Environment, watched: readonly string[]): string[] {
  return environment.alarms
    .filter((alarm) => alarm.components.some((component) => watched.includes(component)))
    .map((alarm) => alarmName(environment, alarm));
}

/**
 * All deadlines one after the other, once more when a failure reverts, verification, and ten minutes for everything
 * else: nothing honest takes longer.
 */
function leaseOf(environment: Environment, moves: readonly Move[]): number {
  const deadlines = moves.map(deadlineOf).reduce((sum, seconds) => sum + seconds, 0);
  const rounds = environment.policy.onFailure === "revert" ? 2 : 1;
  return Math.ceil(rounds * deadlines) + 60 * (environment.policy.verifyMinutes + 10);
}

export const handler = defineHandler({
  name: "plan-rollback",
  input: Input,
  output: PlannedRollback,
  services: (platform): Services => ({
    observers: observersOf(platform),
    alarms: alarmReader(),
    ledger: ledgerOf(platform),
    clock: platform.clock,
  }),
  async run(input, services, { logger }) {
    const planned = await planRollback(input, services);
    logger.info(LOG_EVENTS.decided, { rollbackId: planned.rollbackId, action: planned.decision.action });
    return planned;
  },
});

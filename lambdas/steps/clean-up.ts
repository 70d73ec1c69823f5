import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { LOCK_KEYS } from "../contracts/lock.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { type Action, PlannedRollback } from "../contracts/plan.ts";
import { moverSettingOf } from "../contracts/settings.ts";
import { Tick, type TickRequest } from "../contracts/tick.ts";
import { type Kind, OUTCOMES, type Phase } from "../contracts/vocabulary.ts";
import { mayBeRedriven } from "../domain/may-be-redriven.ts";
import { isTransient } from "../platform/aws-errors.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { follow } from "../platform/follow.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { currentLock, type Lock, releaseLock, takeOverLock } from "../platform/ledger/lock.ts";
import { CLIENT_OPTIONS } from "../platform/platform.ts";

/** The part of a "Step Functions Execution Status Change" event that is read here (Step Functions developer guide). */
const StatusChange = z.looseObject({
  detail: z.looseObject({
    executionArn: z.string(),
    name: z.string(),
    status: z.enum(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]),
    error: z.string().nullish(),
  }),
});
const Output = z.strictObject({ released: z.boolean(), tidied: z.array(z.string()), told: z.boolean() });

interface Services {
  readonly ledger: LedgerTable;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly invokeMover: (kind: Kind, request: TickRequest) => Promise<Tick>;
  readonly bucket: string;
  readonly topic: string;
  readonly environment: string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** What one invocation adds: how long it may still take. */
type Invocation = Services & { readonly remainingMillis: () => number };

/**
 * The second layer: an execution that was stopped, timed out or broke ran no catch of its own. Puts temporary settings
 * back, releases its lock and tells people. An execution that ended in the ordinary way told people itself and holds no
 * lock, unless the ledger could not be reached just then: then the lock is given back here, and not after its lease.
 */
export async function cleanUp(
  event: z.infer<typeof StatusChange>,
  services: Invocation,
): Promise<z.infer<typeof Output>> {
  const { executionArn, error, status } = event.detail;
  const mine = await lockOf(executionArn, services);
  if (status === "SUCCEEDED") {
    return { released: mine ? await releaseLock(services.ledger, mine) : false, tidied: [], told: false };
  }
  const { tidied, released, resumable } = mine ? await putBack(mine, services) : NOTHING_HELD;
  const toldItself = OUTCOMES.some((outcome) => outcome === error);
  if (toldItself && !released) return { released, tidied, told: false };
  await tell({ executionArn, status, rollbackId: mine?.owner, released, resumable, tidied }, services);
  return { released, tidied, told: true };
}

/** The lock that an execution still holds, however long ago its lease ran out. */
async function lockOf(executionArn: string, { ledger }: Services): Promise<Lock | undefined> {
  const locks = await Promise.all(LOCK_KEYS.map((key) => currentLock(ledger, key, new Date(0))));
  return locks.find((lock) => lock?.execution === executionArn);
}

interface PutBack {
  readonly tidied: string[];
  readonly released: boolean;
  readonly resumable: boolean;
}

const NOTHING_HELD: PutBack = { tidied: [], released: false, resumable: false };

/**
 * How long a call may still be on its way that a function of the stopped execution announced before the lock was taken
 * over: three attempts of twelve seconds (CLIENT_OPTIONS), and the pauses between them.
 */
const LATE_CALL_SECONDS = 40;

/**
 * Under a fencing number of its own, so that functions which outlived the execution announce nothing any more. What they
 * had announced before may still arrive: everything is put back at once, and looked at again when nothing can come.
 */
async function putBack(lock: Lock, services: Invocation): Promise<PutBack> {
  const planned = await plannedOf(lock, services);
  const mine = await takeOverLock(services.ledger, lock);
  if (!mine) return NOTHING_HELD;
  if ("problem" in planned) {
    return { ...NOTHING_HELD, tidied: [planned.problem], released: await releaseLock(services.ledger, mine) };
  }
  const first = await tidy(planned, mine, services);
  if (services.remainingMillis() > LATE_CALL_SECONDS * 2_000) await services.sleep(LATE_CALL_SECONDS);
  const second = await tidy(planned, mine, services);
  const resumable = mayBeRedriven(planned.plan);
  const released = await releaseLock(services.ledger, mine, { resumable });
  const tidied = first.map((tick) => `${tick.component}: ${truer(tick, second).note}`);
  return { tidied, released, resumable };
}

/** What the first look did is told, unless the second one knows better. */
function truer(first: Tick, later: readonly Tick[]): Tick {
  const second = later.find(({ component, verb }) => component === first.component && verb === first.verb);
  return second && (second.status !== "done" || first.status !== "done") ? second : first;
}

/** Asks every component that may have been touched to put its temporary settings back; one failure stops no other. */
async function tidy(planned: PlannedRollback, lock: Lock, services: Invocation): Promise<Tick[]> {
  const ticks: Tick[] = [];
  for (const wave of planned.plan.closing) {
    const halfWay = ticks.filter(isHalfWay).map((tick) => tick.component);
    const actions = wave.actions.filter(
      (action) => !action.unlessHalfWay.some((name) => halfWay.includes(name)),
    );
    ticks.push(...(await Promise.all(actions.map((action) => settle(action, planned, lock, services)))));
  }
  return ticks;
}

const isHalfWay = (tick: Tick) => tick.status === "failed" && tick.code === "HALF_WAY";

/** Asks until it has settled: removing a copy takes minutes. What cannot be reached is said, and stops nobody. */
async function settle(
  { component, verbs }: Action,
  { plan }: PlannedRollback,
  { owner: rollbackId, key, fence, redrives }: Lock,
  { invokeMover, sleep, remainingMillis }: Invocation,
): Promise<Tick> {
  const move = plan.moves.find((one) => one.component === component);
  const lost = { component, verb: "tidy", code: "END_UNKNOWN", touched: true } as const;
  if (!move) return { ...lost, status: "failed", note: "is not in the plan, look at it" };
  const tick = () =>
    invokeMover(move.kind, { rollbackId, lock: key, fence, redrives, move, verbs, once: true });
  try {
    return await follow(tick, { sleep, remainingMillis });
  } catch {
    return { ...lost, status: "failed", note: "could not be tidied, look at it" };
  }
}

/**
 * The evidence that the workflow wrote at the start. Missing or unreadable, it must not keep the lock from being
 * released and people from being told; trouble that passes is thrown, and Lambda calls again.
 */
async function plannedOf(
  lock: Lock,
  { s3, bucket, environment }: Services,
): Promise<PlannedRollback | { readonly problem: string }> {
  try {
    const object = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: `${environment}/${lock.owner}/plan.json` }),
    );
    return PlannedRollback.parse(JSON.parse((await object.Body?.transformToString()) ?? "null"));
  } catch (error) {
    if (isTransient(error)) throw error;
    const name = error instanceof Error ? error.name : "unknown";
    return {
      problem: `The plan could not be read (${name}), so nothing was tidied; look at every component.`,
    };
  }
}

async function tell(
  facts: {
    executionArn: string;
    status: string;
    rollbackId: string | undefined;
    released: boolean;
    resumable: boolean;
    tidied: readonly string[];
  },
  { sns, topic, environment }: Services,
): Promise<void> {
  const lock = facts.released ? "Its lock was released." : "Somebody else has taken its lock.";
  const rollbackId = facts.rollbackId ?? "none";
  const lines = [
    `The execution ended ${facts.status} before it could say how: ${facts.executionArn}`,
    facts.rollbackId ? `${lock} Components may be half way; look at them now.` : "It held no lock.",
    ...facts.tidied.map((line) => `- ${line}`),
    ...howToGoOn(facts),
  ];
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: `Look now: a rollback of ${environment} ended ${facts.status}`,
      Message: lines.join("\n"),
      MessageAttributes: {
        phase: { DataType: "String", StringValue: "failure" satisfies Phase },
        environment: { DataType: "String", StringValue: environment },
        rollbackId: { DataType: "String", StringValue: rollbackId },
      },
    }),
  );
}

/** A redrive resumes this very plan and takes the lock again; that ends when somebody else takes it first. */
function howToGoOn(facts: { executionArn: string; released: boolean; resumable: boolean }): string[] {
  const { executionArn, released, resumable } = facts;
  const again = "start it again: it plans anew and goes on from what is there.";
  if (!released || !resumable) return [`When you know where the components are, ${again}`];
  return [
    `To go on with the same plan where it stopped (within 14 days, and only while nobody else has rolled back): aws stepfunctions redrive-execution --execution-arn ${executionArn}`,
    `When somebody has deployed or repaired something meanwhile, or the plan was wrong, ${again}`,
  ];
}

export const handler = defineHandler({
  name: "clean-up",
  input: StatusChange,
  output: Output,
  services: (platform): Services => {
    const lambda = new LambdaClient(CLIENT_OPTIONS);
    return {
      ledger: ledgerOf(platform),
      s3: new S3Client(CLIENT_OPTIONS),
      sns: new SNSClient(CLIENT_OPTIONS),
      bucket: platform.setting("reportBucket"),
      topic: platform.setting("announcementTopic"),
      environment: platform.setting("environmentName"),
      sleep: platform.sleep,
      async invokeMover(kind, request) {
        const FunctionName = platform.variable(moverSettingOf(kind));
        const answer = await lambda.send(
          new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(request)) }),
        );
        return Tick.parse(JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8")));
      },
    };
  },
  async run(event, services, { logger, remainingMillis }) {
    const result = await cleanUp(event, { ...services, remainingMillis });
    logger.info(LOG_EVENTS.cleanedUp, { execution: event.detail.name, ...result });
    return result;
  },
});

import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import type { Clock } from "../components/component.ts";
import { isOnlyRemoving, isUnfinished, type Tidying, tidyAll } from "../components/tidy-all.ts";
import { RollbackRecord, rollbackKey } from "../contracts/ledger.ts";
import { LOCK_KEYS } from "../contracts/lock.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { PlannedRollback } from "../contracts/plan.ts";
import { moverSettingOf } from "../contracts/settings.ts";
import { Tick } from "../contracts/tick.ts";
import { OUTCOMES, type Phase } from "../contracts/vocabulary.ts";
import { announceStopped, announceTidying, type StoppedEnd } from "../domain/announce-stopped.ts";
import { mayBeRedriven } from "../domain/may-be-redriven.ts";
import { recordOf, touchedIn } from "../domain/rollback-record.ts";
import { isTransient } from "../platform/aws-errors.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { currentLock, giveWay, type Lock, releaseLock, takeOverLock } from "../platform/ledger/lock.ts";
import { readJournals } from "../platform/ledger/read-journals.ts";
import { CLIENT_OPTIONS } from "../platform/platform.ts";

/** The part of a "Step Functions Execution Status Change" event that is read here (Step Functions developer guide). */
const StatusChange = z.looseObject({
  detail: z.looseObject({
    executionArn: z.string(),
    name: z.string(),
    status: z.enum(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]),
    error: z.string().nullish(),
    /** Milliseconds since 1970. */
    startDate: z.number(),
  }),
});
/** The event, and how often this clean-up has looked before: what RDS does takes longer than one invocation. */
const Input = z.strictObject({ event: StatusChange, looks: z.number().int().min(0) });
type Input = z.infer<typeof Input>;

const Output = z.strictObject({
  /** False while something is still being put back: the machine calls again. */
  finished: z.boolean(),
  released: z.boolean(),
  tidied: z.array(z.string()),
  told: z.boolean(),
});
type Output = z.infer<typeof Output>;

interface Services {
  readonly ledger: LedgerTable;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly invokeMover: Tidying["invokeMover"];
  readonly bucket: string;
  readonly topic: string;
  readonly environment: string;
  readonly clock: Clock;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** What one invocation adds: how long it may still take. */
type Invocation = Services & { readonly remainingMillis: () => number };

/**
 * The second layer: an execution that was stopped, timed out or broke ran no catch of its own. Puts temporary settings
 * back, releases its lock and tells people. An execution that ended in the ordinary way told people itself and holds no
 * lock, unless something could not be reached on its way out: then that is put back here.
 */
export async function cleanUp(input: Input, services: Invocation): Promise<Output> {
  const { executionArn, status } = input.event.detail;
  const mine = await lockOf(executionArn, services);
  if (status === "SUCCEEDED") {
    const released = mine ? await releaseLock(services.ledger, mine) : false;
    return { finished: true, released, tidied: [], told: false };
  }
  const { finished, ...back } = mine ? await putBack(mine, input, services) : NOTHING_HELD;
  const { released, tidied } = back;
  const taken = !mine && input.looks > 0;
  const end = {
    executionArn,
    status,
    rollbackId: mine?.owner,
    taken,
    toldItself: toldItself(input.event),
    ...back,
  };
  if (!finished) {
    // Once is enough: it takes minutes, and the end has a message of its own.
    const told = input.looks === 0;
    if (told) await tell(end, announceTidying, services);
    return { finished, released, tidied, told };
  }
  if (end.toldItself && !released) return { finished, released, tidied, told: false };
  await tell(end, announceStopped, services);
  return { finished, released, tidied, told: true };
}

/** Whether it came to its end, and its error is the outcome. */
const toldItself = ({ detail: { status, error } }: Input["event"]) =>
  status === "FAILED" && OUTCOMES.some((outcome) => outcome === error);

/** The lock that an execution still holds, however long ago its lease ran out. */
async function lockOf(executionArn: string, { ledger }: Services): Promise<Lock | undefined> {
  const locks = await Promise.all(LOCK_KEYS.map((key) => currentLock(ledger, key, new Date(0))));
  return locks.find((lock) => lock?.execution === executionArn);
}

type PutBack = Pick<StoppedEnd, "released" | "resumable" | "undoable"> & {
  readonly tidied: string[];
  readonly finished: boolean;
};

const NOTHING_HELD: PutBack = {
  ...{ tidied: [], finished: true, released: false, resumable: false, undoable: false },
};

/**
 * How long a call may still be on its way that a function of the stopped execution announced before the lock was taken
 * over: three attempts of twelve seconds (CLIENT_OPTIONS), and the pauses between them.
 */
const LATE_CALL_SECONDS = 40;

/**
 * Looks of five minutes each: three hours. A test that renames once took 12 minutes longer than one that does not (docs/facts/database.md
 * §5, terraform#6094); what two of them and a deletion have not ended by then is people's.
 */
const MOST_LOOKS = 36;

/**
 * Under a fencing number of its own, so that functions which outlived the execution announce nothing any more. What they
 * had announced before may still arrive: everything is put back at once, and looked at again when nothing can come.
 */
async function putBack(lock: Lock, { event, looks }: Input, services: Invocation): Promise<PutBack> {
  const planned = await plannedOf(lock, services);
  const mine = await takeOverLock(services.ledger, lock);
  if (!mine) return NOTHING_HELD;
  if ("problem" in planned) {
    return { ...NOTHING_HELD, tidied: [planned.problem], released: await releaseLock(services.ledger, mine) };
  }
  const startedAt = new Date(event.detail.startDate);
  const isLast = looks >= MOST_LOOKS;
  const first = await tidyAll(planned, mine, services);
  if (!isLast && first.some(isUnfinished)) {
    // Later than any late call; the next rollback may be an emergency's.
    if (looks > 0 && isOnlyRemoving(planned, first)) {
      await remember(planned, startedAt, services);
      await giveWay(services.ledger, mine);
    }
    return stillAtIt(first);
  }
  if (services.remainingMillis() > LATE_CALL_SECONDS * 2_000) await services.sleep(LATE_CALL_SECONDS);
  const second = await tidyAll(planned, mine, services);
  if (!isLast && second.some(isUnfinished)) return stillAtIt(second);
  const undoable = await remember(planned, startedAt, services);
  // One that came to its end has nothing to go on with.
  const resumable = mayBeRedriven(planned.plan) && !toldItself(event);
  const released = await releaseLock(services.ledger, mine, { resumable });
  const tidied = first.map((tick) => lineOf(truer(tick, second)));
  return { tidied, finished: true, released, resumable, undoable };
}

const lineOf = ({ component, note }: Tick) => `${component}: ${note}`;
const stillAtIt = (ticks: readonly Tick[]): PutBack => ({
  ...NOTHING_HELD,
  tidied: ticks.map(lineOf),
  finished: false,
});

/** What the first look did is told, unless the second one knows better. */
function truer(first: Tick, later: readonly Tick[]): Tick {
  const second = later.find(({ component, verb }) => component === first.component && verb === first.verb);
  return second && (second.status !== "done" || first.status !== "done") ? second : first;
}

/**
 * Writes the record that the execution could not write, so that what it had done can be undone, and its event is not acted
 * on again. One that the execution wrote itself stays. A redriven execution replaces it at its own end.
 *
 * @returns whether there is anything to undo
 */
async function remember(planned: PlannedRollback, startedAt: Date, services: Invocation): Promise<boolean> {
  const { ledger, bucket, environment, clock } = services;
  const key = rollbackKey(planned.rollbackId);
  const known = await ledger.get(key, RollbackRecord);
  if (known && known.outcome !== "Stopped") return known.moves.length > 0;
  const journals = await readJournals(ledger, planned);
  const record = recordOf(planned, journals, {
    outcome: "Stopped",
    startedAt: startedAt.toISOString(),
    endedAt: clock().toISOString(),
    touched: touchedIn(journals),
    report: `s3://${bucket}/${evidenceOf(environment, planned.rollbackId)}`,
  });
  await ledger.put(key, RollbackRecord, record);
  return record.moves.length > 0;
}

/** The plan, as the workflow wrote it at the start. */
const evidenceOf = (environment: string, rollbackId: string) => `${environment}/${rollbackId}/plan.json`;

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
      new GetObjectCommand({ Bucket: bucket, Key: evidenceOf(environment, lock.owner) }),
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
  end: StoppedEnd,
  announce: typeof announceStopped,
  { sns, topic, environment }: Services,
): Promise<void> {
  const { subject, message } = announce(environment, end);
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: subject,
      Message: message,
      MessageAttributes: {
        phase: { DataType: "String", StringValue: "failure" satisfies Phase },
        environment: { DataType: "String", StringValue: environment },
        rollbackId: { DataType: "String", StringValue: end.rollbackId ?? "none" },
      },
    }),
  );
}

/** What a function of Node.js that failed answers (Lambda developer guide, "Understanding Node.js errors"). */
const FunctionFailure = z.looseObject({ errorType: z.string(), errorMessage: z.string() });

function errorOf(payload: unknown): Error {
  const { errorType, errorMessage } = FunctionFailure.parse(payload);
  return Object.assign(new Error(errorMessage), { name: errorType });
}

export const handler = defineHandler({
  name: "clean-up",
  input: Input,
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
      clock: platform.clock,
      sleep: platform.sleep,
      async invokeMover(kind, request) {
        const FunctionName = platform.variable(moverSettingOf(kind));
        const answer = await lambda.send(
          new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(request)) }),
        );
        const payload: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8"));
        if (answer.FunctionError !== undefined) throw errorOf(payload);
        return Tick.parse(payload);
      },
    };
  },
  async run(input, services, { logger, remainingMillis }) {
    const result = await cleanUp(input, { ...services, remainingMillis });
    logger.info(LOG_EVENTS.cleanedUp, { execution: input.event.detail.name, ...result });
    return result;
  },
});

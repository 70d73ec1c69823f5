import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { completeAll } from "../components/complete-all.ts";
import { NOTHING_HELD, type OrderServices, putInOrder } from "../components/put-in-order.ts";
import { removeCopies } from "../components/remove-copies.ts";
import { RollbackRecord, rollbackKey } from "../contracts/ledger.ts";
import { ASKING_LOCK, LOCK_KEYS, lockKeyOf } from "../contracts/lock.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import type { Announcement } from "../contracts/plan.ts";
import { moverSettingOf } from "../contracts/settings.ts";
import { Tick } from "../contracts/tick.ts";
import { OUTCOMES, type Phase } from "../contracts/vocabulary.ts";
import { announceCompletion, announceNotYet } from "../domain/announce-completion.ts";
import { announceCopies, announceCopyLeft } from "../domain/announce-copies.ts";
import { announceFinish, announceNoFinish } from "../domain/announce-finish.ts";
import { announceStopped, announceTidying } from "../domain/announce-stopped.ts";
import { rollbackIdOf } from "../domain/rollback-id.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import { currentLock, type Lock, releaseLock, takeFreeLock } from "../platform/ledger/lock.ts";
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
/** A person's wish (`stepback finish`). */
const Finish = z.strictObject({
  rollbackId: z.string().max(100),
  /** What could not be put right is in order by now, whatever it looks like: it is left alone, and nobody waits for it. */
  asItIs: z.boolean().default(false),
});
const looks = z.number().int().min(0);
/** What each input has: how often this clean-up has looked before, as what RDS does takes longer than one invocation. */
const common = { execution: z.string(), looks };
const AfterEnd = z.strictObject({ event: StatusChange, finish: z.null(), complete: z.null(), ...common });
const Finishing = z.strictObject({ event: z.null(), finish: Finish, complete: z.null(), ...common });
/** The id of a rollback that lacks something, as the look after its end said. */
const Completing = z.strictObject({ event: z.null(), finish: z.null(), complete: z.string(), ...common });
const Input = z.union([AfterEnd, Finishing, Completing]);
type AfterEnd = z.infer<typeof AfterEnd>;
type Finishing = z.infer<typeof Finishing>;
type Completing = z.infer<typeof Completing>;

const Output = z.strictObject({
  /** False while something is still being put back: the machine calls again. */
  finished: z.boolean(),
  released: z.boolean(),
  tidied: z.array(z.string()),
  told: z.boolean(),
  /** Components that could not be put right. */
  left: z.array(z.string()).default([]),
  /** Why nothing was begun. */
  problem: z.string().optional(),
  /** The rollback that lacks something, which is set later. */
  incomplete: z.string().nullable().default(null),
});
type Output = z.input<typeof Output>;

interface Services extends Omit<OrderServices, "remainingMillis"> {
  readonly sns: SNSClient;
  readonly topic: string;
}

/** What one invocation adds: how long it may still take. */
type Invocation = Services & Pick<OrderServices, "remainingMillis">;

/**
 * The second layer: an execution that was stopped, timed out or broke ran no catch of its own. Puts temporary settings
 * back, releases its lock and tells people. An execution that ended in the ordinary way told people itself and holds no
 * lock, unless something could not be reached on its way out: then that is put back here.
 */
export async function cleanUp({ event, looks }: AfterEnd, services: Invocation): Promise<Output> {
  const { executionArn, status, startDate } = event.detail;
  const [mine, ...others] = await locksOf(executionArn, services);
  if (status === "SUCCEEDED") {
    const released = mine ? await releaseLocks([mine, ...others], services) : false;
    return { finished: true, released, tidied: [], told: false };
  }
  if (mine?.key === ASKING_LOCK) return afterQuestion(mine, { event, looks }, services);
  const left = { looks, startedAt: new Date(startDate), died: !toldItself(event) };
  const { finished, ...back } = mine ? await putInOrder(mine, left, services) : NOTHING_HELD;
  const { released, tidied } = back;
  const taken = !mine && looks > 0;
  const end = { executionArn, status, rollbackId: mine?.owner, taken, toldItself: !left.died, ...back };
  if (!finished) {
    // Once is enough: it takes minutes, and the end has a message of its own.
    const told = looks === 0;
    if (told) await tell(announceTidying(services.environment, end), end.rollbackId, services);
    return { finished, released, tidied, told };
  }
  await releaseLocks(others, services);
  if (end.toldItself && !released) return { finished, released, tidied, told: false };
  await tell(announceStopped(services.environment, end), end.rollbackId, services);
  return { finished, released, tidied, told: true };
}

/** Nobody approved it: the copies that were made meanwhile go. Who was asked heard it, unless it was stopped. */
async function afterQuestion(
  lock: Lock,
  { event, looks }: Pick<AfterEnd, "event" | "looks">,
  services: Invocation,
): Promise<Output> {
  const { finished, incomplete: later, ...removal } = await removeCopies(lock, looks, services);
  const { said, left } = removal;
  const told = finished && (left.length > 0 || !toldItself(event));
  if (told) {
    const end = { rollbackId: lock.owner, status: event.detail.status, ...removal, later };
    await tell(announceCopies(services.environment, end), lock.owner, services);
  }
  const incomplete = later.length > 0 ? lock.owner : null;
  return { finished, released: finished, tidied: [...said], told, left: [...left], incomplete };
}

/**
 * A person says that what a finished rollback could not put right may be tried again: its lock is taken anew, when nobody
 * has it, and everything is put in order as after a stop.
 */
async function finish(
  { finish: { rollbackId, asItIs }, execution, looks }: Finishing,
  services: Invocation,
): Promise<Output> {
  const { ledger, environment, clock } = services;
  const record = await ledger.get(rollbackKey(rollbackId), RollbackRecord);
  const before = record?.unfinished;
  if (record?.incomplete && !before) return completeNow({ rollbackId, execution }, services);
  const key = lockKeyOf(record?.mode ?? "execute");
  const mine =
    (await locksOf(execution, services))[0] ??
    (looks === 0 && before
      ? await takeFreeLock(ledger, { key, owner: rollbackId, execution, now: clock() })
      : undefined);
  if (!record || (!mine && looks === 0)) {
    const why = !record ? "unknown" : !before ? "nothing left" : "busy";
    const announcement = announceNoFinish(environment, rollbackId, why);
    await tell(announcement, rollbackId, services);
    return { finished: true, released: false, tidied: [], told: true, problem: announcement.message };
  }
  const startedAt = new Date(record.startedAt);
  const inOrder = asItIs ? (before?.components ?? []) : [];
  const left = { looks, startedAt, died: false, inOrder };
  const { finished, released, tidied, ...end } = mine ? await putInOrder(mine, left, services) : NOTHING_HELD;
  // Without the lock nothing was put right any more: what the record names is left.
  const unfinished = released ? end.unfinished : before;
  const told = finished || looks === 0;
  const news = { finished, tidied, ...(unfinished ? { unfinished } : {}) };
  if (told) await tell(announceFinish(environment, rollbackId, news), rollbackId, services);
  return { finished, released, tidied, told, left: unfinished?.components ?? [] };
}

/** Looks ten minutes apart: a day. What RDS has not taken by then, it does not take. */
const MOST_COMPLETING = 144;

/** What nobody waited for is set when RDS takes it; people hear how that ended. */
async function complete(
  { complete: rollbackId, execution, looks }: Completing,
  services: Invocation,
): Promise<Output> {
  const completion = await completeAll({ rollbackId, execution }, services);
  const { said, givenUp, incomplete, isQuestion } = completion;
  const finished = incomplete.length === 0 || looks >= MOST_COMPLETING;
  const isBad = givenUp || (finished && incomplete.length > 0);
  // That the copies of a question are gone is news for nobody.
  const told = isBad || (finished && said.length > 0 && !isQuestion);
  if (told) {
    const announced = isQuestion ? announceCopyLeft : announceCompletion;
    const announcement = announced(services.environment, rollbackId, completion);
    await tell(announcement, rollbackId, services, isBad ? "failure" : "outcome");
  }
  return { finished, released: false, tidied: [...said], told, left: finished ? [...incomplete] : [] };
}

/** A person need not wait for the next time that it is asked for. */
async function completeNow(
  of: { readonly rollbackId: string; readonly execution: string },
  services: Invocation,
): Promise<Output> {
  const completion = await completeAll(of, services);
  const { said, incomplete } = completion;
  const announced = incomplete.length > 0 ? announceNotYet : announceCompletion;
  const announcement = announced(services.environment, of.rollbackId, completion);
  await tell(announcement, of.rollbackId, services, "outcome");
  return { finished: true, released: false, tidied: [...said], told: true, left: [...incomplete] };
}

/** The rollback that ended, or was finished, when it lacks something. */
async function incompleteAfter(
  { event, finish }: AfterEnd | Finishing,
  { ledger }: Services,
): Promise<string | null> {
  const id = finish ? finish.rollbackId : idOf(event);
  const record = await ledger.get(rollbackKey(id), RollbackRecord);
  return record?.incomplete ? id : null;
}

const idOf = ({ detail: { name, startDate } }: AfterEnd["event"]) =>
  rollbackIdOf({ name, startedAt: new Date(startDate).toISOString() });

/** Whether it came to its end, and its error is the outcome. */
const toldItself = ({ detail: { status, error } }: AfterEnd["event"]) =>
  status === "FAILED" && OUTCOMES.some((outcome) => outcome === error);

/**
 * The locks that an execution still holds, however long ago their leases ran out. Its rollback's comes first, to which what
 * was made while people were asked belongs as soon as it has begun.
 */
async function locksOf(executionArn: string, { ledger }: Services): Promise<readonly Lock[]> {
  const locks = await Promise.all(LOCK_KEYS.map((key) => currentLock(ledger, key, new Date(0))));
  return locks.flatMap((lock) => (lock?.execution === executionArn ? [lock] : []));
}

async function releaseLocks(locks: readonly Lock[], { ledger }: Services): Promise<boolean> {
  const released = await Promise.all(locks.map((lock) => releaseLock(ledger, lock)));
  return released.includes(true);
}

async function tell(
  { subject, message }: Announcement,
  rollbackId: string | undefined,
  { sns, topic, environment }: Services,
  phase: Phase = "failure",
): Promise<void> {
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: subject,
      Message: message,
      MessageAttributes: {
        phase: { DataType: "String", StringValue: phase },
        environment: { DataType: "String", StringValue: environment },
        rollbackId: { DataType: "String", StringValue: rollbackId ?? "none" },
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

/** After an end it is said whether anything is lacking: that is asked for later. */
export async function carryOut(input: z.infer<typeof Input>, invocation: Invocation): Promise<Output> {
  if (input.complete !== null) return complete(input, invocation);
  const result = await (input.finish ? finish(input, invocation) : cleanUp(input, invocation));
  // Who asks only for what is lacking already is not kept waiting: the clean-up of the end asks for it by itself.
  const isOver = result.finished && (input.finish === null || result.released);
  if (!isOver) return result;
  return { ...result, incomplete: result.incomplete ?? (await incompleteAfter(input, invocation)) };
}

function subjectOf({ event, finish, complete: completing }: z.infer<typeof Input>) {
  if (event) return { execution: event.detail.name };
  return finish ? { finishing: finish.rollbackId } : { completing };
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
    const invocation = { ...services, remainingMillis };
    const result = await carryOut(input, invocation);
    logger.info(LOG_EVENTS.cleanedUp, { ...subjectOf(input), ...result });
    return result;
  },
});

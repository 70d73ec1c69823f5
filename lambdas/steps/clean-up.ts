import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { type Move, PlannedRollback } from "../contracts/plan.ts";
import { moverSettingOf } from "../contracts/settings.ts";
import { Tick, type TickRequest } from "../contracts/tick.ts";
import { type Kind, OUTCOMES } from "../contracts/vocabulary.ts";
import { isTransient } from "../platform/aws-errors.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { currentLock, type Lock, releaseLock } from "../platform/ledger/lock.ts";
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
}

/**
 * The second layer: an execution that was stopped, timed out or broke ran no catch of its own. Puts temporary settings
 * back, releases its lock and tells people. An execution that ended in the ordinary way told people itself and holds no
 * lock, unless the ledger could not be reached just then: then the lock is given back here, and not after its lease.
 */
export async function cleanUp(
  event: z.infer<typeof StatusChange>,
  services: Services,
): Promise<z.infer<typeof Output>> {
  const { executionArn, error, status } = event.detail;
  const lock = await currentLock(services.ledger, new Date(0));
  const mine = lock?.execution === executionArn ? lock : undefined;
  if (status === "SUCCEEDED") {
    return {
      released: mine ? await releaseLock(services.ledger, mine.owner) : false,
      tidied: [],
      told: false,
    };
  }
  const tidied = mine ? await tidy(mine, services) : [];
  const released = mine ? await releaseLock(services.ledger, mine.owner) : false;
  const toldItself = OUTCOMES.some((outcome) => outcome === error);
  if (toldItself && !released) return { released, tidied, told: false };
  await tell({ executionArn, status, rollbackId: mine?.owner, released, tidied }, services);
  return { released, tidied, told: true };
}

/** Asks every component that may have been touched to put its temporary settings back; one failure stops no other. */
async function tidy(lock: Lock, services: Services): Promise<string[]> {
  const planned = await plannedOf(lock, services);
  if ("problem" in planned) return [planned.problem];
  const moves = planned.plan.waves.flatMap((wave) => wave.moves);
  const answers = await Promise.allSettled(
    moves.map((move) => services.invokeMover(move.kind, tickRequestOf(lock, move))),
  );
  return moves.map((move, index) => {
    const answer = answers[index];
    return `${move.component}: ${answer?.status === "fulfilled" ? answer.value.note : "could not be tidied, look at it"}`;
  });
}

const tickRequestOf = (lock: Lock, move: Move): TickRequest => ({
  rollbackId: lock.owner,
  fence: lock.fence,
  move,
  verbs: ["tidy"],
});

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
    `When you know where the components are, start it again: it goes on from what is there.`,
  ];
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: `Look now: a rollback of ${environment} ended ${facts.status}`,
      Message: lines.join("\n"),
      MessageAttributes: {
        phase: { DataType: "String", StringValue: "failure" },
        environment: { DataType: "String", StringValue: environment },
        rollbackId: { DataType: "String", StringValue: rollbackId },
      },
    }),
  );
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
      async invokeMover(kind, request) {
        const FunctionName = platform.variable(moverSettingOf(kind));
        const answer = await lambda.send(
          new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(request)) }),
        );
        return Tick.parse(JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8")));
      },
    };
  },
  async run(event, services, { logger }) {
    const result = await cleanUp(event, services);
    logger.info(LOG_EVENTS.cleanedUp, { execution: event.detail.name, ...result });
    return result;
  },
});

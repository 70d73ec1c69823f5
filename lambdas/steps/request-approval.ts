import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import type { Clock } from "../components/component.ts";
import { Approval } from "../contracts/approval.ts";
import { approvalKey } from "../contracts/ledger.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { PlannedRollback } from "../contracts/plan.ts";
import type { Phase } from "../contracts/vocabulary.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { CLIENT_OPTIONS } from "../platform/platform.ts";

const Input = z.strictObject({
  planned: PlannedRollback,
  /** Components whose copies are being made meanwhile. */
  ahead: z.array(z.string()),
  taskToken: z.string(),
});
const Output = z.strictObject({ status: z.literal("asked") });

interface Services {
  readonly ledger: LedgerTable;
  readonly sns: SNSClient;
  readonly topic: string;
  readonly environment: string;
  readonly approvalUrl: string;
  readonly clock: Clock;
}

/** Keeps the task token in the ledger and tells people what is asked and how to answer. */
export async function requestApproval(
  { planned, ahead, taskToken }: z.infer<typeof Input>,
  { ledger, sns, topic, environment, approvalUrl, clock }: Services,
): Promise<z.infer<typeof Output>> {
  const expiresAt = new Date(clock().getTime() + planned.approvalExpiresMinutes * 60_000);
  const approval: Approval = {
    rollbackId: planned.rollbackId,
    planHash: planned.plan.hash,
    group: planned.decision.action === "ask" ? planned.decision.group : "",
    approvers: planned.approvers,
    requestedBy: planned.requestedBy,
    fourEyes: !planned.automatic,
    expiresAt: expiresAt.toISOString(),
    taskToken,
  };
  const expiry = { expiresAt: { N: String(Math.ceil(expiresAt.getTime() / 1_000) + 30 * 86_400) } };
  await ledger.put(approvalKey(planned.rollbackId), Approval, approval, { attributes: expiry });
  const answer = `${planned.rollbackId} --environment ${environment} --plan ${planned.plan.hash} --url ${approvalUrl}`;
  const how = [
    `Approve: npx stepback approve ${answer}`,
    `Reject:  npx stepback reject ${answer}`,
    `Without an answer by ${approval.expiresAt} the answer is no.`,
    ...(ahead.length > 0
      ? [
          `Copies are being made meanwhile (${ahead.join(", ")}): nobody notices, and they are removed when the answer is no.`,
        ]
      : []),
  ];
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: planned.announcement.subject,
      Message: [planned.announcement.message, "", ...how].join("\n"),
      MessageAttributes: {
        phase: { DataType: "String", StringValue: "approval" satisfies Phase },
        environment: { DataType: "String", StringValue: environment },
        rollbackId: { DataType: "String", StringValue: planned.rollbackId },
      },
    }),
  );
  return { status: "asked" };
}

export const handler = defineHandler({
  name: "request-approval",
  input: Input,
  output: Output,
  services: (platform): Services => ({
    ledger: ledgerOf(platform),
    sns: new SNSClient(CLIENT_OPTIONS),
    topic: platform.setting("announcementTopic"),
    environment: platform.setting("environmentName"),
    approvalUrl: platform.setting("approvalUrl"),
    clock: platform.clock,
  }),
  async run(input, services, { logger }) {
    const result = await requestApproval(input, services);
    logger.info(LOG_EVENTS.approvalRequested, { rollbackId: input.planned.rollbackId });
    return result;
  },
});

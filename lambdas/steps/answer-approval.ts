import { SendTaskSuccessCommand, SFNClient, TaskDoesNotExist, TaskTimedOut } from "@aws-sdk/client-sfn";
import * as z from "zod";
import type { Clock } from "../components/component.ts";
import { Answer, Approval } from "../contracts/approval.ts";
import { approvalKey } from "../contracts/ledger.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { judgeAnswer } from "../domain/approve.ts";
import { explain } from "../domain/explain.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { CLIENT_OPTIONS } from "../platform/platform.ts";

/**
 * A function URL call with AuthType AWS_IAM: IAM has checked the signature and says who signed.
 * Source: Lambda developer guide, "Invoking Lambda function URLs", request payload format 2.0.
 */
const SignedCall = z.looseObject({
  body: z.string().max(10_000).optional(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.looseObject({
    http: z.looseObject({ method: z.string() }),
    authorizer: z.looseObject({ iam: z.looseObject({ userArn: z.string() }) }),
  }),
});
const Response = z.strictObject({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
type Response = z.infer<typeof Response>;

interface Services {
  readonly ledger: LedgerTable;
  readonly sfn: SFNClient;
  readonly clock: Clock;
}

const KNOWN_KEYS = Object.keys(Answer.shape);

/** Takes one answer from an identified person and passes it to the waiting rollback. GET never answers anything. */
export async function answerApproval(
  call: z.infer<typeof SignedCall>,
  services: Services,
): Promise<Response> {
  if (call.requestContext.http.method !== "POST") return reply(405, "Answer with POST; nothing was decided.");
  const caller = call.requestContext.authorizer.iam.userArn;
  const answer = Answer.safeParse(jsonOf(call));
  if (!answer.success)
    return reply(
      400,
      `The answer was not understood: ${explain(answer.error, KNOWN_KEYS)}. Nothing was decided.`,
    );
  const approval = await services.ledger.get(approvalKey(answer.data.rollbackId), Approval);
  if (!approval)
    return reply(404, `No approval is waiting for ${answer.data.rollbackId}. Nothing was decided.`);
  const judged = judgeAnswer(approval, answer.data, { caller, now: services.clock() });
  if (!judged.accepted) return reply(403, `Not accepted: ${judged.reason}. Nothing was decided.`);
  try {
    const output = JSON.stringify({ answer: answer.data.answer, by: caller, comment: answer.data.comment });
    await services.sfn.send(new SendTaskSuccessCommand({ taskToken: approval.taskToken, output }));
  } catch (error) {
    if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist)) throw error;
    return reply(409, `${approval.rollbackId} no longer waits for an answer. Nothing was decided.`);
  }
  return reply(
    200,
    `${approval.rollbackId}: ${answer.data.answer === "approve" ? "approved" : "rejected"} by ${caller}.`,
  );
}

function jsonOf({
  body = "",
  isBase64Encoded = false,
}: {
  body?: string | undefined;
  isBase64Encoded?: boolean | undefined;
}): unknown {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body);
  } catch {
    return undefined;
  }
}

const reply = (statusCode: number, sentence: string): Response => ({
  statusCode,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: sentence,
});

export const handler = defineHandler({
  name: "answer-approval",
  input: SignedCall,
  output: Response,
  services: (platform): Services => ({
    ledger: ledgerOf(platform),
    sfn: new SFNClient(CLIENT_OPTIONS),
    clock: platform.clock,
  }),
  async run(call, services, { logger }) {
    const response = await answerApproval(call, services);
    logger.info(LOG_EVENTS.approvalGiven, { status: response.statusCode });
    return response;
  },
});

import { approverRole } from "./approver-role.ts";
import type { Stage } from "./stage.ts";

/**
 * Answers the approval that waits, the way a person does: reads the message, copies rollback and plan out of the
 * command in it, and sends a signed POST to the approval function's URL as their role.
 */
export async function answerQuestion(
  stage: Stage,
  answer: "approve" | "reject",
  role: string,
): Promise<void> {
  const { region, approvalUrl, environment } = stage;
  const question = region.sns.published().findLast((message) => / --plan [0-9a-f]+/.test(message.message));
  const [, rollbackId, planHash] =
    /approve (rb-\S+) .*--plan ([0-9a-f]+)/.exec(question?.message ?? "") ?? [];
  if (!rollbackId || !planHash) throw new Error("Nobody asked for an approval, so the drill cannot answer");
  const url = new URL(approvalUrl);
  const credentials = region.identities.issueCredentials(approverRole(stage, role), "drill");
  const scope = `${credentials.accessKeyId}/${region.kernel.date().toISOString().slice(0, 10).replaceAll("-", "")}`;
  const body = Buffer.from(JSON.stringify({ rollbackId, planHash, answer, comment: "a drill says so" }));
  const reply = await region.endpoint.handle({
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: {
      "content-type": "application/json",
      host: url.host,
      // The region looks up who holds the access key and does not check signatures (docs/fidelity.md).
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}/${environment.region}/lambda/aws4_request, SignedHeaders=host, Signature=drill`,
    },
    body,
    host: url.host,
  });
  const sentence = Buffer.from(reply.body).toString("utf8");
  region.kernel.log.write("drill", "answer", { status: reply.status, sentence });
}

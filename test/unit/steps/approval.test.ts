import { beforeEach, describe, expect, it } from "vitest";
import { Approval } from "../../../lambdas/contracts/approval.ts";
import { approvalKey } from "../../../lambdas/contracts/ledger.ts";
import { answerApproval } from "../../../lambdas/steps/answer-approval.ts";
import { requestApproval } from "../../../lambdas/steps/request-approval.ts";
import { account, senior } from "../domain/make-environment.ts";
import { makePlanned } from "../domain/make-planned.ts";
import { makeWaitingExecution } from "./make-waiting-execution.ts";

const bea = `arn:aws:sts::${account}:assumed-role/Senior/bea`;
const anna = `arn:aws:iam::${account}:user/anna`;
const approvalUrl = "https://abc.lambda-url.eu-west-1.on.aws/";
const planned = makePlanned({
  decision: { action: "ask", group: "senior", sentence: "A person must decide." },
  approvers: [senior],
  requestedBy: anna,
  automatic: false,
  announcement: { subject: "Approval needed for shop (prod)", message: "A person must decide." },
});
const { rollbackId } = planned;

let waiting: Awaited<ReturnType<typeof makeWaitingExecution>>;

beforeEach(async () => {
  waiting = await makeWaitingExecution();
});

const ask = (overrides: Partial<typeof planned> = {}) =>
  waiting.run(() =>
    requestApproval(
      { planned: { ...planned, ...overrides }, ahead: [], taskToken: waiting.taskToken },
      { ...waiting, approvalUrl },
    ),
  );

interface Call {
  readonly caller?: string;
  readonly method?: string;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

function makeAnswer(overrides: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ rollbackId, planHash: planned.plan.hash, answer: "approve", ...overrides });
}

const answer = ({ caller = bea, method = "POST", body = makeAnswer(), isBase64Encoded = false }: Call = {}) =>
  waiting.run(() =>
    answerApproval(
      {
        body,
        isBase64Encoded,
        requestContext: { http: { method }, authorizer: { iam: { userArn: caller } } },
      },
      waiting,
    ),
  );

describe("asking for approval", () => {
  it("tells people what is asked, how to answer and until when, but never the token", async () => {
    expect(await ask()).toEqual({ status: "asked" });
    const told = waiting.told().at(-1);

    expect(told).toMatchObject({
      Subject: "Approval needed for shop (prod)",
      MessageAttributes: { phase: { StringValue: "approval" }, rollbackId: { StringValue: rollbackId } },
    });
    const how = `${rollbackId} --environment prod --plan ${planned.plan.hash} --url ${approvalUrl}`;
    expect(told?.["Message"]).toContain(
      `Approve: npx stepback approve ${how}\nReject:  npx stepback reject ${how}`,
    );
    expect(told?.["Message"]).toMatch(/Without an answer by 2026-11-21T13:00:1\d\.\d{3}Z the answer is no\./);
    expect(JSON.stringify(told)).not.toContain(waiting.taskToken);
  });

  it("keeps what an answer is judged by, and lets it expire from the table a month later", async () => {
    await ask();
    const kept = await waiting.run(() => waiting.ledger.get(approvalKey(rollbackId), Approval));
    const item = await waiting.run(() => waiting.ledger.getItem(approvalKey(rollbackId)));

    expect(kept).toMatchObject({
      planHash: planned.plan.hash,
      group: "senior",
      approvers: [senior],
      requestedBy: anna,
      fourEyes: true,
      taskToken: waiting.taskToken,
    });
    const days = (Number(item?.["expiresAt"]?.N) * 1_000 - Date.parse(kept?.expiresAt ?? "")) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  });
});

describe("an answer", () => {
  it.each([
    ["approve", "approved"],
    ["reject", "rejected"],
  ])("to %s reaches the waiting execution with who gave it", async (word, done) => {
    await ask();
    const body = makeAnswer({ answer: word, comment: "seen it" });

    expect(await answer({ body })).toMatchObject({
      statusCode: 200,
      body: `${rollbackId}: ${done} by ${bea}.`,
    });
    const { status, output } = await waiting.outcome();
    expect(status).toBe("SUCCEEDED");
    expect(JSON.parse(String(output))).toEqual({ answer: word, by: bea, comment: "seen it" });
  });

  it("may come in base64, as function URLs deliver some bodies", async () => {
    await ask();
    const body = Buffer.from(makeAnswer()).toString("base64");

    expect(await answer({ body, isBase64Encoded: true })).toMatchObject({ statusCode: 200 });
  });

  it("counts once: the second one comes too late", async () => {
    await ask();
    await answer();

    expect(await answer({ body: makeAnswer({ answer: "reject" }) })).toMatchObject({
      statusCode: 409,
      body: `${rollbackId} no longer waits for an answer. Nothing was decided.`,
    });
    expect(waiting.answers().filter(({ output }) => String(output).includes("approve"))).toHaveLength(1);
  });

  it("comes too late when the execution was stopped", async () => {
    await ask();
    await waiting.states.call("StopExecution", { executionArn: waiting.executionArn });

    expect((await answer()).statusCode).toBe(409);
  });

  it.each<[string, Call, number, string]>([
    [
      "by GET, which a mail scanner follows",
      { method: "GET" },
      405,
      "Answer with POST; nothing was decided.",
    ],
    ["by HEAD", { method: "HEAD" }, 405, "Answer with POST; nothing was decided."],
    ["that is no JSON", { body: "yes" }, 400, "The answer was not understood: the input: Invalid input"],
    ["without a body", { body: "" }, 400, "The answer was not understood: the input: Invalid input"],
    [
      "in another word",
      { body: makeAnswer({ answer: "yes" }) },
      400,
      'The answer was not understood: "answer": Invalid option: expected one of "approve"|"reject". Nothing was decided.',
    ],
    [
      "with a misspelt key",
      { body: makeAnswer({ coment: "x" }) },
      400,
      'The answer was not understood: unknown key "coment" (did you mean "comment"?). Nothing was decided.',
    ],
    [
      "to another rollback",
      { body: makeAnswer({ rollbackId: "rb-9" }) },
      404,
      "No approval is waiting for rb-9. Nothing was decided.",
    ],
    [
      "to another plan",
      { body: makeAnswer({ planHash: "abc" }) },
      403,
      "Not accepted: the plan you looked at is not the plan that is waiting; look at it again. Nothing was decided.",
    ],
    [
      "of somebody else",
      { caller: `arn:aws:sts::${account}:assumed-role/Junior/carl` },
      403,
      `Not accepted: arn:aws:sts::${account}:assumed-role/Junior/carl is not among the approvers of group senior. Nothing was decided.`,
    ],
  ])("%s decides nothing", async (_, call, statusCode, sentence) => {
    await ask();
    const response = await answer(call);

    expect(response.statusCode).toBe(statusCode);
    expect(response.body).toContain(sentence);
    expect(response.headers["content-type"]).toContain("text/plain");
    expect(waiting.answers()).toEqual([]);
    expect((await waiting.outcome()).status).toBe("RUNNING");
  });

  it("after the time is over decides nothing", async () => {
    await ask();
    await waiting.kernel.runUntil(waiting.kernel.now + 3_601_000);

    expect(await answer()).toMatchObject({
      statusCode: 403,
      body: expect.stringContaining("the question expired at"),
    });
  });

  it("of whoever asked decides nothing", async () => {
    await ask({ approvers: [anna] });

    expect(await answer({ caller: anna })).toMatchObject({
      statusCode: 403,
      body: expect.stringContaining("a second person must"),
    });
  });
});

import { DescribeExecutionCommand, RedriveExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { beforeEach, describe, expect, it } from "vitest";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { lambdaAnswer, lambdaFailure, lambdaTask, TestRegion } from "../states-language/machine-run.ts";
import { makeRequest } from "../wire/make-endpoint.ts";
import { plainSettings } from "../wire/sdk-clients.ts";

const hours = 3_600_000;
const days = 24 * hours;

let region: TestRegion;
let executionArn: string;

/** One task that fails until it was called three times: the original attempt and the first two redrives. */
beforeEach(async () => {
  region = new TestRegion({
    answers: {
      "lambda:Invoke": (_, earlier) => (earlier < 3 ? lambdaFailure("NotYet", "") : lambdaAnswer(1)),
    },
  });
  executionArn = (await region.run({ StartAt: "Do", States: { Do: lambdaTask("do") } })).arn;
});

const redrive = (clientToken?: string, arn = executionArn) =>
  region.call<{ readonly redriveDate: Date }>("RedriveExecution", { executionArn: arn, clientToken });
const describeIt = () => region.call<Record<string, unknown>>("DescribeExecution", { executionArn });
const later = (milliseconds: number) => region.kernel.runUntil(region.kernel.now + milliseconds);
const refusal = (reason: string) => ({
  code: "ExecutionNotRedrivable",
  message: `Execution ${executionArn} invalid for redrive as: ${reason}`,
});

describe("RedriveExecution", () => {
  it("answers a client token as it did the first time, whatever became of the execution, for 15 minutes", async () => {
    const first = await redrive("a");
    await expect(redrive("b")).rejects.toMatchObject(refusal("Execution is RUNNING and cannot be redriven"));
    await region.finish(executionArn);

    expect(await redrive("a")).toEqual(first);
    expect(await describeIt()).toMatchObject({ status: "FAILED", redriveCount: 1 });
    const second = await redrive("b");
    await region.finish(executionArn);
    await later(15 * 60_000 - (region.kernel.now - second.redriveDate.getTime()) + 1);
    expect((await redrive("b")).redriveDate.getTime()).toBeGreaterThan(second.redriveDate.getTime());
    expect(await describeIt()).toMatchObject({ redriveCount: 3 });
  });

  it("is refused for what runs or succeeded, and describes so", async () => {
    for (const _ of [1, 2, 3]) {
      await redrive();
      await region.finish(executionArn);
    }

    const reason = "Execution is SUCCEEDED and cannot be redriven";
    await expect(redrive()).rejects.toMatchObject(refusal(reason));
    expect(await describeIt()).toMatchObject({
      status: "SUCCEEDED",
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: reason,
    });
  });

  it.each([
    ["redrivable for 14 days after its end", 14 * days, "Execution redrivable period exceeded"],
    ["redrivable for a year after its start", 365 * days, "Execution has exceeded the max execution time"],
  ])("finds an execution %s, and not a moment longer", async (_, milliseconds, reason) => {
    if (milliseconds > 30 * days) await keepRedrivable(milliseconds);
    const { startDate, stopDate } = region.states.executions.get(executionArn);
    const from = milliseconds > 30 * days ? startDate : (stopDate ?? startDate);
    await region.kernel.runUntil(from.getTime() + milliseconds);
    expect(await describeIt()).toMatchObject({ redriveStatus: "REDRIVABLE" });

    await later(1);

    expect(await describeIt()).toMatchObject({
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: reason,
    });
    await expect(redrive()).rejects.toMatchObject(refusal(reason));
  });

  it.each([
    ["an unknown execution", () => `${executionArn}x`, "ExecutionDoesNotExist"],
    ["an Express execution", () => executionArn.replace(":execution:", ":express:"), "InvalidArn"],
    ["what is no ARN", () => "do", "InvalidArn"],
  ])("is refused for %s", async (_, arn, code) => {
    await expect(redrive(undefined, arn())).rejects.toMatchObject({ code });
  });

  it("is announced and counted: as a redrive, not as a start, and its end as both kinds of end", async () => {
    region.events.length = 0;
    region.metrics.length = 0;

    await redrive();
    await region.finish(executionArn);

    expect(region.events.map(({ detail }) => [detail["status"], detail["redriveCount"]])).toEqual([
      ["RUNNING", 1],
      ["FAILED", 1],
    ]);
    expect(region.metrics.map(({ metricName }) => metricName)).toEqual([
      "ExecutionsRedriven",
      "ExecutionsFailed",
      "RedrivenExecutionsFailed",
    ]);
    expect(region.states.executions.transitionsOf(executionArn)).toBe(2);
  });

  it("cannot be listed by: the filter is for Map Runs", async () => {
    const stateMachineArn = executionArn.replace(":execution:", ":stateMachine:").replace(/:[^:]+$/, "");
    const listed = region.call("ListExecutions", { stateMachineArn, redriveFilter: "REDRIVEN" });

    await expect(listed).rejects.toMatchObject({ code: "ValidationException" });
  });
});

describe("RedriveExecution over the wire", () => {
  function makeEndpoint() {
    const { kernel } = region;
    const where = { kernel, account: "111122223333", region: "eu-west-1" };
    const identities = new Identities(where);
    const endpoint = new Endpoint({
      ...where,
      identities,
      faults: new FaultPlan(kernel),
      latency: { fromMs: 0, toMs: 0 },
    });
    endpoint.add(region.states.model);
    return { endpoint, client: new SFNClient(plainSettings(new InProcessHandler(endpoint))) };
  }

  it("is what the SDK sends and reads", async () => {
    const { client } = makeEndpoint();
    const send = <T>(work: () => Promise<T>) => region.kernel.complete(region.kernel.activity("test", work));

    const { redriveDate } = await send(() => client.send(new RedriveExecutionCommand({ executionArn })));
    const described = await send(() => client.send(new DescribeExecutionCommand({ executionArn })));

    expect(redriveDate).toBeInstanceOf(Date);
    expect(described).toMatchObject({ redriveCount: 1, redriveDate });
  });

  it("is the JSON 1.0 that `aws stepfunctions redrive-execution` sends, and a refusal names its error", async () => {
    const { endpoint } = makeEndpoint();
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "AWSStepFunctions.RedriveExecution",
    };
    const request = () => makeRequest({ service: "states", headers, body: JSON.stringify({ executionArn }) });

    const accepted = await region.kernel.complete(endpoint.handle(request()));
    const refused = await region.kernel.complete(endpoint.handle(request()));

    const bodyOf = ({ body }: { readonly body: Uint8Array }) =>
      JSON.parse(Buffer.from(body).toString("utf8"));
    expect([accepted.status, bodyOf(accepted)]).toEqual([200, { redriveDate: expect.any(Number) }]);
    expect(refused.status).toBe(400);
    expect(bodyOf(refused)).toMatchObject({ __type: expect.stringContaining("ExecutionNotRedrivable") });
  });
});

/** Redrives a failing execution every 13 days, so that only the year is left to end it. */
async function keepRedrivable(until: number): Promise<void> {
  const { startDate } = region.states.executions.get(executionArn);
  region = await longFailing();
  while (region.kernel.now + 13 * days < startDate.getTime() + until) {
    await later(13 * days);
    await redrive();
    await region.finish(executionArn);
  }
}

async function longFailing(): Promise<TestRegion> {
  const broken = new TestRegion({ answers: { "lambda:Invoke": () => lambdaFailure("Broken", "") } });
  executionArn = (await broken.run({ StartAt: "Do", States: { Do: lambdaTask("do") } })).arn;
  return broken;
}

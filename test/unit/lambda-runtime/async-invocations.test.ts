import { beforeAll, describe, expect, it } from "vitest";
import { type Sqs, sqsService } from "../../../lib/region/services/sqs/sqs-service.ts";
import { bundleHandler } from "./bundle-handler.ts";
import { makeRegion, totalOf } from "./make-region.ts";

let directory = "";
beforeAll(async () => {
  directory = await bundleHandler(
    `export const handler = async ({ fail }) => { if (fail) throw new Error("as asked"); };`,
  );
});

describe("an asynchronous invocation", () => {
  it("runs a failing event three times, after one and two minutes, and counts every failure", async () => {
    const bench = await makeRegion({ directory });
    const { kernel } = bench;

    const accepted = await bench.invoke({ InvocationType: "Event", Payload: JSON.stringify({ fail: true }) });
    await kernel.runUntil(kernel.now + 3_600_000);

    expect(accepted).toEqual({ StatusCode: 202 });
    const starts = kernel.log.entries.filter(({ event }) => event === "function started").map(({ at }) => at);
    const waits = starts.slice(1).map((at, index) => Math.round((at - (starts[index] ?? 0)) / 1_000));
    expect(waits).toEqual([60, 120]);
    expect([totalOf(bench, "Invocations"), totalOf(bench, "Errors")]).toEqual([3, 3]);
    expect(kernel.log.lines().at(-1)).toContain("RetriesExhausted");
  });

  it("sends a failed event to the dead-letter queue, as the execution role and after fewer retries if configured", async () => {
    const queueArn = { "Fn::GetAtt": ["Dead", "Arn"] };
    let sqs: Sqs | undefined;
    const bench = await makeRegion({
      directory,
      statements: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }],
      properties: { DeadLetterConfig: { TargetArn: queueArn } },
      resources: {
        Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead" } },
        Once: {
          Type: "AWS::Lambda::EventInvokeConfig",
          Properties: { FunctionName: { Ref: "Function" }, Qualifier: "$LATEST", MaximumRetryAttempts: 0 },
        },
      },
      services: (context) => {
        sqs = sqsService(context);
        return [sqs.model];
      },
    });
    const event = JSON.stringify({ fail: true });

    await bench.invoke({ InvocationType: "Event", Payload: event });
    await bench.kernel.runUntil(bench.kernel.now + 10_000);

    expect(sqs?.messages("dead").map(({ body }) => body)).toEqual([event]);
    expect(totalOf(bench, "Errors")).toBe(1);
  });

  it("keeps an event that is throttled until it can run", async () => {
    const bench = await makeRegion({ directory, properties: { ReservedConcurrentExecutions: 0 } });

    await bench.invoke({ InvocationType: "Event" });
    await bench.kernel.runUntil(bench.kernel.now + 3_600_000);

    // 1, 2, 4 … 256 seconds, then every five minutes for the rest of the hour.
    expect(totalOf(bench, "Throttles")).toBeGreaterThan(15);
    expect(totalOf(bench, "Invocations")).toBe(0);
    await bench.kernel.runUntil(bench.kernel.now + 6 * 3_600_000);
    expect(bench.kernel.log.lines().at(-1)).toContain("EventAgeExceeded");
  });
});

import { describe, expect, it } from "vitest";
import { AwsError } from "../../../lib/region/service-model.ts";
import {
  DELIVERY_LATENCY_MS,
  RETRY_BACKOFF_MS,
} from "../../../lib/region/services/eventbridge/deliveries.ts";
import { eventBridgeService } from "../../../lib/region/services/eventbridge/eventbridge-service.ts";
import { createResource, invoke, makeRegion, START } from "./make-region.ts";

const RULE_ARN = "arn:aws:events:eu-central-1:111122223333:rule/alarms";
const MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:rollback";
const ROLE = "arn:aws:iam::111122223333:role/start-rollback";
const DLQ = "arn:aws:sqs:eu-central-1:111122223333:undelivered";

describe("delivery to a state machine", () => {
  it("starts an execution as the target's role within the bus's latency", async () => {
    const { region, bridge } = await makeBus();

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 1_000);

    const [call, ...more] = region.callsTo("states:StartExecution");
    expect(more).toEqual([]);
    expect(call?.principal).toEqual({ type: "role", arn: ROLE, session: "Events_alarms" });
    expect(call?.input["stateMachineArn"]).toBe(MACHINE);
    expect(JSON.parse(String(call?.input["input"]))).toMatchObject({
      version: "0",
      time: "2026-11-21T10:00:00Z",
      account: "111122223333",
      source: "aws.cloudwatch",
      detail: { state: "ALARM" },
    });
    expect(call?.at).toBeGreaterThanOrEqual(START + DELIVERY_LATENCY_MS.from);
    expect(call?.at).toBeLessThan(START + DELIVERY_LATENCY_MS.to);
    expect([region.countOf("Invocations"), region.countOf("FailedInvocations")]).toEqual([1, 0]);
    expect(region.kernel.log.entries.map(({ event }) => event)).toEqual(["event matched", "target invoked"]);
  });

  it("backs off between retries, twice as long each time and at most the cap", async () => {
    const { region, bridge } = await makeBus({ RetryPolicy: { MaximumRetryAttempts: 14 } });
    region.refuse("states:StartExecution", () => new AwsError("ServiceUnavailable", "later", 503));

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 86_400_000);

    const at = region.callsTo("states:StartExecution").map((call) => call.at);
    expect(at).toHaveLength(15);
    for (const [retry, moment] of at.slice(1).entries()) {
      const whole = Math.min(RETRY_BACKOFF_MS.base * 2 ** retry, RETRY_BACKOFF_MS.cap);
      const waited = moment - (at[retry] ?? 0);
      expect(waited).toBeGreaterThanOrEqual(whole / 2);
      expect(waited).toBeLessThanOrEqual(whole);
    }
  });

  it("sends what ran out of attempts to the dead-letter queue, saying so", async () => {
    const { region, bridge } = await makeBus({ RetryPolicy: { MaximumRetryAttempts: 2 } });
    region.refuse("states:StartExecution", () => new AwsError("ThrottlingException", "Rate exceeded"));

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 60_000);

    const [letter] = region.callsTo("sqs:SendMessage");
    expect(letter?.principal).toEqual({ type: "service", arn: "events.amazonaws.com", sourceArn: RULE_ARN });
    expect(letter?.input["QueueUrl"]).toBe("https://sqs.eu-central-1.amazonaws.com/111122223333/undelivered");
    expect(attributesOf(letter?.input)).toEqual({
      RULE_ARN,
      TARGET_ARN: MACHINE,
      ERROR_CODE: "THROTTLING",
      ERROR_MESSAGE: "Rate exceeded",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "2",
    });
    expect([region.countOf("FailedInvocations"), region.countOf("InvocationsSentToDlq")]).toEqual([1, 1]);
    expect([region.countOf("InvocationAttempts"), region.countOf("RetryInvocationAttempts")]).toEqual([3, 2]);
  });

  it("gives up at the event's maximum age, not later", async () => {
    const { region, bridge } = await makeBus({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
    region.refuse("states:StartExecution", () => new AwsError("InternalServerException", "oops", 500));

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 600_000);

    const [letter, ...more] = region.callsTo("sqs:SendMessage");
    expect(more).toEqual([]);
    expect(letter?.at).toBe(START + 60_000);
    expect(attributesOf(letter?.input)).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
    });
  });

  it("does not retry when the role may not start the machine", async () => {
    const { region, bridge } = await makeBus();
    region.refuse(
      "states:StartExecution",
      () => new AwsError("AccessDeniedException", "not authorized", 403),
    );

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 86_400_000);

    expect(region.callsTo("states:StartExecution")).toHaveLength(1);
    const [letter] = region.callsTo("sqs:SendMessage");
    expect(attributesOf(letter?.input)).toEqual({
      RULE_ARN,
      TARGET_ARN: MACHINE,
      ERROR_CODE: "NO_PERMISSIONS",
      ERROR_MESSAGE: "not authorized",
      RETRY_ATTEMPTS: "0",
    });
  });

  it("counts an event that not even the dead-letter queue takes", async () => {
    const { region, bridge } = await makeBus();
    region.refuse("states:StartExecution", () => new AwsError("StateMachineDoesNotExist", "gone"));
    region.refuse("sqs:SendMessage", () => new AwsError("AccessDenied", "no", 403));

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 60_000);

    expect([
      region.countOf("InvocationsFailedToBeSentToDlq"),
      region.countOf("InvocationsSentToDlq"),
    ]).toEqual([1, 0]);
  });

  it("delivers an event late when the target comes back", async () => {
    const { region, bridge } = await makeBus();
    const comesBack = START + 30_000;
    region.refuse("states:StartExecution", () =>
      region.kernel.now < comesBack ? new AwsError("ServiceUnavailable", "later", 503) : undefined,
    );

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 600_000);

    expect(region.callsTo("states:StartExecution").filter((call) => call.at >= comesBack)).toHaveLength(1);
    expect([region.countOf("Invocations"), region.countOf("FailedInvocations")]).toEqual([1, 0]);
  });
});

describe("at-least-once delivery", () => {
  it("makes the next deliveries twice, with the same event id, when a drill asks for it", async () => {
    const { region, bridge } = await makeBus();

    bridge.faults.duplicateNext(1);
    bridge.emit(EVENT);
    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 1_000);

    const ids = region
      .callsTo("states:StartExecution")
      .map(({ input }) => JSON.parse(String(input["input"])).id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(2);
  });

  it("duplicates always when the probability is one", async () => {
    const { region, bridge } = await makeBus();
    bridge.faults.duplicateProbability = 1;

    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 1_000);

    expect(region.callsTo("states:StartExecution")).toHaveLength(2);
  });

  it("delays only the next delivery", async () => {
    const { region, bridge } = await makeBus();

    bridge.faults.delayNext(90_000);
    bridge.emit(EVENT);
    bridge.emit(EVENT);
    await region.kernel.runUntil(START + 80_000);
    const early = region.callsTo("states:StartExecution").length;
    await region.kernel.runUntil(START + 100_000);

    expect([early, region.callsTo("states:StartExecution").length]).toEqual([1, 2]);
  });

  it("gives the same deliveries at the same moments for the same seed", async () => {
    const [first, second, other] = await Promise.all([run(7), run(7), run(8)]);

    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
  });
});

const EVENT = {
  source: "aws.cloudwatch",
  detailType: "CloudWatch Alarm State Change",
  resources: [],
  detail: { state: "ALARM" },
};

async function run(seed: number): Promise<string[]> {
  const { region, bridge } = await makeBus({}, seed);
  region.refuse("states:StartExecution", () => new AwsError("ServiceUnavailable", "later", 503));
  bridge.emit(EVENT);
  await region.kernel.runUntil(START + 600_000);
  return region.kernel.log.lines();
}

/** A bus with one rule whose machine target has a dead-letter queue. */
async function makeBus(target: object = {}, seed = 1) {
  const region = makeRegion({ seed });
  const bridge = eventBridgeService(region.context);
  await createResource(bridge.model, "AWS::Events::Rule", {
    Name: "alarms",
    EventPattern: { source: ["aws.cloudwatch"] },
    Targets: [{ Id: "Target0", Arn: MACHINE, RoleArn: ROLE, DeadLetterConfig: { Arn: DLQ }, ...target }],
  });
  expect(await invoke(bridge.model, "ListTargetsByRule", { Rule: "alarms" })).toHaveProperty(
    "Targets.length",
    1,
  );
  return { region, bridge };
}

function attributesOf(input: Record<string, unknown> | undefined): Record<string, string> {
  const attributes: Record<string, { StringValue: string }> = Object(input?.["MessageAttributes"]);
  return Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));
}

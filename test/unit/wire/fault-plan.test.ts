import * as sns from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import type { Call } from "../../../lib/region/service-model.ts";
import type { FaultEffect, FaultRule } from "../../../lib/region/wire/fault-plan.ts";
import { account, makeEndpoint, start } from "./make-endpoint.ts";
import { toyTopics } from "./toy-topics.ts";

const publish = new sns.PublishCommand({
  TopicArn: `arn:aws:sns:eu-west-1:${account}:known`,
  Message: "hello",
});

function makeFaulty(rule: FaultRule) {
  const { service, published } = toyTopics();
  const region = makeEndpoint([service]);
  region.faults.add(rule);
  return { ...region, published, client: new sns.SNSClient(region.settings) };
}

function makeCall(overrides: Partial<Call> = {}): Call {
  const principal = {
    arn: `arn:aws:iam::${account}:role/stepback-planner`,
    type: "role",
    session: "plan",
  } as const;
  return { service: "ecs", operation: "UpdateService", requestId: "r", principal, ...overrides };
}

describe("an injected fault", () => {
  it.each<[FaultEffect, object]>([
    ["throttle", { name: "Throttling", message: "Rate exceeded", $metadata: { httpStatusCode: 400 } }],
    ["server-error", { name: "InternalErrorException", $metadata: { httpStatusCode: 500 } }],
    ["access-denied", { name: "AuthorizationErrorException", $metadata: { httpStatusCode: 403 } }],
    ["refused", { name: "ConnectionLost", code: "ECONNRESET", handled: false }],
  ])("of kind %s fails the call before the model runs", async (effect, error) => {
    const { client, published } = makeFaulty({ service: "sns", effect });

    await expect(client.send(publish)).rejects.toMatchObject(error);
    expect(published).toEqual([]);
  });

  it("of kind lost-reply lets the model run and hides the outcome from the caller only", async () => {
    const { client, published, endpoint } = makeFaulty({ operation: "Publish", effect: "lost-reply" });

    await expect(client.send(publish)).rejects.toMatchObject({ code: "ECONNRESET", handled: true });
    expect(published).toEqual(["hello"]);
    expect(endpoint.calls).toMatchObject([{ outcome: "ok", replyLost: true }]);
  });

  it("of kind kills-caller lets the model run and says that the caller is gone", async () => {
    const { client, published } = makeFaulty({ operation: "Publish", effect: "kills-caller" });

    await expect(client.send(publish)).rejects.toMatchObject({ handled: true, killsCaller: true });
    expect(published).toEqual(["hello"]);
  });

  it("of kind delay lets virtual time pass before the model runs", async () => {
    const { client, endpoint, kernel, published } = makeFaulty({ effect: { delayMs: 3_000 } });

    const sent = kernel.activity("publish", () => client.send(publish));
    await kernel.runUntil(start + 2_999);
    const before = [...published];
    await kernel.complete(sent);

    expect(before).toEqual([]);
    expect(published).toEqual(["hello"]);
    expect(endpoint.calls).toHaveLength(1);
  });

  it("skips the first matches, strikes a limited number of times and is logged", async () => {
    const { faults, kernel } = makeFaulty({ service: "ecs", skip: 1, times: 2, effect: "throttle" });

    const strikes = [1, 2, 3, 4].map(() => faults.strike(makeCall()).failure);

    expect(strikes).toEqual([undefined, "throttle", "throttle", undefined]);
    expect(kernel.log.entries.filter(({ source }) => source === "fault")).toHaveLength(2);
  });

  it("strikes only the callers, operations and moments that its rule names", async () => {
    const rule = {
      principalIncludes: "planner",
      operation: "UpdateService",
      from: start,
      until: start + 10,
    } as const;
    const { faults, kernel } = makeFaulty({ ...rule, effect: "refused" });
    const stranger = { arn: `arn:aws:iam::${account}:role/other`, type: "role" } as const;

    const struck = [makeCall(), makeCall({ principal: stranger }), makeCall({ operation: "ListServices" })];
    const during = struck.map((call) => faults.strike(call).failure);
    await kernel.runUntil(start + 10);

    expect(during).toEqual(["refused", undefined, undefined]);
    expect(faults.strike(makeCall()).failure).toBeUndefined();
  });

  it("strikes by chance, the same way for the same seed, and never after clear()", () => {
    const rolls = [1, 2].map(() => {
      const { faults } = makeFaulty({ probability: 0.5, effect: "throttle" });
      const struck = Array.from({ length: 200 }, () => faults.strike(makeCall()).failure === "throttle");
      faults.clear();
      return { struck, after: faults.strike(makeCall()).failure };
    });

    const hits = rolls[0]?.struck.filter(Boolean).length ?? 0;
    expect(rolls[0]).toEqual(rolls[1]);
    expect(hits).toBeGreaterThan(70);
    expect(hits).toBeLessThan(130);
    expect(rolls[0]?.after).toBeUndefined();
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { makeMove } from "../domain/make-move.ts";
import { makePlanned } from "../domain/make-planned.ts";
import { type CleanUpStage, ended, executionArn, makeCleanUp, planned } from "./make-clean-up.ts";

let stage: CleanUpStage;

beforeEach(async () => {
  stage = await makeCleanUp();
});

describe("an execution that succeeded", () => {
  it("has its lock given back when it could not do that itself, and nobody is told again", async () => {
    await stage.hold();

    expect(await stage.clean(ended("SUCCEEDED"))).toEqual({
      finished: true,
      released: true,
      tidied: [],
      told: false,
    });
    expect(await stage.holder()).toBeUndefined();
    expect(stage.messages()).toEqual([]);
  });

  it("leaves everything alone when it gave its lock back", async () => {
    await stage.hold("arn:aws:states:eu-west-1:111122223333:execution:stepback-prod-rollback:run-2");

    expect(await stage.clean(ended("SUCCEEDED"))).toEqual({
      finished: true,
      released: false,
      tidied: [],
      told: false,
    });
    expect(await stage.holder()).toMatchObject({ owner: planned.rollbackId });
  });
});

describe("an execution that died with its lock", () => {
  it("has its components tidied twice under a fence of the clean-up's own, its lock released, and people told once", async () => {
    await stage.hold();
    await stage.evidence();

    expect(await stage.clean(ended("ABORTED"))).toEqual({
      finished: true,
      released: true,
      tidied: ["api: alarms are on again.", "web: alarms are on again."],
      told: true,
    });
    const once = planned.plan.moves.map((move) => ({
      rollbackId: planned.rollbackId,
      lock: "lock",
      fence: 5,
      redrives: 0,
      move,
      verbs: ["tidy"],
      once: true,
    }));
    expect(stage.asked).toEqual([...once, ...once]);
    expect(await stage.holder()).toBeUndefined();
    expect(stage.messages()).toHaveLength(1);
    expect(stage.messages()[0]).toMatchObject({
      TopicArn: stage.region.topic,
      Subject: "Look now: a rollback of prod ended ABORTED",
      Message: expect.stringContaining("- web: alarms are on again."),
      MessageAttributes: {
        phase: { DataType: "String", StringValue: "failure" },
        rollbackId: { DataType: "String", StringValue: planned.rollbackId },
      },
    });
  });

  it("is cleaned up though its lease ran out long ago", async () => {
    await stage.hold(executionArn, new Date("2026-11-20T00:00:00Z"));

    expect(await stage.clean(ended("TIMED_OUT"))).toMatchObject({ released: true, told: true });
  });

  it.each([
    ["is missing", undefined],
    ["is no plan", "{}"],
    ["is no JSON", '{"rollbackId":'],
    ["is empty", ""],
  ])("gives its lock back and people are told when its evidence %s", async (_, body) => {
    await stage.hold();
    if (body !== undefined) await stage.evidence(body);

    expect(await stage.clean(ended("ABORTED"))).toEqual({
      finished: true,
      released: true,
      tidied: [expect.stringMatching(/^The plan could not be read \(\w+\)/)],
      told: true,
    });
    expect(await stage.holder()).toBeUndefined();
    expect(stage.messages()[0]?.["Message"]).toContain("look at every component");
  });

  it("tells what the second look knows better: a late call of a function that outlived it", async () => {
    await stage.hold();
    await stage.evidence();
    const result = await stage.clean(ended("ABORTED"), async (request) => {
      const late = stage.asked.length >= 2 && request.move.component === "web";
      const tick = await stage.answer(request);
      if (!late) return tick;
      return { ...tick, status: "failed", code: "STUCK", note: "is at 0 tasks.", touched: true };
    });

    expect(result.tidied).toEqual(["api: alarms are on again.", "web: is at 0 tasks."]);
  });

  it("is tidied under a still higher number when the reply about the first one was lost", async () => {
    await stage.hold();
    await stage.evidence();
    const lost = { service: "dynamodb", operation: "UpdateItem", effect: "lost-reply", times: 1 } as const;
    stage.region.region.faults.add(lost);

    await expect(stage.clean(ended("ABORTED"))).rejects.toMatchObject({ name: "ConnectionLost" });
    expect(stage.asked).toEqual([]);
    // Lambda calls again.
    expect(await stage.clean(ended("ABORTED"))).toMatchObject({ released: true });
    expect(new Set(stage.asked.map(({ fence }) => fence))).toEqual(new Set([6]));
    expect(await stage.holder()).toBeUndefined();
  });

  it("waits for better times while S3 does not answer: Lambda calls again", async () => {
    await stage.hold();
    stage.region.region.faults.add({ service: "s3", operation: "GetObject", effect: "throttle" });

    await expect(stage.clean(ended("ABORTED"))).rejects.toMatchObject({ name: "SlowDown" });
    expect(await stage.holder()).toBeDefined();
    expect(stage.messages()).toEqual([]);
  });

  it("has the other components tidied when one cannot be", async () => {
    await stage.hold();
    await stage.evidence();
    const result = await stage.clean(ended("ABORTED"), async (request) => {
      if (request.move.component === "api") throw new Error("broken");
      return stage.answer(request);
    });

    expect(result).toEqual({
      finished: true,
      released: true,
      tidied: ["api: could not be tidied, look at it. Error: broken", "web: alarms are on again."],
      told: true,
    });
  });

  it("is told about, though it told its outcome itself: it did not give its lock back", async () => {
    await stage.hold();

    expect(await stage.clean(ended("FAILED", "RolledBackNotRecovered"))).toMatchObject({
      released: true,
      told: true,
    });
  });
});

describe("what people are told to do", () => {
  const redrive = `aws stepfunctions redrive-execution --execution-arn ${executionArn}`;

  it("is to redrive it, and when rather to start a new one, once its lock was given back", async () => {
    await stage.hold();
    await stage.evidence();

    await stage.clean(ended("TIMED_OUT"));

    expect(stage.messages()[0]?.["Message"]).toContain(redrive);
    expect(stage.messages()[0]?.["Message"]).toMatch(
      /somebody has deployed or repaired something meanwhile.*start it again/,
    );
  });

  it("is to start a new one when data was to move: its writers run again, its copy is gone", async () => {
    await stage.hold();
    const moves = [makeMove({ component: "database", tier: "data", prepareSeconds: 900 })];
    await stage.evidence(makePlanned({ moves }));

    await stage.clean(ended("ABORTED"));

    expect(stage.messages()[0]?.["Message"]).not.toContain("redrive");
    expect(stage.messages()[0]?.["Message"]).toContain("start it again");
  });

  it("is to start a new one when there is nothing that it could resume under", async () => {
    await stage.clean(ended("FAILED", "States.Runtime"));

    expect(stage.messages()[0]?.["Message"]).not.toContain("redrive");
    expect(stage.messages()[0]?.["Message"]).toContain("start it again");
  });
});

describe("an execution without the lock", () => {
  it.each(["Refused", "Rejected", "PartlyRolledBack", "Failed", "RolledBackNotRecovered"])(
    "that ended %s in the ordinary way is left in silence",
    async (outcome) => {
      expect(await stage.clean(ended("FAILED", outcome))).toEqual({
        finished: true,
        released: false,
        tidied: [],
        told: false,
      });
      expect(stage.messages()).toEqual([]);
    },
  );

  it("that broke is told about, and somebody else's lock is not touched", async () => {
    await stage.hold("arn:another:execution");

    expect(await stage.clean(ended("FAILED", "States.Runtime"))).toEqual({
      finished: true,
      released: false,
      tidied: [],
      told: true,
    });
    expect(await stage.holder()).toMatchObject({
      owner: planned.rollbackId,
      execution: "arn:another:execution",
    });
    expect(stage.asked).toEqual([]);
    expect(stage.messages()[0]?.["Message"]).toContain("It held no lock.");
  });
});

describe("a lock that somebody takes over meanwhile", () => {
  it("stays theirs, and nobody is told that it was released", async () => {
    await stage.hold();
    await stage.evidence();
    // Another rollback takes the expired lock while the components are being tidied.
    const result = stage.clean(ended("ABORTED"), async (request) => {
      if (stage.asked.length === 0) await takeOver();
      return stage.answer(request);
    });

    expect(await result).toMatchObject({ released: false, told: true });
    expect(await stage.holder()).toMatchObject({ owner: "rb-other" });
    expect(stage.messages()[0]?.["Message"]).not.toContain("lock was released");
  });

  async function takeOver(): Promise<void> {
    await stage.region.region.operate("dynamodb", "UpdateItem", {
      TableName: "ledger",
      Key: stage.region.ledger.keyOf("lock"),
      UpdateExpression: "SET #owner = :owner",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":owner": { S: "rb-other" } },
    });
  }
});

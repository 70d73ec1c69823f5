import { PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import {
  JournalEntry,
  journalPrefix,
  RollbackRecord,
  rollbackKey,
} from "../../../lambdas/contracts/ledger.ts";
import type { Tick, TickRequest } from "../../../lambdas/contracts/tick.ts";
import { planOf } from "../../../lambdas/domain/planning/plan-of.ts";
import { currentLock } from "../../../lambdas/platform/ledger/lock.ts";
import { cleanUp } from "../../../lambdas/steps/clean-up.ts";
import { makeRelations } from "../../support/make-relations.ts";
import { makeMove } from "../domain/make-move.ts";
import { done, makePlanned } from "../domain/make-planned.ts";
import { makeStepRegion, type StepRegion } from "./make-step-region.ts";

const executionArn = "arn:aws:states:eu-west-1:111122223333:execution:stepback-prod-rollback:run-1";
const planned = makePlanned();
const ended = (status: "ABORTED" | "TIMED_OUT" | "FAILED" | "SUCCEEDED", error?: string) => ({
  detail: {
    ...{ executionArn, name: "run-1", status, startDate: Date.parse("2026-11-21T01:00:00Z") },
    ...(error === undefined ? {} : { error }),
  },
});

let region: StepRegion;
let asked: TickRequest[];

beforeEach(async () => {
  region = await makeStepRegion();
  asked = [];
});

async function answer(request: TickRequest): Promise<Tick> {
  asked.push(request);
  return { ...done(request.move.component), verb: "tidy", note: "alarms are on again." };
}

const clean = (
  event: ReturnType<typeof ended>,
  invokeMover: (request: TickRequest) => Promise<Tick> = answer,
  looks = 0,
) =>
  region.run(() =>
    cleanUp(
      { event, looks },
      {
        ...region,
        sleep: async () => {},
        remainingMillis: () => 300_000,
        invokeMover: (_kind, request) => invokeMover(request),
      },
    ),
  );
const hold = (execution = executionArn, leaseUntil?: Date) =>
  region.holdLock(planned.rollbackId, execution, leaseUntil);
const evidence = (Body: string) =>
  region.run(() =>
    region.s3.send(
      new PutObjectCommand({ Bucket: region.bucket, Key: `prod/${planned.rollbackId}/plan.json`, Body }),
    ),
  );
const holder = () => region.run(() => currentLock(region.ledger, "lock", new Date(0)));
const messages = () => region.inputsOf("Publish");

describe("an execution that succeeded", () => {
  it("has its lock given back when it could not do that itself, and nobody is told again", async () => {
    await hold();

    expect(await clean(ended("SUCCEEDED"))).toEqual({
      finished: true,
      released: true,
      tidied: [],
      told: false,
    });
    expect(await holder()).toBeUndefined();
    expect(messages()).toEqual([]);
  });

  it("leaves everything alone when it gave its lock back", async () => {
    await hold("arn:aws:states:eu-west-1:111122223333:execution:stepback-prod-rollback:run-2");

    expect(await clean(ended("SUCCEEDED"))).toEqual({
      finished: true,
      released: false,
      tidied: [],
      told: false,
    });
    expect(await holder()).toMatchObject({ owner: planned.rollbackId });
  });
});

describe("an execution that died with its lock", () => {
  it("has its components tidied twice under a fence of the clean-up's own, its lock released, and people told once", async () => {
    await hold();
    await evidence(JSON.stringify(planned));

    expect(await clean(ended("ABORTED"))).toEqual({
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
    expect(asked).toEqual([...once, ...once]);
    expect(await holder()).toBeUndefined();
    expect(messages()).toHaveLength(1);
    expect(messages()[0]).toMatchObject({
      TopicArn: region.topic,
      Subject: "Look now: a rollback of prod ended ABORTED",
      Message: expect.stringContaining("- web: alarms are on again."),
      MessageAttributes: {
        phase: { DataType: "String", StringValue: "failure" },
        rollbackId: { DataType: "String", StringValue: planned.rollbackId },
      },
    });
  });

  it("is cleaned up though its lease ran out long ago", async () => {
    await hold(executionArn, new Date("2026-11-20T00:00:00Z"));

    expect(await clean(ended("TIMED_OUT"))).toMatchObject({ released: true, told: true });
  });

  it.each([
    ["is missing", undefined],
    ["is no plan", "{}"],
    ["is no JSON", '{"rollbackId":'],
    ["is empty", ""],
  ])("gives its lock back and people are told when its evidence %s", async (_, body) => {
    await hold();
    if (body !== undefined) await evidence(body);

    expect(await clean(ended("ABORTED"))).toEqual({
      finished: true,
      released: true,
      tidied: [expect.stringMatching(/^The plan could not be read \(\w+\)/)],
      told: true,
    });
    expect(await holder()).toBeUndefined();
    expect(messages()[0]?.["Message"]).toContain("look at every component");
  });

  it("tells what the second look knows better: a late call of a function that outlived it", async () => {
    await hold();
    await evidence(JSON.stringify(planned));
    const result = await clean(ended("ABORTED"), async (request) => {
      const late = asked.length >= 2 && request.move.component === "web";
      const tick = await answer(request);
      if (!late) return tick;
      return { ...tick, status: "failed", code: "STUCK", note: "is at 0 tasks.", touched: true };
    });

    expect(result.tidied).toEqual(["api: alarms are on again.", "web: is at 0 tasks."]);
  });

  it("is tidied under a still higher number when the reply about the first one was lost", async () => {
    await hold();
    await evidence(JSON.stringify(planned));
    const lost = { service: "dynamodb", operation: "UpdateItem", effect: "lost-reply", times: 1 } as const;
    region.region.faults.add(lost);

    await expect(clean(ended("ABORTED"))).rejects.toMatchObject({ name: "ConnectionLost" });
    expect(asked).toEqual([]);
    // Lambda calls again.
    expect(await clean(ended("ABORTED"))).toMatchObject({ released: true });
    expect(new Set(asked.map(({ fence }) => fence))).toEqual(new Set([6]));
    expect(await holder()).toBeUndefined();
  });

  it("waits for better times while S3 does not answer: Lambda calls again", async () => {
    await hold();
    region.region.faults.add({ service: "s3", operation: "GetObject", effect: "throttle" });

    await expect(clean(ended("ABORTED"))).rejects.toMatchObject({ name: "SlowDown" });
    expect(await holder()).toBeDefined();
    expect(messages()).toEqual([]);
  });

  it("has the other components tidied when one cannot be", async () => {
    await hold();
    await evidence(JSON.stringify(planned));
    const result = await clean(ended("ABORTED"), async (request) => {
      if (request.move.component === "api") throw new Error("broken");
      return answer(request);
    });

    expect(result).toEqual({
      finished: true,
      released: true,
      tidied: ["api: could not be tidied, look at it", "web: alarms are on again."],
      told: true,
    });
  });

  it("is told about, though it told its outcome itself: it did not give its lock back", async () => {
    await hold();

    expect(await clean(ended("FAILED", "RolledBackNotRecovered"))).toMatchObject({
      released: true,
      told: true,
    });
  });
});

describe("what takes longer than one look", () => {
  /** `database` is the data of `api`, which waits for it; its copy is discarded last. */
  const data = makePlanned({
    plan: planOf(
      [makeMove({ component: "database", kind: "database", tier: "data" }), makeMove({ component: "api" })],
      [],
      makeRelations({ database: { pauses: ["api"] } }),
    ).plan,
  });
  const renaming = async (request: TickRequest): Promise<Tick> => {
    const tick = await answer(request);
    if (request.move.component !== "database") return tick;
    return { ...tick, status: "working", note: "RDS is renaming.", waitSeconds: 600 };
  };
  const askedFor = () => [...new Set(asked.map(({ move }) => move.component))];

  beforeEach(async () => {
    await hold();
    await evidence(JSON.stringify(data));
  });

  it("keeps its lock and who waits for the data as they are, and people are told that it goes on", async () => {
    expect(await clean(ended("ABORTED"), renaming)).toEqual({
      finished: false,
      released: false,
      tidied: ["database: RDS is renaming."],
      told: true,
    });
    expect(askedFor()).toEqual(["database"]);
    expect(await holder()).toMatchObject({ owner: data.rollbackId });
    expect(messages()[0]).toMatchObject({ Subject: "A stopped rollback of prod is being tidied up" });
  });

  it("is told once, and then how it ended", async () => {
    await clean(ended("ABORTED"), renaming);
    await clean(ended("ABORTED"), renaming, 1);
    const end = await clean(ended("ABORTED"), answer, 2);

    expect(end).toMatchObject({ finished: true, released: true, told: true });
    expect(askedFor()).toEqual(["database", "api"]);
    expect(messages().map(({ Subject }) => Subject)).toEqual([
      "A stopped rollback of prod is being tidied up",
      "Look now: a rollback of prod ended ABORTED",
    ]);
  });

  it("is given to people after three hours: who waits for the data stays as it is", async () => {
    const end = await clean(ended("ABORTED"), renaming, 36);

    expect(end).toMatchObject({ finished: true, released: true, tidied: ["database: RDS is renaming."] });
    expect(askedFor()).toEqual(["database"]);
  });
});

describe("what it had done before it died", () => {
  const key = rollbackKey(planned.rollbackId);
  const record = () => region.run(() => region.ledger.get(key, RollbackRecord));
  const journal = (component: string, step: string) =>
    region.run(() =>
      region.ledger.put(`${journalPrefix(planned.rollbackId, component)}${step}`, JournalEntry, {
        ...{ component, step, at: "2026-11-21T01:02:00.000Z", facts: {} },
      }),
    );
  const undo = `--mode undo --undoes ${planned.rollbackId}`;

  beforeEach(async () => {
    await hold();
    await evidence(JSON.stringify(planned));
    await journal("api", "cut-over-began");
    await journal("web", "prepare-began");
  });

  it("is remembered, as far as it began, and its undo is offered", async () => {
    await clean(ended("ABORTED"));

    const [api] = planned.plan.moves;
    expect(await record()).toMatchObject({
      id: planned.rollbackId,
      mode: "execute",
      outcome: "Stopped",
      eventId: planned.eventId,
      startedAt: "2026-11-21T01:00:00.000Z",
      moves: [{ component: "api", from: api?.from, to: api?.to }],
      report: `s3://${region.bucket}/prod/${planned.rollbackId}/plan.json`,
    });
    expect(messages()[0]?.["Message"]).toContain(undo);
  });

  it("is remembered anew when it is redriven, goes on, and is stopped again", async () => {
    await clean(ended("ABORTED"));
    await hold();
    await journal("web", "cut-over-began");
    await clean(ended("ABORTED"));

    expect((await record())?.moves.map(({ component }) => component)).toEqual(["api", "web"]);
  });

  it("is not told again where its own report says it better: only its lock was left", async () => {
    await clean(ended("ABORTED"));
    const own = { ...(await record()), outcome: "PartlyRolledBack" };
    await region.run(() => region.ledger.put(key, RollbackRecord, RollbackRecord.parse(own)));
    await hold();
    await clean(ended("FAILED", "PartlyRolledBack"));

    expect(await record()).toEqual(own);
  });

  it("is nothing when no change had begun: there is a record, and no undo to offer", async () => {
    const other = makePlanned({ rollbackId: "rb-20261121-020005-aaaaaaaa" });
    await region.holdLock(other.rollbackId, executionArn);
    await region.run(() =>
      region.s3.send(
        new PutObjectCommand({
          ...{
            Bucket: region.bucket,
            Key: `prod/${other.rollbackId}/plan.json`,
            Body: JSON.stringify(other),
          },
        }),
      ),
    );
    await clean(ended("TIMED_OUT"));

    const found = await region.run(() => region.ledger.get(rollbackKey(other.rollbackId), RollbackRecord));
    expect(found).toMatchObject({ outcome: "Stopped", moves: [] });
    expect(messages()[0]?.["Message"]).not.toContain("--mode undo");
  });
});

describe("what people are told to do", () => {
  const redrive = `aws stepfunctions redrive-execution --execution-arn ${executionArn}`;

  it("is to redrive it, and when rather to start a new one, once its lock was given back", async () => {
    await hold();
    await evidence(JSON.stringify(planned));

    await clean(ended("TIMED_OUT"));

    expect(messages()[0]?.["Message"]).toContain(redrive);
    expect(messages()[0]?.["Message"]).toMatch(
      /somebody has deployed or repaired something meanwhile.*start it again/,
    );
  });

  it("is to start a new one when data was to move: its writers run again, its copy is gone", async () => {
    await hold();
    const moves = [makeMove({ component: "database", tier: "data", prepareSeconds: 900 })];
    await evidence(JSON.stringify(makePlanned({ moves })));

    await clean(ended("ABORTED"));

    expect(messages()[0]?.["Message"]).not.toContain("redrive");
    expect(messages()[0]?.["Message"]).toContain("start it again");
  });

  it("is to start a new one when there is nothing that it could resume under", async () => {
    await clean(ended("FAILED", "States.Runtime"));

    expect(messages()[0]?.["Message"]).not.toContain("redrive");
    expect(messages()[0]?.["Message"]).toContain("start it again");
  });
});

describe("an execution without the lock", () => {
  it.each(["Refused", "Rejected", "PartlyRolledBack", "Failed", "RolledBackNotRecovered"])(
    "that ended %s in the ordinary way is left in silence",
    async (outcome) => {
      expect(await clean(ended("FAILED", outcome))).toEqual({
        finished: true,
        released: false,
        tidied: [],
        told: false,
      });
      expect(messages()).toEqual([]);
    },
  );

  it("that broke is told about, and somebody else's lock is not touched", async () => {
    await hold("arn:another:execution");

    expect(await clean(ended("FAILED", "States.Runtime"))).toEqual({
      finished: true,
      released: false,
      tidied: [],
      told: true,
    });
    expect(await holder()).toMatchObject({ owner: planned.rollbackId, execution: "arn:another:execution" });
    expect(asked).toEqual([]);
    expect(messages()[0]?.["Message"]).toContain("It held no lock.");
  });
});

describe("a lock that somebody takes over meanwhile", () => {
  it("stays theirs, and nobody is told that it was released", async () => {
    await hold();
    await evidence(JSON.stringify(planned));
    // Another rollback takes the expired lock while the components are being tidied.
    const result = clean(ended("ABORTED"), async (request) => {
      if (asked.length === 0) await takeOver();
      return answer(request);
    });

    expect(await result).toMatchObject({ released: false, told: true });
    expect(await holder()).toMatchObject({ owner: "rb-other" });
    expect(messages()[0]?.["Message"]).not.toContain("lock was released");
  });

  async function takeOver(): Promise<void> {
    await region.region.operate("dynamodb", "UpdateItem", {
      TableName: "ledger",
      Key: region.ledger.keyOf("lock"),
      UpdateExpression: "SET #owner = :owner",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":owner": { S: "rb-other" } },
    });
  }
});

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Assessment, Observer, Wish } from "../../../lambdas/components/component.ts";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import { Checkpoint, checkpointKey, RollbackRecord, rollbackKey } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import { KINDS, type Kind } from "../../../lambdas/contracts/vocabulary.ts";
import type { AlarmReader } from "../../../lambdas/platform/alarm-reader.ts";
import { LedgerTable } from "../../../lambdas/platform/ledger/ledger-table.ts";
import { planRollback } from "../../../lambdas/steps/plan-rollback.ts";
import { makeAlarmEvent } from "../domain/make-alarm-event.ts";
import { makeCheckpoint } from "../domain/make-checkpoint.ts";
import { makeEnvironment, senior } from "../domain/make-environment.ts";
import { makeMove, makeVerdict } from "../domain/make-move.ts";
import { makeMoved, makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { makeStepRegion, type StepRegion } from "./make-step-region.ts";

const execution = { id: "arn:execution:7", name: "run-3f2a9c1d", startedAt: "2026-11-21T01:00:30.000Z" };
const alarmRequest = { trigger: { type: "alarm", event: makeAlarmEvent() } };

/** A kind that would move every component, and remembers what it was asked. */
function makeObserver(change: Partial<Move> = {}) {
  const wishes: Wish[] = [];
  const observer: Observer = {
    async assess(_configuration, wish): Promise<Assessment> {
      wishes.push(wish);
      const { component } = wish;
      return {
        verdict: makeVerdict({ component }),
        move: makeMove({ component, ...change }),
        lastChangedAt: new Date("2026-11-21T00:55:00Z"),
      };
    },
  };
  return { observer, wishes };
}

const alarmsIn = (state: string | undefined): AlarmReader => ({
  stateOf: async () => state,
  statesOf: () => Promise.reject(new Error("planning asks for one alarm")),
  firedBetween: () => Promise.reject(new Error("planning reads no history")),
});

let region: StepRegion;

beforeEach(async () => {
  region = await makeStepRegion();
});

function plan(
  request: unknown,
  {
    environment = makeEnvironment(),
    observer = makeObserver().observer,
    state = "ALARM" as string | undefined,
  } = {},
) {
  const services = {
    observers: observersOf(observer),
    alarms: alarmsIn(state),
    ledger: region.ledger,
    clock: region.clock,
  };
  return region.run(() => planRollback({ request, environment, execution }, services));
}

/** One observer for whatever kind is asked. */
function observersOf(observer: Observer): Record<Kind, Observer> {
  return Object.fromEntries(KINDS.map((kind) => [kind, observer])) as Record<Kind, Observer>;
}

describe("planning", () => {
  it("makes of an alarm everything that the workflow needs to know", async () => {
    const planned = await plan(alarmRequest);

    expect(planned).toMatchObject({
      rollbackId: "rb-20261121-010030-3f2a9c1d",
      mode: "execute",
      decision: { action: "roll-back" },
      requestedBy: "alarm stepback-prod-api-memory",
      reason: "Threshold Crossed",
      eventId: "event-1",
      automatic: true,
      alarms: ["stepback-prod-api-memory"],
      approvers: [],
      since: "2026-11-21T01:00:00.000Z",
    });
    expect(planned.plan.waves.map((wave) => wave.actions.map((action) => action.component))).toEqual([
      ["api"],
    ]);
    expect(planned.announcement.subject).toBe("Rolling back shop (prod)");
  });

  it("lets a person who names nothing roll back everything, in the order of dependencies, and watch every alarm", async () => {
    const planned = await plan({ reason: "bad release" });

    expect(planned.plan.waves.map((wave) => wave.actions.map((action) => action.component))).toEqual([
      ["api"],
      ["web"],
    ]);
    expect(planned.alarms).toEqual(["stepback-prod-api-memory", "stepback-prod-web-tasks"]);
    expect(planned).toMatchObject({ automatic: false, eventId: "", since: execution.startedAt });
  });

  it("refuses what an earlier rollback left half way, however long ago, and nothing else", async () => {
    const record = makeRollbackRecord({
      id: "rb-20261101-001500-aaaaaaaa",
      startedAt: "2026-11-01T00:15:00.000Z",
      endedAt: "2026-11-01T00:30:00.000Z",
      unfinished: { components: ["web"], halfWay: true, holds: ["web"] },
    });
    await region.run(() => region.ledger.put(rollbackKey(record.id), RollbackRecord, record));

    expect((await plan({ reason: "again", scope: ["web"] })).decision).toMatchObject({
      outcome: "Refused",
      sentence: expect.stringContaining(`npx stepback finish ${record.id}`),
    });
    expect((await plan({ reason: "again", scope: ["api"] })).decision).toMatchObject({ action: "roll-back" });
  });

  it("watches the alarms of what is in scope", async () => {
    expect((await plan({ reason: "bad release", scope: ["web"] })).alarms).toEqual([
      "stepback-prod-web-tasks",
    ]);
  });

  it("watches the alarms of services that restart for what is in scope", async () => {
    const { components } = makeEnvironment();
    const token = {
      kind: "secret" as const,
      secretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/token-a1B2c3",
      readBy: ["web"],
    };
    const environment = makeEnvironment({ components: { ...components, token } });

    const planned = await plan({ reason: "the token leaked", scope: ["token"] }, { environment });

    expect(planned.alarms).toEqual(["stepback-prod-web-tasks"]);
  });

  it("tells each kind the target, all checkpoints, newest first, and how long people have to approve", async () => {
    const checkpoints = ["20261120T000000Z-a", "20261121T000000Z-b"].map((id) => makeCheckpoint({ id }));
    for (const one of checkpoints)
      await region.run(() => region.ledger.put(checkpointKey(one.id), Checkpoint, one));
    const { observer, wishes } = makeObserver();
    const environment = makeEnvironment({ policy: { approvalExpiresMinutes: 1_440 } });
    await plan({ reason: "bad release", scope: ["api"], target: "previous" }, { observer, environment });

    expect(wishes).toEqual([
      expect.objectContaining({
        component: "api",
        target: "previous",
        checkpoints: checkpoints.toReversed(),
        approvalSeconds: 86_400,
      }),
    ]);
  });

  it.each([
    ["stop", 60 * (15 + 15 + 15 + 10)],
    ["revert", 60 * (2 * (15 + 15) + 15 + 10)],
  ] as const)(
    "leases the lock for the longest that a rollback may take when a failure means %s",
    async (onFailure, seconds) => {
      const environment = makeEnvironment({ policy: { onFailure } });

      expect((await plan({ reason: "bad release" }, { environment })).leaseSeconds).toBe(seconds);
    },
  );

  it("names who may approve when somebody must", async () => {
    const planned = await plan({ reason: "bad release", authorization: "planned" });

    expect(planned).toMatchObject({ decision: { action: "ask", group: "senior" }, approvers: [senior] });
  });

  it.each([
    ["begins nothing before it unless the environment wants that", {}, []],
    [
      "has copies made meanwhile where the environment wants that",
      { prepareWhileAsking: true },
      ["api", "web"],
    ],
  ] as const)("when a person must agree %s", async (_, policy, ahead) => {
    const { observer } = makeObserver({ makesCopy: true });
    const options = { environment: makeEnvironment({ policy }), observer };

    expect((await plan({ reason: "bad release", authorization: "planned" }, options)).ahead).toEqual(ahead);
    expect((await plan({ reason: "bad release" }, options)).ahead).toEqual([]);
  });

  it("does nothing when the alarm is OK again on looking", async () => {
    expect((await plan(alarmRequest, { state: "OK" })).decision).toMatchObject({ outcome: "FixForward" });
  });
});

describe("planning looks at the ledger", () => {
  const remember = (record: RollbackRecord) =>
    region.run(() => region.ledger.put(rollbackKey(record.id), RollbackRecord, record));

  it("joins the rollback that runs for the same event, but not one whose lease ran out", async () => {
    const event = { trigger: { type: "alarm", event: makeAlarmEvent({ id: "event-9" }) } };
    await region.holdLock("rb-1", "arn:execution:1");
    expect((await plan(event)).decision).toMatchObject({ outcome: "Joined" });

    await region.holdLock("rb-1", "arn:execution:1", new Date("2026-11-21T01:00:59Z"));
    expect((await plan(event)).decision).toMatchObject({ action: "roll-back" });
  });

  it("remembers rollbacks of the last 24 hours", async () => {
    await remember(makeRollbackRecord({ eventId: "event-1", endedAt: "2026-11-20T01:02:00.000Z" }));
    expect((await plan(alarmRequest)).decision).toMatchObject({ outcome: "Joined" });

    await remember(makeRollbackRecord({ eventId: "event-1", endedAt: "2026-11-20T01:00:00.000Z" }));
    expect((await plan(alarmRequest)).decision).toMatchObject({ action: "roll-back" });
  });

  it("goes back to where the undone rollback came from", async () => {
    const record = makeRollbackRecord({ moves: [makeMoved({ component: "web" })] });
    await remember(record);
    const { observer, wishes } = makeObserver();
    await plan({ reason: "it was not that", mode: "undo", undoes: record.id }, { observer });

    expect(wishes).toMatchObject([
      { component: "web", target: { components: { web: record.moves[0]?.from.id } } },
    ]);
  });
});

describe("a request that makes no sense", () => {
  const nobody = () => Promise.reject(new Error("nothing may be read"));
  const unasked = new DynamoDBClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler: { handle: nobody },
  });
  const refuse = (request: unknown, environment: Environment = makeEnvironment()) =>
    planRollback(
      { request, environment, execution },
      {
        observers: observersOf({ assess: nobody }),
        alarms: { stateOf: nobody, statesOf: nobody, firedBetween: nobody },
        ledger: new LedgerTable(unasked, { table: "ledger", environment: "prod" }),
        clock: () => {
          throw new Error("nothing may be read");
        },
      },
    );

  it.each([
    {},
    { reason: "bad release", scpoe: ["api"] },
    "an input of 40000 characters",
    { reason: "x", mode: "undo" },
  ])("is refused without looking at anything: %j", async (request) => {
    const planned = await refuse(request);

    expect(planned.decision).toMatchObject({ action: "end", outcome: "Refused" });
    expect(planned.decision.sentence).toMatch(/ Nothing was changed\.$/);
    expect(planned).toMatchObject({ leaseSeconds: 0, alarms: [], plan: { waves: [] }, automatic: false });
    expect(planned.announcement.subject).toBe("Refused: shop (prod)");
  });
});

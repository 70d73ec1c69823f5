import { beforeEach, describe, expect, it } from "vitest";
import type { VersionReader } from "../../../lambdas/components/component.ts";
import { Checkpoint, type ComponentVersion, checkpointKey } from "../../../lambdas/contracts/ledger.ts";
import { versionIdOf } from "../../../lambdas/contracts/version-id.ts";
import type { AlarmReader } from "../../../lambdas/platform/alarm-reader.ts";
import { judgeCheckpoint } from "../../../lambdas/steps/judge-checkpoint.ts";
import { recordCheckpoint } from "../../../lambdas/steps/record-checkpoint.ts";
import { makeComponentVersion } from "../domain/make-checkpoint.ts";
import { makeEnvironment } from "../domain/make-environment.ts";
import { makeStepRegion, type StepRegion } from "./make-step-region.ts";

const environment = makeEnvironment();
const release = (revision: number) => ({
  "shop-api": makeComponentVersion("api", revision),
  "shop-web": makeComponentVersion("web", revision),
});
const spans: [string, Date, Date][] = [];

const idOf = (version: ComponentVersion | undefined) => version && versionIdOf(version);

/** What each service runs, by its name. */
const reading =
  (running: Readonly<Record<string, ComponentVersion | undefined>>): VersionReader =>
  async (component) =>
    component.kind === "ecs-service" ? running[component.service] : undefined;

function makeAlarms(overrides: Partial<AlarmReader> = {}): AlarmReader {
  return {
    stateOf: () => Promise.reject(new Error("judging asks for all alarms at once")),
    statesOf: async (names) => names.map((name) => ({ name, state: "OK" })),
    firedBetween: async (...span) => {
      spans.push(span);
      return false;
    },
    ...overrides,
  };
}

let region: StepRegion;

beforeEach(async () => {
  region = await makeStepRegion();
  spans.length = 0;
});

const record = (running: Parameters<typeof reading>[0] = release(42)) =>
  region.run(() =>
    recordCheckpoint({ environment }, { ...region, readers: { "ecs-service": reading(running) } }),
  );
/** What was kept alive, as the keeper was told. */
const kept: string[] = [];
const keepers = {
  "ecs-service": async (_configuration: unknown, version: ComponentVersion) => {
    kept.push(idOf(version) ?? "");
    return "its image is kept";
  },
};

const judge = (
  checkpointId: string,
  {
    running = release(42),
    alarms = makeAlarms(),
  }: { running?: Parameters<typeof reading>[0]; alarms?: AlarmReader } = {},
) =>
  region.run(() =>
    judgeCheckpoint(
      { environment, checkpointId },
      { ...region, alarms, keepers, readers: { "ecs-service": reading(running) } },
    ),
  );
const all = () => region.run(() => region.ledger.list(checkpointKey(""), Checkpoint, { limit: 9 }));
const minutes = (count: number) => region.region.kernel.runUntil(region.region.kernel.now + count * 60_000);

describe("recording a checkpoint", () => {
  it("writes down what every component runs, as a candidate", async () => {
    const { status, checkpointId } = await record();

    expect(status).toBe("recorded");
    expect(await all()).toEqual([
      {
        id: checkpointId,
        status: "candidate",
        recordedAt: expect.stringMatching(/^2026-11-21T01:01:0/),
        because: "recorded after a deployment; its bake time is running",
        vector: { api: makeComponentVersion("api", 42), web: makeComponentVersion("web", 42) },
      },
    ]);
  });

  it("writes nothing while a component is on its way", async () => {
    expect(await record({ ...release(42), "shop-web": undefined })).toEqual({
      status: "in-flight",
      checkpointId: "",
    });
    expect(await all()).toEqual([]);
  });

  it("writes nothing new when the newest checkpoint says the same", async () => {
    const { checkpointId } = await record();
    await minutes(1);

    expect(await record()).toEqual({ status: "unchanged", checkpointId });
    expect(await all()).toHaveLength(1);
  });

  it("writes an old release down again when it came back", async () => {
    for (const revision of [41, 42, 41]) {
      expect((await record(release(revision))).status).toBe("recorded");
      await minutes(1);
    }

    const families = (await all()).map(({ vector }) => idOf(vector["api"])?.split(":").at(-1));
    expect(families).toEqual(["41", "42", "41"]);
  });
});

describe("judging a checkpoint", () => {
  it("proves it after a quiet bake, having looked at every alarm since the recording", async () => {
    const { checkpointId } = await record();
    const [recorded] = await all();
    await minutes(10);

    expect(await judge(checkpointId)).toEqual({
      status: "proven",
      because:
        "it ran through its bake time and no alarm fired; api: its image is kept; web: its image is kept",
    });
    expect(kept).toHaveLength(2);
    expect(await all()).toMatchObject([
      { status: "proven", judgedAt: expect.stringMatching(/^2026-11-21T01:11:0/) },
    ]);
    expect(spans.map(([name, from]) => [name, from.toISOString()])).toEqual([
      ["stepback-prod-api-memory", recorded?.recordedAt],
      ["stepback-prod-web-tasks", recorded?.recordedAt],
    ]);
  });

  it.each<[string, Partial<AlarmReader>]>([
    ["fired meanwhile", { firedBetween: async (name) => name === "stepback-prod-web-tasks" }],
    ["is ringing", { statesOf: async () => [{ name: "stepback-prod-web-tasks", state: "ALARM" }] }],
  ])("suspects it when an alarm %s", async (_, alarms) => {
    const { checkpointId } = await record();

    expect(await judge(checkpointId, { alarms: makeAlarms(alarms) })).toEqual({
      status: "suspect",
      because: "stepback-prod-web-tasks fired while it was baking",
    });
  });

  it("suspects it when something else runs by now", async () => {
    const { checkpointId } = await record();

    expect(await judge(checkpointId, { running: release(43) })).toMatchObject({ status: "suspect" });
    expect(await all()).toMatchObject([{ status: "suspect" }]);
  });

  it("leaves one in quarantine there: a rollback knew better", async () => {
    const { checkpointId } = await record();
    const [candidate] = await all();
    if (!candidate) throw new Error("nothing recorded");
    const quarantined: Checkpoint = {
      ...candidate,
      status: "quarantined",
      because: "rb-7 rolled back away from it",
    };
    await region.run(() => region.ledger.put(checkpointKey(checkpointId), Checkpoint, quarantined));

    expect(await judge(checkpointId)).toEqual({
      status: "quarantined",
      because: "rb-7 rolled back away from it",
    });
    expect(await all()).toEqual([quarantined]);
  });

  it("says so when the checkpoint is gone", async () => {
    expect(await judge("20260101T000000Z-gone")).toEqual({
      status: "suspect",
      because: "checkpoint 20260101T000000Z-gone is no longer in the ledger",
    });
    expect(await all()).toEqual([]);
  });
});

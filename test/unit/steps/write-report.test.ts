import { GetObjectCommand } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { Checkpoint, checkpointKey, RollbackRecord, rollbackKey } from "../../../lambdas/contracts/ledger.ts";
import { PlannedRollback } from "../../../lambdas/contracts/plan.ts";
import type { ReportRequest } from "../../../lambdas/contracts/report.ts";
import { writeReport } from "../../../lambdas/steps/write-report.ts";
import { makeCheckpoint, makeComponentVersion } from "../domain/make-checkpoint.ts";
import { done, failed, makePlanned, makeReportRequest } from "../domain/make-planned.ts";
import { makeStepRegion, type StepRegion } from "./make-step-region.ts";

const request = makeReportRequest();
const { rollbackId } = request.planned;
const left = makeCheckpoint({ id: "left", status: "proven" });
const target = makeCheckpoint({
  id: "target",
  status: "proven",
  vector: { api: makeComponentVersion("api", 41) },
});

let region: StepRegion;

beforeEach(async () => {
  region = await makeStepRegion();
  for (const one of [left, target])
    await region.run(() => region.ledger.put(checkpointKey(one.id), Checkpoint, one));
});

const report = (overrides: Partial<ReportRequest> = {}) =>
  region.run(() => writeReport(makeReportRequest(overrides), region));
const recordOf = () => region.run(() => region.ledger.get(rollbackKey(rollbackId), RollbackRecord));
const checkpoint = (id: string) => region.run(() => region.ledger.get(checkpointKey(id), Checkpoint));
const objectOf = (name: string) =>
  region.run(async () => {
    const Key = `prod/${rollbackId}/${name}`;
    const object = await region.s3.send(new GetObjectCommand({ Bucket: region.bucket, Key }));
    return (await object.Body?.transformToString()) ?? "";
  });

describe("the report", () => {
  it("names the outcome, the times and where it lies", async () => {
    expect(await report()).toEqual({
      outcome: "Recovered",
      sentence: "Everything is back and the alarms are OK. stepback-prod-api-memory: OK.",
      durations: { rollbackSeconds: 300, recoverySeconds: 175, impactSeconds: 480 },
      report: `s3://reports/prod/${rollbackId}/report.md`,
      announcement: {
        subject: "Recovered: shop (prod)",
        message: expect.stringContaining(`Report: s3://reports/prod/${rollbackId}/report.md`),
      },
    });
  });

  it("is written for people and for machines", async () => {
    await report();

    expect(await objectOf("report.md")).toContain(`# Recovered: ${rollbackId}`);
    expect(JSON.parse(await objectOf("report.json"))).toMatchObject({ outcome: "Recovered", request });
  });

  it("leaves a plan behind that the clean-up can read", async () => {
    await report();

    expect(PlannedRollback.parse(JSON.parse(await objectOf("plan.json")))).toEqual(request.planned);
  });
});

describe("the record", () => {
  it("is what cooldown, cap, ping-pong and undo look at", async () => {
    await report();
    const { moves } = request.planned.plan;

    expect(await recordOf()).toEqual({
      id: rollbackId,
      mode: "execute",
      outcome: "Recovered",
      automatic: true,
      eventId: "event-1",
      requestedBy: "alarm stepback-prod-api-memory",
      reason: "Threshold Crossed",
      startedAt: "2026-11-21T01:00:05.000Z",
      endedAt: expect.stringMatching(/^2026-11-21T01:01:0/),
      moves: moves.map(({ component, kind, tier, from, to }) => {
        return { component, kind, tier, from, to, took: {} };
      }),
      report: `s3://reports/prod/${rollbackId}/report.md`,
    });
  });

  it.each<[string, ReportRequest["results"], string[]]>([
    [
      "what went back and what failed after it was touched",
      [done("api"), failed("web", true)],
      ["api", "web"],
    ],
    ["not what failed untouched", [done("api"), failed("web", false)], ["api"]],
    ["not what never began", [failed("api", true)], ["api"]],
    ["everything, when the results are lost: any of it may have been touched", [], ["api", "web"]],
  ])("holds %s", async (_, results, components) => {
    await report({ results, verification: null });

    expect((await recordOf())?.moves.map((move) => move.component)).toEqual(components);
  });

  it("says the same when it is written again after a lost reply", async () => {
    const first = await report();

    expect(await report()).toEqual(first);
  });
});

describe("quarantine", () => {
  it("takes the checkpoints of what was rolled back from, not the target", async () => {
    await report();

    expect(await checkpoint("left")).toMatchObject({
      quarantined: ["api", "web"],
      because: `${rollbackId} took api, web away from it`,
    });
    expect(await checkpoint("target")).toEqual(target);
  });

  it("takes nothing for what did not go back", async () => {
    await report({ results: [failed("api", true)], verification: null });

    expect(await checkpoint("left")).toEqual(left);
  });

  it("takes nothing after an undo: what a person left for something newer is not bad", async () => {
    await report({ planned: makePlanned({ mode: "undo" }) });

    expect(await checkpoint("left")).toEqual(left);
    expect(await recordOf()).toMatchObject({ mode: "undo" });
  });
});

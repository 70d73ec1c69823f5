import { describe, expect, it } from "vitest";
import { checkpointIdOf, judge, sameVector } from "../../../lambdas/domain/checkpoints.ts";
import { quarantinedBy } from "../../../lambdas/domain/quarantine.ts";
import { makeCheckpoint, makeComponentVersion } from "./make-checkpoint.ts";
import { makeMove, makeVersion } from "./make-move.ts";

const now = new Date("2026-11-21T01:00:00.000Z");
const { vector } = makeCheckpoint();
const api = makeComponentVersion("api", 42);

describe("two vectors are the same", () => {
  it.each([
    ["with the same content", { ...vector }, true],
    ["in any order", { web: makeComponentVersion("web", 42), api }, true],
    [
      "under another revision of the same registration",
      { ...vector, api: { ...api, taskDefinition: "arn:other" } },
      true,
    ],
    [
      "but not with another digest",
      { ...vector, api: { ...api, images: [{ container: "app", image: "api:v42" }] } },
      false,
    ],
    ["but not with other settings", { ...vector, api: { ...api, registration: "{}" } }, false],
    ["but not with one component less", { api }, false],
    ["but not with another component", { api, jobs: makeComponentVersion("web", 42) }, false],
  ])("%s", (_, other, same) => {
    expect(sameVector(vector, other)).toBe(same);
    expect(sameVector(other, vector)).toBe(same);
  });
});

describe("a checkpoint's id", () => {
  it("sorts by time and tells contents apart", () => {
    const id = checkpointIdOf(vector, now);

    expect(id).toMatch(/^20261121T010000Z-[0-9a-f]{8}$/);
    expect(checkpointIdOf({ api }, now)).not.toBe(id);
    expect(checkpointIdOf(vector, new Date(now.getTime() + 1_000)) > id).toBe(true);
  });
});

describe("judging a candidate", () => {
  const candidate = makeCheckpoint();
  const judgement = { judgedAt: now.toISOString() };

  it("proves it when it still runs and nothing fired", () => {
    expect(judge(candidate, { running: vector, fired: [], now })).toEqual({
      ...candidate,
      ...judgement,
      status: "proven",
      because: "it ran through its bake time and no alarm fired",
    });
  });

  it.each([
    ["an alarm fired", vector, ["a", "b"], "a, b fired while it was baking"],
    ["something else runs", { api }, [], "something else was deployed before its bake time was over"],
    [
      "a deployment is on its way",
      undefined,
      [],
      "something else was deployed before its bake time was over",
    ],
  ])("suspects it when %s", (_, running, fired, because) => {
    expect(judge(candidate, { running, fired, now })).toEqual({
      ...candidate,
      ...judgement,
      status: "suspect",
      because,
    });
  });

  it.each(["proven", "suspect", "quarantined"] as const)("leaves a %s one alone", (status) => {
    const judged = makeCheckpoint({ status });

    expect(judge(judged, { running: undefined, fired: ["a"], now })).toBe(judged);
  });
});

describe("quarantine", () => {
  const by = { rollbackId: "rb-7", now };
  const left = makeCheckpoint({ status: "proven" });
  const other = makeCheckpoint({ id: "other", vector: { api: makeComponentVersion("api", 41) } });

  it("takes what was rolled back from, for the component that left it", () => {
    const marked = {
      quarantined: ["api"],
      judgedAt: now.toISOString(),
      because: "rb-7 took api away from it",
    };
    const candidate = makeCheckpoint();

    expect(quarantinedBy([left, other], [makeMove()], by)).toEqual([{ ...left, ...marked }]);
    expect(quarantinedBy([candidate], [makeMove()], by)).toEqual([
      { ...candidate, ...marked, status: "quarantined" },
    ]);
  });

  it("takes nothing else: not the target, not what is in quarantine, not another component's version", () => {
    const target = makeMove({ to: { ...makeVersion("api", 42), checkpoint: left.id } });
    const quarantined = makeCheckpoint({ status: "quarantined", quarantined: ["api"] });

    expect(quarantinedBy([left], [target], by)).toEqual([]);
    expect(quarantinedBy([quarantined], [makeMove()], by)).toEqual([]);
    expect(quarantinedBy([left], [makeMove({ component: "jobs" })], by)).toEqual([]);
    expect(quarantinedBy([left], [], by)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { makeStage, type StageOptions } from "./make-stage.ts";

const pointer: StageOptions = {
  release: { strategy: "pointer" },
  pointer: "r2",
  site: { layout: "shared-assets" },
};
const originPath: StageOptions = {
  release: { strategy: "origin-path", origin: "web" },
  site: { layout: "releases" },
  distribution: { originPath: "/releases/r2" },
};

async function planned(options: StageOptions) {
  const stage = makeStage(options);
  await stage.checkpoint("cp-1", "r1");
  return { stage, move: await stage.plan() };
}

describe("a pointer", () => {
  it("brings every edge location back to the proven release with one write and no invalidation", async () => {
    const { stage, move } = await planned(pointer);
    for (const edge of stage.viewers.edges) stage.viewers.visit(stage.Id, edge);

    const end = await stage.run(move);
    await stage.wait(30);

    expect(end).toMatchObject({ status: "done", verb: "confirm", note: expect.stringContaining("says r1") });
    for (const edge of stage.viewers.edges) {
      expect(stage.viewers.visit(stage.Id, edge)).toMatchObject({ release: "r1", broken: [] });
    }
    expect(
      stage.endpoint.calls.filter((call) => call.mutating && call.input["Bucket"] !== "reports"),
    ).toHaveLength(1);
    expect(await stage.read()).toMatchObject({ release: "r1" });
  });

  it("invalidates what a team asks for all the same", async () => {
    const { stage, move } = await planned({ ...pointer, configuration: { invalidate: "everything" } });

    expect(await stage.run(move)).toMatchObject({ status: "done" });

    expect(stage.calls("CreateInvalidation").map(({ input }) => input["InvalidationBatch"])).toMatchObject([
      { CallerReference: expect.stringMatching(/^rb-1:web:[0-9a-f]{8}$/), Paths: { Items: ["/*"] } },
    ]);
  });

  it("goes on when somebody changes another key of the same store in between", async () => {
    const { stage, move } = await planned(pointer);
    const { store } = stage;
    // Between the look and the write: the reply of the first look is late.
    stage.faults.add({
      service: "cloudfront-keyvaluestore",
      operation: "GetKey",
      times: 1,
      effect: { delayMs: 500 },
    });
    stage.kernel.schedule(250, () =>
      store?.change({ puts: [{ key: "other", value: "1" }], deletes: [] }, store.etag),
    );

    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(store?.value("release")).toBe("r1");
    expect(store?.value("other")).toBe("1");
    expect(stage.endpoint.calls.map(({ outcome }) => outcome)).toContain("ConflictException");
  });

  it("leaves a release alone that somebody deployed after the plan was made", async () => {
    const { stage, move } = await planned(pointer);
    const { store } = stage;
    store?.change({ puts: [{ key: "release", value: "r3" }], deletes: [] }, store.etag);

    expect(await stage.run(move)).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
      touched: false,
    });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done", note: "It was not touched." });
    expect(store?.value("release")).toBe("r3");
  });

  it("does not overwrite a deployment that came between the cut-over and its revert", async () => {
    const { stage, move } = await planned(pointer);
    const { store } = stage;
    await stage.run(move);
    store?.change({ puts: [{ key: "release", value: "r3" }], deletes: [] }, store.etag);

    expect(await stage.run(move, ["confirm"])).toMatchObject({
      status: "failed",
      code: "SUPERSEDED",
      touched: true,
    });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "failed", code: "SUPERSEDED" });
    expect(store?.value("release")).toBe("r3");
  });

  it("says that users get something else when the edge never follows", async () => {
    const { stage, move } = await planned(pointer);
    if (stage.store) stage.store.propagation = { from: 100_000, to: 100_001 };

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "CHECK_FAILED", touched: true });
    expect(end.note).toBe(
      "https://www.example.com/version.json says r2, not r1, 5 minutes after the cut-over.",
    );
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.store?.value("release")).toBe("r2");
  });
});

describe("an origin path", () => {
  it("is switched with the rest of the configuration untouched, and invalidated after the last edge has followed", async () => {
    const { stage, move } = await planned(originPath);
    for (const edge of stage.viewers.edges) stage.viewers.visit(stage.Id, edge);
    const { DistributionConfig: before } = await stage.readConfig();

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "done", verb: "confirm" });
    const { DistributionConfig: after } = await stage.readConfig();
    expect(after).toEqual(
      JSON.parse(
        JSON.stringify(before).replace('"OriginPath":"/releases/r2"', '"OriginPath":"/releases/r1"'),
      ),
    );
    const [deployed, invalidated] = ["distribution deployed", "invalidation created"].map(
      (event) => stage.kernel.log.entries.find((entry) => entry.event === event)?.at ?? 0,
    );
    expect(invalidated).toBeGreaterThanOrEqual(deployed ?? Number.POSITIVE_INFINITY);
    expect(Number(invalidated) - Number(deployed)).toBeLessThanOrEqual(15_000);
    for (const edge of stage.viewers.edges) {
      expect(stage.viewers.request(stage.Id, "/", edge).release).toBe("r1");
    }
    expect(stage.calls("UpdateDistribution")).toHaveLength(1);
    expect(stage.calls("CreateInvalidation")).toHaveLength(1);
  });

  it("goes back to what it was, with an invalidation of its own", async () => {
    const { stage, move } = await planned(originPath);
    await stage.run(move);

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });

    expect(await stage.read()).toMatchObject({ release: "r2" });
    const references = stage.calls("CreateInvalidation").map(({ input }) => JSON.stringify(input));
    expect(references).toHaveLength(2);
    expect(references[1]).toMatch(/rb-1:web:back:[0-9a-f]{8}/);
  });

  it("looks again when another setting was changed at the same moment, and keeps that change", async () => {
    const { stage, move } = await planned(originPath);
    stage.faults.add({
      service: "cloudfront",
      operation: "UpdateDistribution",
      times: 1,
      effect: { delayMs: 500 },
    });
    stage.kernel.schedule(250, () => {
      stage.cloudFront.edit(stage.Id, (config) => {
        config.Comment = "edited";
      });
    });

    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(stage.endpoint.calls.map(({ outcome }) => outcome)).toContain("PreconditionFailed");
    expect((await stage.readConfig()).DistributionConfig).toMatchObject({
      Comment: "edited",
      Origins: { Items: [{ OriginPath: "/releases/r1" }] },
    });
  });

  it("leaves another path alone that somebody set after the plan was made", async () => {
    const { stage, move } = await planned(originPath);
    await stage.switchTo("/releases/r3");

    expect(await stage.run(move)).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
      touched: false,
    });
    expect(stage.calls("UpdateDistribution")).toHaveLength(0);
  });

  it.each([
    ["metadata of the object that the target has", "x-amz-meta-cache-tag", /says release:r1/],
    ["a header that nobody sends", "x-version", /has no header x-version, not r1/],
  ])("is confirmed by %s", async (_, header, note) => {
    const configuration = { probe: { host: "www.example.com", path: "/index.html", header } };
    const { stage, move } = await planned({ ...originPath, configuration });

    expect((await stage.run(move)).note).toMatch(note);
  });

  it("gives up when the edge locations do not follow in time, and can then be put back", async () => {
    const { stage, move } = await planned({ ...originPath, configuration: { deadlineMinutes: 20 } });
    stage.cloudFront.pace.configuration = { from: 4_000, to: 4_001 };

    expect(await stage.run(move)).toMatchObject({ status: "failed", code: "TOO_SLOW", touched: true });
    stage.cloudFront.pace.configuration = { from: 1, to: 2 };
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect((await stage.readConfig()).DistributionConfig?.Origins?.Items?.[0]?.OriginPath).toBe(
      "/releases/r2",
    );
  });

  it("waits while too many other invalidations are in progress", async () => {
    const { stage, move } = await planned({ ...originPath, configuration: { invalidate: "everything" } });
    stage.cloudFront.pace.configuration = { from: 1, to: 2 };
    stage.cloudFront.pace.confirmation = { from: 1, to: 2 };
    stage.cloudFront.pace.invalidation = { from: 200, to: 201 };
    for (let count = 0; count < 15; count++) await stage.invalidate(`other-${count}`, `/folder-${count}/*`);

    const tick = await stage.run(move, ["prepare", "cutOver"]);

    expect(tick).toMatchObject({ status: "done" });
    expect(stage.endpoint.calls.some(({ outcome }) => outcome === "TooManyInvalidationsInProgress")).toBe(
      true,
    );
  });
});

import { describe, expect, it } from "vitest";
import { makeSecretStage } from "./make-secret-stage.ts";

describe("keeping a proven version of a secret", () => {
  it("puts one label of Stepback's own on it, however often it is proven", async () => {
    const stage = makeSecretStage();

    const said = await stage.keep(stage.ids[1] ?? "", "20261121T100000Z-aaaaaaaa");
    await stage.keep(stage.ids[1] ?? "", "20261121T110000Z-bbbbbbbb");

    expect(said).toMatch(/^version .{8} of shop\/db is kept\.$/);
    expect(stage.holder("stepback-aaaaaaaa")).toBe(stage.ids[1]);
    expect(stage.calls.times("UpdateSecretVersionStage")).toBe(1);
  });

  it("lets the oldest go when a sixth version is kept, and never the one that was just proven", async () => {
    const versions = [6, 5, 4, 3, 2, 1].map((hours) => ({ createdAt: Date.UTC(2026, 10, 21, 10 - hours) }));
    const stage = makeSecretStage({ secret: { versions } });
    const keep = (index: number) => stage.keep(stage.ids[index] ?? "", `cp-kept-in-${index}`);
    for (const index of [1, 2, 3, 4, 5]) await keep(index);

    expect(await keep(0)).toContain("1 older let go");

    const held = [0, 1, 2, 3, 4, 5].map((index) =>
      stage.holder(`stepback-${`cp-kept-in-${index}`.slice(-8)}`),
    );
    expect(held).toEqual([stage.ids[0], undefined, ...stage.ids.slice(2)]);
  });

  it("says what it could not keep", async () => {
    const managed = makeSecretStage({ secret: { owningService: "rds" } });
    const stage = makeSecretStage();

    expect(await managed.keep(managed.ids[0] ?? "", "cp-00000001")).toContain("managed by rds");
    expect(await stage.keep("01234567-0000-4000-8000-000000000000", "cp-00000001")).toContain("is gone");
    expect([...managed.calls.operations, ...stage.calls.operations]).not.toContain(
      "UpdateSecretVersionStage",
    );
  });
});

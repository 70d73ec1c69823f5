import { describe, expect, it } from "vitest";
import { Region } from "../../../lib/region/region.ts";
import { makeComplete, START } from "./make-complete.ts";

describe("boardroom complete", () => {
  it("works when it is installed: nobody fails, rows are written, every edge shows 2.9.5", async () => {
    const app = await makeComplete();

    expect(await app.feltIn(120)).toEqual({});
    expect(app.complete.symptoms()).toEqual([]);
    expect(app.complete.passwordFits()).toBe(true);
    expect(app.complete.writersRunning()).toBe(3);
    expect(app.complete.writesSince(app.kernel.now - 60_000).rows).toBeGreaterThan(100);
    expect(app.complete.writesLost()).toEqual({ writes: 0, rows: 0 });
    expect(new Set(Object.values(app.complete.frontendReleases()))).toEqual(new Set(["2.9.5"]));
    expect(app.region.rds.databases.sessions("boardroom")).toBe(15);
  });

  it("tells other services of the region what they ask of it", async () => {
    const { boardroom } = await makeComplete();

    expect(boardroom.load("boardroom-api", "ECSServiceAverageCPUUtilization")).toBe(31);
    expect(boardroom.load("boardroom-web", "ECSServiceAverageMemoryUtilization")).toBe(36);
    expect(boardroom.load("stranger", "ECSServiceAverageCPUUtilization")).toBeUndefined();
    expect(() => boardroom.load("boardroom-api", "ALBRequestCountPerTarget")).toThrow("knows no load by");
    expect(boardroom.targetGroupArn("boardroom-api-alt")).toMatch(
      /:targetgroup\/boardroom-api-alt\/[0-9a-f]{16}$/,
    );
    expect(boardroom.targetGroupArn("boardroom")).toBeUndefined();
  });

  it("starts no standalone task, and lets nobody in, before it is complete", () => {
    const { boardroom } = new Region({ account: "111122223333", region: "eu-west-1", seed: 1, start: START });
    const image = {
      image: "boardroom/api:2.9.5",
      repository: "boardroom/api",
      tag: "2.9.5",
      digest: "sha256:1",
    };
    const launch = {
      ...{
        taskArn: "task",
        taskDefinition: "boardroom-smoke:1",
        family: "boardroom-smoke",
        container: "app",
      },
      ...{ image, command: ["smoke"], environment: {}, securityGroups: [], startedAt: START },
    };

    expect(boardroom.run(launch).failsToStart).toContain("not complete");
    expect(boardroom.admits(["sg-0c7e3a9f"], 5432, undefined)).toBe(false);
  });
});

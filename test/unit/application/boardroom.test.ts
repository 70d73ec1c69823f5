import type { DescribeServicesResponse } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { deployRelease } from "../../../lib/region/application/install-boardroom.ts";
import { type InstalledBoardroom, makeBoardroom } from "./make-boardroom.ts";

const LOAD_BALANCER = "app/boardroom/50dc6c495c0c9188";
const API_GROUP = "targetgroup/boardroom-api/6d0ecf831eec9f09";

/** The total of a counter since `from`, over the whole load balancer or one target group. */
function total(app: InstalledBoardroom, metricName: string, from: number, targetGroup?: string): number {
  return app.metrics
    .slice(from)
    .filter((metric) => metric.metricName === metricName)
    .filter(({ dimensions }) => dimensions["TargetGroup"] === targetGroup)
    .reduce((sum, { value, count = 1 }) => sum + value * count, 0);
}

describe("boardroom", () => {
  it("is installed with release 2.9.5 running and serving", async () => {
    const app = await makeBoardroom();
    await app.forSeconds(60);

    const output: DescribeServicesResponse = await app.call("ecs", "DescribeServices", {
      cluster: "boardroom",
      services: ["boardroom-api", "boardroom-web"],
    });
    expect(output.services?.map(({ runningCount }) => runningCount)).toEqual([3, 2]);
    expect(app.boardroom.serving("api")?.release).toBe("2.9.5");
    expect(app.boardroom.serving("web")?.release).toBe("2.9.5");
  });

  it("publishes a minute's traffic with the dimensions of an Application Load Balancer", async () => {
    const app = await makeBoardroom();
    await app.forSeconds(125);

    const requests = total(app, "RequestCount", 0);
    expect(requests / 120).toBeGreaterThan(60);
    expect(requests / 120).toBeLessThan(70);
    expect(total(app, "HTTPCode_Target_2XX_Count", 0) + total(app, "HTTPCode_Target_5XX_Count", 0)).toBe(
      requests,
    );
    expect(total(app, "RequestCount", 0, API_GROUP)).toBeLessThan(requests);
    expect(app.metrics).toContainEqual(
      expect.objectContaining({
        namespace: "AWS/ApplicationELB",
        metricName: "HealthyHostCount",
        dimensions: { TargetGroup: API_GROUP, LoadBalancer: LOAD_BALANCER },
        value: 3,
      }),
    );
    expect(total(app, "HTTPCode_ELB_5XX_Count", 0)).toBe(0);
    const names = app.metrics.map(({ metricName }) => metricName);
    expect(names).not.toContain("HTTPCode_ELB_5XX_Count");
    expect(names).toContain("DesiredTaskCount");
  });

  it("fails most requests of the API once 2.10.0 serves, and recovers with 2.9.5", async () => {
    const app = await makeBoardroom();
    await app.forSeconds(60);
    const deployedAt = app.kernel.now;
    await deployRelease(app, "api", "2.10.0");
    await app.forSeconds(180);
    expect(app.boardroom.serving("api")?.release).toBe("2.10.0");
    const before = app.metrics.length;
    await app.forSeconds(60);
    const failed = total(app, "HTTPCode_Target_5XX_Count", before, API_GROUP);
    expect(failed / total(app, "RequestCount", before, API_GROUP)).toBeCloseTo(0.7, 1);

    await deployRelease(app, "api", "2.9.5");
    await app.forSeconds(240);

    const serving = app.boardroom.serving("api");
    expect(serving?.release).toBe("2.9.5");
    const impact = app.boardroom.impact();
    expect(impact.failedRequests).toBeGreaterThan(failed);
    expect(impact.firstFailureAt).toBeGreaterThan(deployedAt + 30_000);
    expect(impact.lastFailureAt).toBeLessThan(serving?.since ?? 0);
  });

  it("lets a changed release reach tasks that already run", async () => {
    const app = await makeBoardroom();
    app.boardroom.setRelease("web", "2.9.5", { errorRate: 1, memoryPercent: 95 });
    const from = app.metrics.length;
    await app.forSeconds(120);

    expect(app.boardroom.impact().failedRequests).toBeGreaterThan(2_000);
    const memory = app.metrics
      .slice(from)
      .filter(
        ({ metricName, dimensions }) =>
          metricName === "MemoryUtilization" && dimensions["ServiceName"] === "boardroom-web",
      );
    expect(memory).toHaveLength(4);
    expect(memory.every(({ value }) => value > 90)).toBe(true);
  });

  it("answers 503 itself, outside RequestCount, when a service has no task at all", async () => {
    const app = await makeBoardroom();
    await app.call("ecs", "UpdateService", {
      cluster: "boardroom",
      service: "boardroom-web",
      desiredCount: 0,
    });
    await app.forSeconds(120);
    const from = app.metrics.length;
    const since = app.kernel.now;
    await app.forSeconds(60);

    const refused = total(app, "HTTPCode_ELB_5XX_Count", from);
    expect(refused).toBeGreaterThan(1_400);
    expect(total(app, "RequestCount", from)).toBe(total(app, "RequestCount", from, API_GROUP));
    expect(app.boardroom.impact(since).failedRequests).toBeGreaterThanOrEqual(refused);
    expect(app.boardroom.serving("web")).toBeUndefined();
  });

  it("knows a release by its digest, whatever its tag says", async () => {
    const app = await makeBoardroom();
    app.boardroom.publish(app.ecr.push, "api", "2.10.0", "latest");
    await deployRelease(app, "api", "latest");
    await app.forSeconds(240);

    expect(app.boardroom.serving("api")?.release).toBe("2.10.0");
  });

  it("gives the same log for the same seed", async () => {
    const run = async (seed: number): Promise<string[]> => {
      const app = await makeBoardroom({ seed });
      await deployRelease(app, "api", "2.10.0");
      await app.forSeconds(300);
      return app.kernel.log.lines();
    };

    expect(await run(11)).toEqual(await run(11));
    expect(await run(11)).not.toEqual(await run(12));
  });
});

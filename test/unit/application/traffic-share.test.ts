import { describe, expect, it } from "vitest";
import type { ServiceTarget } from "../../../lib/region/application/service-target.ts";
import { shareRequests } from "../../../lib/region/application/traffic-share.ts";

function makeTarget(overrides: Partial<ServiceTarget> = {}): ServiceTarget {
  return {
    taskArn: "task",
    targetGroupArn: "blue",
    state: "healthy",
    startedAt: 0,
    weight: 100,
    image: { image: "shop:v1", repository: "shop", tag: "v1", digest: "sha256:1" },
    behaviour: {
      startSeconds: 1,
      healthySeconds: 1,
      errorRate: 0,
      latencySeconds: 0.1,
      memoryPercent: 1,
      cpuPercent: 1,
    },
    ...overrides,
  };
}

describe("sharing requests", () => {
  it("divides by weight between groups and evenly inside them, losing none", () => {
    const targets = [
      makeTarget({ weight: 90 }),
      makeTarget({ weight: 90 }),
      makeTarget({ targetGroupArn: "green", weight: 10 }),
    ];

    expect(shareRequests(201, targets).map(({ requests }) => requests)).toEqual([90, 91, 20]);
  });

  it("leaves out targets that are not healthy while another is", () => {
    const shares = shareRequests(10, [
      makeTarget({ state: "initial" }),
      makeTarget({ taskArn: "healthy one" }),
    ]);

    expect(shares.map(({ target, requests }) => [target.taskArn, requests])).toEqual([["healthy one", 10]]);
  });

  it("fails open when none is healthy, and shares nothing when there is none or no weight", () => {
    expect(shareRequests(10, [makeTarget({ state: "unhealthy" })])).toHaveLength(1);
    expect(shareRequests(10, [makeTarget({ weight: 0 })])).toEqual([]);
    expect(shareRequests(10, [])).toEqual([]);
  });
});

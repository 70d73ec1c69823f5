import type { Deployment, ServiceDeploymentStatus } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { type DeploymentState, stateOf } from "../../../lambdas/components/ecs-service/deployment-state.ts";

const ours = { id: "ecs-svc/ours", status: "PRIMARY", taskDefinition: "shop:1" };
const landing = { id: "ecs-svc/old", status: "PRIMARY", taskDefinition: "shop:2" };
const theirs = { id: "ecs-svc/theirs", status: "PRIMARY", taskDefinition: "shop:3" };

describe("the state of our own deployment", () => {
  it.each<[ServiceDeploymentStatus, typeof ours, DeploymentState]>([
    ["PENDING", ours, "running"],
    ["IN_PROGRESS", ours, "running"],
    ["SUCCESSFUL", ours, "succeeded"],
    ["SUCCESSFUL", theirs, "superseded"],
    ["STOP_REQUESTED", ours, "running"],
    ["STOP_REQUESTED", theirs, "superseded"],
    ["STOPPED", ours, "stuck"],
    ["STOPPED", theirs, "superseded"],
    ["ROLLBACK_REQUESTED", ours, "running"],
    ["ROLLBACK_IN_PROGRESS", landing, "running"],
    ["ROLLBACK_IN_PROGRESS", theirs, "superseded"],
    ["ROLLBACK_SUCCESSFUL", landing, "restored"],
    ["ROLLBACK_SUCCESSFUL", theirs, "superseded"],
    ["ROLLBACK_FAILED", landing, "stuck"],
    ["ROLLBACK_FAILED", theirs, "superseded"],
  ])("is, with %s and %o as PRIMARY, %s", (status, primary, state) => {
    const own = { deployment: ours.id, serviceDeployment: { status }, landing: "shop:2" };

    expect(stateOf({ deployments: [primary] }, own)).toBe(state);
  });

  const failed = { ...ours, status: "ACTIVE", rolloutState: "FAILED" as const };
  it.each<[string, Deployment[], DeploymentState]>([
    ["ours under way", [{ ...ours, rolloutState: "IN_PROGRESS" }], "running"],
    ["ours completed", [{ ...ours, rolloutState: "COMPLETED" }], "succeeded"],
    ["ours failed and nothing else", [{ ...ours, rolloutState: "FAILED" }], "stuck"],
    ["ours failed, ECS on its way back", [{ ...landing, rolloutState: "IN_PROGRESS" }, failed], "running"],
    ["ours failed, ECS back", [{ ...landing, rolloutState: "COMPLETED" }, failed], "restored"],
    ["somebody else's", [{ ...theirs, rolloutState: "IN_PROGRESS" }], "superseded"],
    ["no rollout state, tasks missing", [{ ...ours, desiredCount: 2, runningCount: 1 }], "running"],
    ["no rollout state, tasks full", [{ ...ours, desiredCount: 2, runningCount: 2 }], "succeeded"],
    [
      "no rollout state, the old one still there",
      [{ ...ours, desiredCount: 1, runningCount: 1 }, landing],
      "running",
    ],
  ])("is read off the service while the service deployment is not listed: %s", (_, deployments, state) => {
    expect(stateOf({ deployments }, { deployment: ours.id })).toBe(state);
  });
});

import { describe, expect, it } from "vitest";
import { conditionHolds } from "../../../lib/region/iam/condition.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";

const cluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop";
const context = new Map<string, readonly string[]>([
  ["ecs:cluster", [cluster]],
  ["aws:securetransport", ["true"]],
  ["ecs:task-cpu", ["256"]],
  ["aws:currenttime", ["2026-11-21T01:02:03.000Z"]],
  ["aws:tagkeys", ["team", "stage"]],
]);

type Condition = NonNullable<PolicyStatement["Condition"]>;

describe("a condition", () => {
  it.each<[Condition, boolean]>([
    [{}, true],
    [{ StringEquals: { "ECS:Cluster": cluster } }, true],
    [{ StringEquals: { "ecs:cluster": ["other", cluster] } }, true],
    [{ StringEquals: { "ecs:cluster": cluster, "ecs:task-cpu": "512" } }, false],
    [{ StringEquals: { "ecs:cluster": cluster.toUpperCase() } }, false],
    [{ StringEqualsIgnoreCase: { "ecs:cluster": cluster.toUpperCase() } }, true],
    [{ StringNotEquals: { "ecs:cluster": ["other", cluster] } }, false],
    [{ StringNotEquals: { "ecs:cluster": ["other", "another"] } }, true],
    [{ StringLike: { "ecs:cluster": "*/sh?p" } }, true],
    [{ StringNotLike: { "ecs:cluster": "*/shop" } }, false],
    [{ ArnLike: { "ecs:cluster": "arn:aws:ecs:*:*:cluster/*" } }, true],
    [{ ArnLike: { "ecs:cluster": "arn:aws:*:cluster/shop" } }, false],
    [{ ArnEquals: { "ecs:cluster": "arn:*:ecs:*:*:cluster/sho?" } }, true],
    [{ ArnNotEquals: { "ecs:cluster": cluster } }, false],
    [{ ArnNotLike: { "ecs:cluster": "arn:aws:rds:*:*:*" } }, true],
    [{ Bool: { "aws:SecureTransport": "true" } }, true],
    [{ Bool: { "aws:SecureTransport": false } }, false],
    [{ Null: { "ecs:cluster": "false", "ecs:service": "true" } }, true],
    [{ Null: { "ecs:cluster": "true" } }, false],
    [{ NumericLessThanEquals: { "ecs:task-cpu": "256" } }, true],
    [{ NumericLessThan: { "ecs:task-cpu": "256" } }, false],
    [{ NumericGreaterThan: { "ecs:task-cpu": "99" } }, true],
    [{ NumericEquals: { "ecs:task-cpu": "256.0" } }, true],
    [{ DateLessThan: { "aws:CurrentTime": "2026-11-21T01:02:04Z" } }, true],
    [{ DateGreaterThan: { "aws:CurrentTime": "2026-11-21T01:02:04Z" } }, false],
    [{ StringEquals: { "ecs:service": "x" } }, false],
    [{ StringNotEquals: { "ecs:service": "x" } }, true],
    [{ StringEqualsIfExists: { "ecs:service": "x" } }, true],
    [{ StringEqualsIfExists: { "ecs:cluster": "x" } }, false],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": "stage" } }, true],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": "owner" } }, false],
    [{ "ForAnyValue:StringEquals": { "ecs:service": "owner" } }, false],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["stage", "team", "owner"] } }, true],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": "stage" } }, false],
    [{ "ForAllValues:StringEquals": { "ecs:service": "x" } }, true],
  ])("%j holds: %s", (condition, expected) => {
    expect(conditionHolds(condition, context)).toBe(expected);
  });

  it("is an error when its operator is unknown, or cannot compare several values", () => {
    const unknown = { StringEqualz: { "ecs:cluster": cluster } };
    const several = { StringEquals: { "aws:TagKeys": "team" } };

    expect(() => conditionHolds(unknown, context)).toThrow('"StringEqualz"');
    expect(() => conditionHolds(several, context)).toThrow("ForAnyValue or ForAllValues");
  });
});

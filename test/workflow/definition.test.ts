import * as s3 from "@aws-sdk/client-s3";
import validate from "asl-validator";
import type { RetryProps } from "aws-cdk-lib/aws-stepfunctions";
import { describe, expect, it } from "vitest";
import { checkDefinition } from "../../lib/region/states-language/check/check-definition.ts";
import type { Finding } from "../../lib/region/states-language/check/finding.ts";
import type { Retrier } from "../../lib/region/states-language/definition.ts";
import { IntegrationCatalogue } from "../../lib/region/states-language/integrations/integration-catalogue.ts";
import { CONDITION_FAILED } from "../../lib/stack/workflow/ledger-lock.ts";
import * as retries from "../../lib/stack/workflow/retries.ts";
import { makeEnvironment } from "../support/make-environment.ts";
import { definitionOf } from "./perform.ts";
import { catchersOf, statesOf } from "./transitions.ts";

const integrations = new IntegrationCatalogue([
  { name: "s3", signingName: "s3", errorPrefix: "S3", sdk: s3 },
]);
const machines = [
  ["rollback", "Rollback"],
  ["checkpoint", "Checkpoint"],
  ["clean-up", "CleanUp"],
] as const;

describe.each(machines)("the definition of the %s", (_, machine) => {
  const definition = definitionOf(makeEnvironment(), machine);
  const states = statesOf(definition);

  it("passes asl-validator", () => {
    // A copy: the validator writes into what it reads.
    const verdict = validate(structuredClone(definition));

    expect(verdict.errorsText("\n")).toBe("");
    expect(verdict.isValid).toBe(true);
  });

  it("passes the region's own check", () => {
    expect(checkDefinition(definition, integrations).filter((finding) => !isKnown(finding))).toEqual([]);
  });

  it("holds no token of CloudFormation", () => {
    expect(JSON.stringify(definition)).not.toMatch(/\$\{|Fn::|\bRef\b|Token\[/);
  });

  it("gives every task a time limit, and itself one", () => {
    const tasks = states.filter(([, state]) => state.Type === "Task");

    expect(tasks.length).toBeGreaterThan(0);
    expect(
      tasks.filter(([, state]) => !("TimeoutSeconds" in state && Number(state.TimeoutSeconds) > 0)),
    ).toEqual([]);
    expect(definition.TimeoutSeconds).toBeGreaterThan(0);
  });

  it("retries by name only", () => {
    const retriers = states.flatMap(([, state]) => ("Retry" in state ? (state.Retry ?? []) : []));
    const named = [
      ...Object.values(retries).map(retrierOf),
      { ErrorEquals: [CONDITION_FAILED], MaxAttempts: 0 },
    ];

    expect(retriers.length).toBeGreaterThan(1);
    for (const retrier of retriers) expect(named).toContainEqual(retrier);
  });

  it("retries whatever calls anything", () => {
    const tasks = states.filter(([, state]) => state.Type === "Task");

    expect(tasks.filter(([, state]) => !("Retry" in state))).toEqual([]);
  });

  it("names its states in at most five words, like a sentence", () => {
    for (const [name] of states) expect(name).toMatch(/^[A-Z][a-z]*( [a-z]+){0,4}\??$/);
  });

  it("asks a question in every choice, and nowhere else", () => {
    for (const [name, state] of states)
      expect([name, name.endsWith("?")]).toEqual([name, state.Type === "Choice"]);
  });
});

describe("the checks of definitions", () => {
  const definition = definitionOf();

  it.each([
    ["a state that leads nowhere", { ...definition.States["Plan rollback"], Next: "Nowhere" }],
    ["a field of JSONPath", { ...definition.States["Plan rollback"], ResultPath: "$.planned" }],
  ])("find %s", (_, broken) => {
    const wrong = { ...definition, States: { ...definition.States, "Plan rollback": broken } };

    expect(validate(structuredClone(wrong)).isValid).toBe(false);
    expect(checkDefinition(wrong, integrations).filter(({ level }) => level === "error")).not.toEqual([]);
  });
});

describe("the rollback", () => {
  const states = statesOf(definitionOf());

  it("leaves no task without a catch: what fails becomes an outcome", () => {
    const unguarded = states.filter(
      ([, state]) =>
        (state.Type === "Task" || state.Type === "Parallel") &&
        !catchersOf(state).some(({ ErrorEquals }) => ErrorEquals.includes("States.ALL")),
    );

    // What fails of the question ends its branch, and the waiting with it, which has a catch.
    expect(unguarded.map(([name]) => name)).toEqual(["Ask for approval"]);
  });

  it("waits for an answer as long as the policy says, and no longer", () => {
    const [, ask] = states.find(([name]) => name === "Ask for approval") ?? [];

    expect(ask).toMatchObject({
      TimeoutSeconds: 3_600,
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    });
  });
});

/** People are told of a planner that failed too, and then there is no plan to name: the expression asks for it first. */
function isKnown({ level, code, location, message }: Finding): boolean {
  return (
    level === "advice" &&
    code === "maybe-undefined-variable" &&
    message.endsWith("$planned") &&
    location === "/States/Announce failure/Arguments/MessageAttributes/rollbackId/StringValue"
  );
}

function retrierOf({
  errors,
  interval,
  maxAttempts,
  backoffRate,
  maxDelay,
  jitterStrategy,
}: RetryProps): Retrier {
  if (errors && maxAttempts === 0) return { ErrorEquals: errors, MaxAttempts: 0 };
  if (!errors || !interval || maxAttempts === undefined || !backoffRate || !maxDelay || !jitterStrategy)
    throw new Error("A named retry leaves nothing to defaults");
  return {
    ErrorEquals: errors,
    IntervalSeconds: interval.toSeconds(),
    MaxAttempts: maxAttempts,
    BackoffRate: backoffRate,
    MaxDelaySeconds: maxDelay.toSeconds(),
    JitterStrategy: jitterStrategy,
  };
}

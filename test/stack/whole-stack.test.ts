import { describe, expect, it } from "vitest";
import { assemblyOf } from "../support/assembly.ts";

const assembly = assemblyOf();

/** Properties that give a resource its physical name, and why a person, or AWS, needs to know it beforehand. */
const NAMED: Readonly<Record<string, string>> = {
  "AWS::StepFunctions::StateMachine.StateMachineName": "aws stepfunctions start-execution",
  "AWS::CloudWatch::Alarm.AlarmName": "the alarm rule matches its prefix, and messages name it",
  "AWS::CloudWatch::Dashboard.DashboardName": "opened in the console by its name",
  "AWS::Logs::LogGroup.LogGroupName": "Step Functions needs the prefix /aws/vendedlogs/",
  // Part of a role, which has no name of its own; CDK cannot leave it out.
  "AWS::IAM::Policy.PolicyName": "required",
};

describe("the stack", () => {
  it("names only what people type", () => {
    const named = assembly.resources.flatMap(({ type, properties }) => {
      const own = type.split("::").at(-1) ?? "";
      return Object.keys(properties)
        .filter((key) => key === "Name" || (key.endsWith("Name") && own.endsWith(key.slice(0, -4))))
        .map((key) => `${type}.${key}`);
    });

    expect([...new Set(named)].sort()).toEqual(Object.keys(NAMED).sort());
  });

  it("gives a physical log group name to state machines only", () => {
    const named = assembly.of("AWS::Logs::LogGroup").filter(({ properties }) => "LogGroupName" in properties);

    expect(named.map(({ properties }) => properties["LogGroupName"])).toEqual([
      "/aws/vendedlogs/states/stepback-example-rollback",
      "/aws/vendedlogs/states/stepback-example-checkpoint",
      "/aws/vendedlogs/states/stepback-example-clean-up",
    ]);
  });

  it("logs every event of a state machine, and none of its data", () => {
    const machines = assembly.of("AWS::StepFunctions::StateMachine");

    expect(machines).toHaveLength(3);
    for (const { properties } of machines) {
      expect(properties).toMatchObject({
        LoggingConfiguration: { Level: "ALL", IncludeExecutionData: false },
        TracingConfiguration: { Enabled: true },
      });
      // Absent means STANDARD: only those run for hours, wait for people and keep a history.
      expect(properties).not.toHaveProperty("StateMachineType");
    }
  });

  it("is what it was", () => {
    expect(scrubbed(assembly.template)).toMatchSnapshot();
  });
});

/** Without the hashes of assets: a change of a handler is no change of the stack. */
function scrubbed(template: unknown): unknown {
  return JSON.parse(JSON.stringify(template).replace(/\b[0-9a-f]{64}\b/g, "<asset>"));
}

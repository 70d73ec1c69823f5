import { describe, expect, it } from "vitest";
import {
  Alarm,
  alarmPrefix,
  checkpointMachineName,
  rollbackMachineName,
} from "../../lambdas/contracts/environment.ts";
import { KINDS, type Kind } from "../../lambdas/contracts/vocabulary.ts";
import { articlesOf, codesOf, sectionOf, textOf } from "./documents.ts";
import { innerStatesOf, resourcesOfType, statesOf } from "./synthesised.ts";

const RUNBOOK = textOf("docs/runbook.md");
const EXAMPLE = { name: "example" };

const MACHINES = [
  ["The rollback machine", rollbackMachineName(EXAMPLE)],
  ["The checkpoint machine", checkpointMachineName(EXAMPLE)],
] as const;

const KIND_TITLES: Readonly<Record<Kind, string>> = {
  "ecs-service": "ECS service",
  database: "Database",
  frontend: "Frontend",
  secret: "Secret",
  parameter: "Parameter",
  cache: "Cache",
  task: "Task",
  maintenance: "Page and isolation",
};

const RECIPES = Alarm.options.map((option) => option.shape.recipe.value);

/** The last part of the names of the alarms that watch Stepback itself. */
function operatorAlarms(): string[] {
  const names = resourcesOfType("AWS::CloudWatch::Alarm").map(([, { AlarmName }]) => String(AlarmName));
  return names
    .filter((name) => !name.startsWith(alarmPrefix(EXAMPLE)))
    .map((name) => name.replace(`watch-${EXAMPLE.name}-`, ""));
}

describe("the runbook", () => {
  it.each(MACHINES)("has exactly one article for every state under %j", (section, machine) => {
    expect(articlesOf(RUNBOOK, section).sort()).toEqual(Object.keys(statesOf(machine)).sort());
  });

  it("explains every state inside another one in the article of the outer one", () => {
    const states = Object.entries(statesOf(rollbackMachineName(EXAMPLE)));
    const unexplained = states.flatMap(([outer, state]) => {
      const explained = codesOf(sectionOf(RUNBOOK, outer));
      return innerStatesOf(state).filter((inner) => !explained.includes(inner));
    });

    expect(states.some(([, state]) => innerStatesOf(state).length > 0)).toBe(true);
    expect(unexplained).toEqual([]);
  });

  it("has exactly one article for every kind of component", () => {
    expect(articlesOf(RUNBOOK, "Kind by kind")).toEqual(KINDS.map((kind) => KIND_TITLES[kind]));
  });

  it("has exactly one article for every alarm recipe", () => {
    expect(articlesOf(RUNBOOK, "Alarms that start a rollback").sort()).toEqual([...RECIPES].sort());
  });

  it("has exactly one article for every alarm about Stepback itself", () => {
    expect(articlesOf(RUNBOOK, "Alarms about Stepback itself").sort()).toEqual(operatorAlarms().sort());
  });

  it("says in every article what it means, what to investigate and how to resolve it", () => {
    const sections = [
      ...MACHINES.map(([section]) => section),
      "Alarms that start a rollback",
      "Alarms about Stepback itself",
    ];
    const incomplete = sections
      .flatMap((section) => articlesOf(RUNBOOK, section))
      .filter((title) => {
        const parts = [...sectionOf(RUNBOOK, title).matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, part]) => part);
        return parts.join() !== "What it means,Investigate,Resolve";
      });

    expect(incomplete).toEqual([]);
  });

  it("names every phase that the messages carry", () => {
    const attribute = /"phase":\{"DataType":"String","StringValue":"(\w+)"/g;
    const machine = JSON.stringify(statesOf(rollbackMachineName(EXAMPLE)));
    const phases = new Set([...machine.matchAll(attribute)].map(([, phase]) => phase));
    const table = codesOf(sectionOf(RUNBOOK, "Messages"));

    expect(phases.size).toBeGreaterThan(0);
    for (const phase of phases) expect(table).toContain(phase);
  });
});

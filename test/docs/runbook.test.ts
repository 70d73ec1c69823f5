import { describe, expect, it } from "vitest";
import {
  Alarm,
  alarmPrefix,
  checkpointMachineName,
  cleanUpMachineName,
  rollbackMachineName,
} from "../../lambdas/contracts/environment.ts";
import { KINDS, type Kind, PHASES } from "../../lambdas/contracts/vocabulary.ts";
import { remind } from "../../lambdas/domain/kept/remind.ts";
import { makeKept } from "../unit/domain/kept/make-kept.ts";
import { articlesOf, codesOf, rowsOf, sectionOf, textOf } from "./documents.ts";
import { innerStatesOf, resourcesOfType, statesOf } from "./synthesised.ts";

const RUNBOOK = textOf("docs/runbook.md");
const EXAMPLE = { name: "example" };

const MACHINES = [
  ["The rollback machine", rollbackMachineName(EXAMPLE)],
  ["The checkpoint machine", checkpointMachineName(EXAMPLE)],
  ["The clean-up machine", cleanUpMachineName(EXAMPLE)],
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
      "Reminders",
    ];
    const incomplete = sections
      .flatMap((section) => articlesOf(RUNBOOK, section))
      .filter((title) => {
        const parts = [...sectionOf(RUNBOOK, title).matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, part]) => part);
        return parts.join() !== "What it means,Investigate,Resolve";
      });

    expect(incomplete).toEqual([]);
  });

  it("names every phase that messages carry, and no other", () => {
    const section = sectionOf(RUNBOOK, "Messages");

    expect(
      rowsOf(section)
        .map(([phase = ""]) => codesOf(phase)[0])
        .sort(),
    ).toEqual([...PHASES].sort());
  });

  it("has an article for each subject of a reminder", () => {
    const place = { application: "", environment: "", account: "", region: "" };
    const at = new Date("2026-11-28T09:00:00Z");
    const subjects = [
      remind(place, at, { kept: [makeKept()], troubles: [] })?.subject,
      remind(place, at, { kept: [], troubles: ["no"] })?.subject,
    ];

    expect(articlesOf(RUNBOOK, "Reminders")).toEqual(subjects.map((subject) => subject?.split(":")[0]));
  });

  it("names every phase that the machine's messages carry", () => {
    const attribute = /"phase":\{"DataType":"String","StringValue":"(\w+)"/g;
    const machine = JSON.stringify(statesOf(rollbackMachineName(EXAMPLE)));
    const phases = new Set([...machine.matchAll(attribute)].map(([, phase]) => phase));
    const table = codesOf(sectionOf(RUNBOOK, "Messages"));

    expect(phases.size).toBeGreaterThan(0);
    for (const phase of phases) expect(table).toContain(phase);
  });
});

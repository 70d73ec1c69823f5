import { describe, expect, it } from "vitest";
import { narratorOf } from "../../../lib/drill/timeline.ts";
import { loadEnvironment } from "../../../lib/files/load-environment.ts";
import type { LogEntry } from "../../../lib/region/kernel/region-log.ts";

const environment = loadEnvironment("example");
const message = {
  messageId: "m-1",
  subject: "Rolling back boardroom (example)",
  message: "Rolling back now.\n\n- api: goes back",
};

/** What the story says of these entries of the log, in order. */
function told(
  entries: readonly (readonly [string, string, LogEntry["facts"]?])[],
  options: { readonly tellPeoplesCalls?: boolean } = {},
) {
  const region = { sns: { published: () => [message] } };
  const narrate = narratorOf({ environment, region, ...options });
  return entries
    .map(([source, event, facts = {}]) => narrate({ at: 0, source, event, facts }))
    .flatMap((entry) => (entry ? [{ who: entry.who, text: entry.text }] : []));
}

const stepback = "Stepback-example-FunctionsMove/Move";
const call = (operation: string, principal: string, outcome = "ok") => ({ operation, principal, outcome });
const started = { service: "boardroom-api", deployment: "d-2", taskDefinition: "boardroom-api:1" };
const task = (name: string, more: object = {}) => ({
  ...{ service: "boardroom-api", deployment: "d-2", task: name, status: "RUNNING", desired: 3 },
  ...more,
});
const state = (execution: string, name: string, type = "Task") =>
  [
    "states",
    "state entered",
    { machine: "stepback-example-rollback", execution, state: name, type },
  ] as const;
const execution = (event: string, name: string, status = "RUNNING") =>
  ["states", event, { machine: "stepback-example-rollback", execution: name, status }] as const;

describe("the story of a rollback", () => {
  it("names the component, the target and who had it deployed, and counts the tasks that run it", () => {
    expect(
      told([
        ["ecs", "deployment started", started],
        ["ecs", "api call", call("UpdateService", stepback)],
        ["ecs", "task changed", task("a", { deployment: "d-1" })],
        ["ecs", "task changed", task("b")],
        ["ecs", "task changed", task("c")],
        ["ecs", "task changed", task("c", { status: "STOPPED", stopCode: "EssentialContainerExited" })],
        ["ecs", "task changed", task("d")],
        ["ecs", "service deployment changed", { ...started, status: "SUCCESSFUL" }],
      ]),
    ).toEqual([
      { who: "stepback", text: "api: ECS is told to deploy boardroom-api:1" },
      { who: "aws", text: "api: 1 of 3 tasks run boardroom-api:1" },
      { who: "aws", text: "api: 2 of 3 tasks run boardroom-api:1" },
      { who: "aws", text: "api: a task of boardroom-api:1 stopped: EssentialContainerExited" },
      { who: "aws", text: "api: 2 of 3 tasks run boardroom-api:1" },
      { who: "aws", text: "api: the deployment of boardroom-api:1 is complete" },
    ]);
  });

  it("says which execution it means only while there are two", () => {
    expect(
      told([
        execution("execution started", "aaaaaaaa-1"),
        state("aaaaaaaa-1", "Plan rollback"),
        execution("execution started", "bbbbbbbb-2"),
        state("bbbbbbbb-2", "Plan rollback"),
        state("bbbbbbbb-2", "Joined", "Succeed"),
        execution("execution ended", "bbbbbbbb-2", "SUCCEEDED"),
        state("aaaaaaaa-1", "Component settled", "Succeed"),
        execution("execution ended", "aaaaaaaa-1", "ABORTED"),
      ]).map(({ text }) => text),
    ).toEqual([
      "a rollback starts (execution aaaaaaaa-1)",
      "Plan rollback",
      "a rollback starts (execution bbbbbbbb-2)",
      "Plan rollback (execution bbbbbbbb)",
      "the rollback ends: Joined (SUCCEEDED) (execution bbbbbbbb)",
      "the rollback ends: ABORTED",
    ]);
  });

  it("is quiet about reads, and about people's calls where their steps are told", () => {
    const calls = [
      ["ecs", "api call", call("DescribeServices", "operator")],
      ["monitoring", "api call", call("SetAlarmState", "operator")],
      ["ecs", "api call", call("ListContainerInstances", "operator", "NotImplemented")],
      ["states", "api call", call("StartExecution", "events.amazonaws.com")],
    ] as const;

    expect(told(calls)).toEqual([]);
    expect(told(calls, { tellPeoplesCalls: true })).toEqual([
      { who: "people", text: "aws cloudwatch set-alarm-state" },
      { who: "people", text: "aws ecs list-container-instances is answered NotImplemented" },
    ]);
  });

  it("shortens what CloudWatch says and takes what functions print as it comes", () => {
    const reason =
      "Threshold Crossed: 5 out of the last 6 datapoints were greater than the threshold (50.0). The most recent datapoints which crossed the threshold: [69.9] (minimum 5 datapoints for OK -> ALARM transition).";
    const line = JSON.stringify({
      message: "component tick",
      component: "api",
      status: "done",
      note: "All of it.",
    });
    expect(
      told([
        ["monitoring", "alarm changed", { alarm: "api-errors", from: "OK", to: "ALARM", reason }],
        ["lambda-output", "line", { text: line }],
        ["lambda-output", "line", { text: '{"message":' }],
        ["lambda-output", "line", { text: "No application metrics to publish." }],
      ]).map(({ text }) => text),
    ).toEqual([
      "alarm api-errors: OK -> ALARM (5 out of the last 6 datapoints were greater than the threshold (50.0))",
      "api: All of it.",
    ]);
  });

  it("shows the text of a message, because nobody gets mail in a simulated region", () => {
    const region = { sns: { published: () => [message] } };
    const narrate = narratorOf({ environment, region });

    expect(narrate({ at: 7, source: "sns", event: "message published", facts: { id: "m-1" } })).toEqual({
      at: 7,
      who: "people",
      text: "get a message: Rolling back boardroom (example)",
      details: ["Rolling back now.", "- api: goes back"],
    });
  });
});

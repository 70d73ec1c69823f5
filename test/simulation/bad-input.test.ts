import { beforeAll, describe, expect, it } from "vitest";
import { callsOfStepback, executionsSince, rollbacksOf } from "../../lib/drill/observed.ts";
import { type Stage, setStage } from "../../lib/drill/stage.ts";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { AwsError } from "../../lib/region/service-model.ts";

const APPLICATION = { circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: false } as const;

/** Calls that change anything but tell people and start the workflow itself. */
const HARMLESS = new Set(["StartExecution", "Invoke", "Publish"]);

const foreign = {
  id: "e1",
  account: "999999999999",
  region: "eu-west-1",
  time: "2026-11-21T00:00:00Z",
  source: "aws.cloudwatch",
  "detail-type": "CloudWatch Alarm State Change",
  resources: ["arn:aws:cloudwatch:eu-west-1:999999999999:alarm:stepback-example-api-errors"],
  detail: {
    alarmName: "stepback-example-api-errors",
    state: { value: "ALARM", timestamp: "2026-11-21T00:00:00.000+0000" },
  },
};

const REFUSED: readonly (readonly [title: string, input: unknown, sentence: RegExp])[] = [
  ["an unknown key", { reason: "5xx", scoop: ["api"] }, /unknown key "scoop" \(did you mean "scope"\?\)/],
  ["a wrong type", { reason: "5xx", scope: "api" }, /"scope"/],
  [
    "an unknown component",
    { reason: "5xx", scope: ["database"] },
    /"database" is not in environment example; known are api, web/,
  ],
  [
    "a target that does not exist",
    { reason: "5xx", scope: ["api"], target: { components: { api: "boardroom-api:99" } } },
    /boardroom-api:99/,
  ],
  [
    "a checkpoint that does not exist",
    { reason: "5xx", target: { checkpoint: "20200101T000000Z-0" } },
    /20200101T000000Z-0/,
  ],
  [
    "an event of a foreign account",
    { trigger: { type: "alarm", event: foreign } },
    /from account 999999999999/,
  ],
  [
    "an event that is none",
    { trigger: { type: "alarm", event: { hello: "world" } } },
    /not a CloudWatch alarm state change/,
  ],
  ["200 KB of junk", { reason: "5xx", junk: "x".repeat(200_000) }, /an input of 2\d{5} characters/],
  ["a list", [1, 2, 3], /The request was not understood/],
  ["a prototype key", JSON.parse('{"reason":"5xx","__proto__":{"scope":["api"]}}'), /__proto__/],
];

describe("a rollback with bad input", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage({ environment: loadEnvironment("example"), application: APPLICATION, seed: 1 });
  });

  it.each(REFUSED)("is refused with a sentence and changes nothing: %s", async (_title, input, sentence) => {
    const { kernel } = stage.region;
    const startedAt = kernel.now + 1;
    const firstCall = stage.region.endpoint.calls.length;
    await kernel.runUntil(startedAt);

    await kernel.complete(start(stage, JSON.stringify(input)));
    await kernel.runWhile(
      () => executionsSince(stage, startedAt).some((one) => one.endedAt === undefined),
      kernel.now + 600_000,
    );

    const [rollback] = await kernel.complete(rollbacksOf(stage, startedAt));
    expect(rollback?.outcome).toBe("Refused");
    expect(rollback?.sentence).toMatch(sentence);
    expect(rollback?.sentence).toMatch(/Nothing was changed\.$/);
    const mutating = callsOfStepback(stage, firstCall).filter(
      (call) => call.mutating && !HARMLESS.has(call.operation),
    );
    expect(mutating.map((call) => call.operation)).toEqual([]);
  });

  it("of 300 KB is refused by Step Functions itself and starts nothing", async () => {
    const { kernel } = stage.region;
    const before = executionsSince(stage, 0).length;

    const refused = kernel.complete(start(stage, JSON.stringify({ reason: "x".repeat(300_000) })));

    await expect(refused).rejects.toBeInstanceOf(AwsError);
    expect(executionsSince(stage, 0)).toHaveLength(before);
  });
});

const start = ({ region, rollbackMachine }: Stage, input: string) =>
  region.operate("states", "StartExecution", { stateMachineArn: rollbackMachine, input });

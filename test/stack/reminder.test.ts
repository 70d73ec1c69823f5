import { describe, expect, it } from "vitest";
import { KeptQuestion } from "../../lambdas/contracts/kept.ts";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { assemblyOf } from "../support/assembly.ts";
import { actionsOf, grantsTo } from "../support/granted.ts";
import { makeEnvironment } from "../support/make-environment.ts";

const environment = loadEnvironment("complete");
const complete = assemblyOf(environment);
const rule = complete.one("AWS::Events::Rule", "ReminderDue");
const [target] = Array.isArray(rule.properties["Targets"]) ? rule.properties["Targets"] : [];

describe("the reminder", () => {
  it("comes once a day, at the hour that the environment names, nine UTC unless told", () => {
    const policy = { ...environment.policy, remindHour: 22 };
    const late = assemblyOf({ ...environment, policy }).one("AWS::Events::Rule", "ReminderDue");

    expect(rule.properties["ScheduleExpression"]).toBe("cron(0 9 * * ? *)");
    expect(late.properties["ScheduleExpression"]).toBe("cron(0 22 * * ? *)");
  });

  it("asks about its own day, however late it comes, and about nothing but what can be left behind", () => {
    const { InputPathsMap, InputTemplate } = Object(target?.["InputTransformer"]);
    expect(Object.values(InputPathsMap)).toEqual(["$.time"]);
    const [variable] = Object.keys(InputPathsMap);
    const filled = String(InputTemplate).replace(`<${variable}>`, '"2026-11-28T09:00:00Z"');

    expect(KeptQuestion.parse(JSON.parse(filled))).toEqual({
      at: "2026-11-28T09:00:00Z",
      components: {
        database: {
          kind: "database",
          instance: "boardroom",
          cutOver: { strategy: "endpoint-parameter", parameter: "/boardroom/db/host" },
        },
      },
    });
  });

  it("is there before the next one, or lies in the dead-letter queue", () => {
    const { MaximumEventAgeInSeconds } = Object(target?.["RetryPolicy"]);

    expect(MaximumEventAgeInSeconds).toBeLessThan(86_400);
    expect(target?.["DeadLetterConfig"]).toEqual({
      Arn: expect.stringMatching(`:${complete.one("AWS::SQS::Queue").id}$`),
    });
  });

  it("can only read, and tell people", () => {
    const actions = actionsOf(grantsTo(complete, "FunctionsRemindOfKeptRole")).filter(
      (action) => !/^(logs|xray):/.test(action),
    );

    expect(actions.filter((action) => !/:(Describe|Get)\w+$/.test(action))).toEqual(["sns:Publish"]);
  });

  it("is none where rollbacks leave nothing behind", () => {
    const without = assemblyOf(makeEnvironment());

    expect(
      without
        .of("AWS::Events::Rule")
        .map(({ id }) => id)
        .join(),
    ).not.toContain("Reminder");
    expect(
      without
        .of("AWS::Lambda::Function")
        .map(({ id }) => id)
        .join(),
    ).not.toContain("RemindOfKept");
  });

  it("knows a cache that is replaced by copies, and lists what is called after nobody", () => {
    const cache = {
      kind: "cache" as const,
      clean: { way: "snapshot" as const, replicationGroup: "shop", endpointParameter: "/shop/cache" },
      usedBy: [],
    };
    const { components } = makeEnvironment();
    const assembly = assemblyOf(makeEnvironment({ components: { ...components, cache } }));

    const grants = grantsTo(assembly, "FunctionsRemindOfKeptRole").filter(({ actions }) =>
      actions.some((action) => action.startsWith("elasticache:")),
    );
    expect(grants).toEqual([
      expect.objectContaining({
        actions: ["elasticache:DescribeReplicationGroups", "elasticache:ListTagsForResource"],
        resources: [expect.stringMatching(/:replicationgroup:\*$/)],
      }),
    ]);
  });
});

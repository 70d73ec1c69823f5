import {
  type Action,
  CreateRuleCommand,
  type CreateRuleCommandInput,
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  type RuleCondition,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { everyone, makeMaintenance, page } from "./make-maintenance.ts";

function makeRules() {
  const made = makeMaintenance();
  const { clients, run, listenerArn } = made;
  return {
    ...made,
    create: (overrides: Partial<CreateRuleCommandInput> = {}) =>
      run(() =>
        clients.balancing.send(
          new CreateRuleCommand({
            ListenerArn: listenerArn,
            Priority: 10,
            Conditions: [everyone],
            Actions: [page],
            ...overrides,
          }),
        ),
      ).then(({ Rules }) => Rules?.[0]?.RuleArn ?? ""),
    prioritise: (...pairs: readonly (readonly [arn: string, priority: number])[]) =>
      run(() =>
        clients.balancing.send(
          new SetRulePrioritiesCommand({
            RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })),
          }),
        ),
      ),
  };
}

describe("listener rules", () => {
  it("cannot share a priority, neither when created nor when moved, but may swap", async () => {
    const { create, prioritise, pass, user } = makeRules();
    const inUse = { name: "PriorityInUseException" };
    const special: RuleCondition = { Field: "path-pattern", Values: ["/meetings"] };
    const teapot: Action = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "418" } };
    const first = await create({ Conditions: [special], Actions: [teapot] });
    const second = await create({ Priority: 20 });

    await expect(create()).rejects.toMatchObject(inUse);
    await expect(prioritise([first, 2])).rejects.toMatchObject(inUse);
    await expect(prioritise([first, 30], [second, 30])).rejects.toMatchObject(inUse);
    await pass(10);
    expect(user()).toMatchObject({ status: 418 });
    await prioritise([first, 20], [second, 10]);
    await pass(10);
    expect(user()).toMatchObject({ status: 503 });
  });

  it.each<[string, Partial<CreateRuleCommandInput>]>([
    ["no condition", { Conditions: [] }],
    ["a priority that is none", { Priority: 50_001 }],
    ["two conditions on paths", { Conditions: [everyone, everyone] }],
    ["a host that is any", { Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: ["*"] } }] }],
    ["values in two members", { Conditions: [{ ...everyone, Values: ["*"] }] }],
    [
      "an address without a prefix",
      { Conditions: [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.1"] } }] },
    ],
    ["two actions", { Actions: [page, page] }],
    ["a long page", { Actions: [makePage({ MessageBody: "x".repeat(1025) })] }],
    ["a page that is an image", { Actions: [makePage({ ContentType: "image/png" })] }],
    ["a page that redirects", { Actions: [makePage({ StatusCode: "302" })] }],
  ])("are refused with %s", async (_, overrides) => {
    const { create } = makeRules();

    await expect(create(overrides)).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("are refused when they need what the region does not model, or a target group that is not there", async () => {
    const { create, targetGroupArn } = makeRules();
    const redirect: Action = { Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } };

    await expect(create({ Actions: [redirect] })).rejects.toMatchObject({ name: "NotImplemented" });
    await expect(
      create({ Conditions: [{ Field: "query-string", QueryStringConfig: { Values: [{ Value: "a" }] } }] }),
    ).rejects.toMatchObject({ name: "NotImplemented" });
    await expect(
      create({ Actions: [{ Type: "forward", TargetGroupArn: `${targetGroupArn}x` }] }),
    ).rejects.toMatchObject({ name: "TargetGroupNotFoundException" });
  });

  it("look at host, path, header and address, all at once", async () => {
    const { create, pass, user } = makeRules();
    await create({
      Conditions: [
        { Field: "host-header", HostHeaderConfig: { Values: ["*.EXAMPLE.com", "boardroom.example"] } },
        { Field: "path-pattern", PathPatternConfig: { Values: ["/meet?ngs"] } },
        { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Ring", Values: ["in*"] } },
        { Field: "source-ip", SourceIpConfig: { Values: ["198.51.100.0/24"] } },
      ],
    });
    await pass(10);
    const headers = { "x-ring": "INNER" };

    expect(user({ headers }).action).toBe("fixed-response");
    expect(user({ headers, host: "eu.example.com" }).action).toBe("fixed-response");
    expect(user().action).toBe("forward");
    expect(user({ headers, host: "example.com" }).action).toBe("forward");
    expect(user({ headers, path: "/MEETINGS" }).action).toBe("forward");
    expect(user({ headers, sourceIp: "2001:db8::1" }).action).toBe("forward");
  });

  it("are gone some seconds after they were deleted; the default rule stays", async () => {
    const { clients, run, create, pass, user, listenerArn } = makeRules();
    const remove = (RuleArn: string | undefined) =>
      run(() => clients.balancing.send(new DeleteRuleCommand({ RuleArn })));
    const arn = await create();
    await pass(10);

    await remove(arn);

    expect(user().action).toBe("fixed-response");
    await pass(10);
    expect(user().action).toBe("forward");
    await expect(remove(arn)).rejects.toMatchObject({ name: "RuleNotFoundException" });
    const { Rules } = await run(() =>
      clients.balancing.send(new DescribeRulesCommand({ ListenerArn: listenerArn })),
    );
    await expect(remove(Rules?.at(-1)?.RuleArn)).rejects.toMatchObject({
      name: "OperationNotPermittedException",
    });
  });

  it("divide requests between target groups by weight", async () => {
    const { create, balancing, pass, user, targetGroupArn } = makeRules();
    const other = balancing.install.targetGroup({ name: "api-alt", port: 8080 });
    const TargetGroups = [
      { TargetGroupArn: targetGroupArn, Weight: 1 },
      { TargetGroupArn: other, Weight: 3 },
    ];
    const TargetGroupStickinessConfig = { Enabled: false };
    await create({
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }],
    });
    await pass(10);

    const chosen = Array.from({ length: 400 }, () => user());

    const toOther = chosen.filter((to) => to.action === "forward" && to.targetGroupArn === other).length;
    expect(toOther).toBeGreaterThan(270);
    expect(toOther).toBeLessThan(330);
    await expect(
      create({
        Priority: 11,
        Actions: [
          {
            Type: "forward",
            ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: true } },
          },
        ],
      }),
    ).rejects.toMatchObject({ name: "NotImplemented" });
  });
});

describe("a target group", () => {
  it("says how its targets do, and that a stranger is not registered", async () => {
    const { clients, run, targets, targetGroupArn } = makeMaintenance();
    targets.push(
      { id: "10.0.0.4", port: 8080, state: "healthy" },
      { id: "10.0.0.5", port: 8080, state: "draining" },
    );
    const health = async (Targets?: { Id: string }[]) => {
      const { TargetHealthDescriptions } = await run(() =>
        clients.balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn, Targets })),
      );
      return TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth);
    };

    expect(await health()).toEqual([
      { State: "healthy" },
      { State: "draining", Reason: "Target.DeregistrationInProgress" },
    ]);
    expect(await health([{ Id: "10.0.0.9" }])).toEqual([{ State: "unused", Reason: "Target.NotRegistered" }]);
  });

  it("takes another deregistration delay within AWS's range, which ECS sees", async () => {
    const { clients, run, balancing, targetGroupArn: TargetGroupArn } = makeMaintenance();
    const modify = (Key: string, Value: string) =>
      run(() =>
        clients.balancing.send(
          new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [{ Key, Value }] }),
        ),
      );
    const Key = "deregistration_delay.timeout_seconds";

    await modify(Key, "5");

    await expect(modify(Key, "3601")).rejects.toMatchObject({ name: "ValidationError" });
    await expect(modify("stickiness.enabled", "true")).rejects.toMatchObject({ name: "NotImplemented" });
    const { Attributes } = await run(() =>
      clients.balancing.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
    );
    expect(Attributes).toContainEqual({ Key, Value: "5" });
    expect(balancing.targetGroup(TargetGroupArn)?.deregistrationDelaySeconds).toBe(5);
  });
});

function makePage(overrides: Partial<Record<"MessageBody" | "ContentType" | "StatusCode", string>>): Action {
  return { Type: "fixed-response", FixedResponseConfig: { StatusCode: "503", ...overrides } };
}

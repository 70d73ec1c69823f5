import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ModifyRuleCommand,
  SetSecurityGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { everyone, makeMaintenance, nobody, page } from "./make-maintenance.ts";

describe("maintenance mode by a listener rule", () => {
  it("shows users the page some seconds after the rule changed, and the verifier the application", async () => {
    const { clients, run, pass, user, ruleArn, targetGroupArn } = makeMaintenance();
    const forwarded = { action: "forward", targetGroupArn };

    await run(() =>
      clients.balancing.send(new ModifyRuleCommand({ RuleArn: ruleArn, Conditions: [everyone] })),
    );

    expect(user()).toEqual(forwarded);
    await pass(10);
    expect(user()).toMatchObject({ action: "fixed-response", status: 503, body: '{"status":"maintenance"}' });
    expect(user({ sourceIp: "192.0.2.9" })).toEqual(forwarded);

    await run(() =>
      clients.balancing.send(new ModifyRuleCommand({ RuleArn: ruleArn, Conditions: [nobody] })),
    );
    await pass(10);
    expect(user()).toEqual(forwarded);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    "ends in the state asked for last, however quickly the changes follow one another (seed %i)",
    async (seed) => {
      const { clients, run, pass, user, ruleArn } = makeMaintenance({ seed });
      const ask = (on: boolean) =>
        run(() =>
          clients.balancing.send(
            new ModifyRuleCommand({ RuleArn: ruleArn, Conditions: [on ? everyone : nobody] }),
          ),
        );

      for (const on of [true, false, true, false, true, false]) await ask(on);
      await pass(60);

      expect(user().action).toBe("forward");
    },
  );

  it("keeps the page when only the conditions are replaced, and the conditions when only the page is", async () => {
    const { clients, run, listenerArn, ruleArn } = makeMaintenance();
    const html = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "500" } } as const;

    await run(() =>
      clients.balancing.send(new ModifyRuleCommand({ RuleArn: ruleArn, Conditions: [everyone] })),
    );
    await run(() => clients.balancing.send(new ModifyRuleCommand({ RuleArn: ruleArn, Actions: [html] })));
    const { Rules } = await run(() =>
      clients.balancing.send(new DescribeRulesCommand({ ListenerArn: listenerArn })),
    );

    expect(Rules?.map(({ Priority, IsDefault }) => [Priority, IsDefault])).toEqual([
      ["1", false],
      ["2", false],
      ["default", true],
    ]);
    expect(Rules?.[1]?.Conditions).toEqual([{ ...everyone, Values: ["*"] }]);
    expect(Rules?.[1]?.Actions).toEqual([{ ...html, Order: 1 }]);
  });

  it("counts the pages that it shows for the load balancer, and no look that nobody sees", async () => {
    const { clients, run, pass, user, ruleArn, metrics } = makeMaintenance();
    user({}, 5);
    await run(() =>
      clients.balancing.send(new ModifyRuleCommand({ RuleArn: ruleArn, Conditions: [everyone] })),
    );
    await pass(10);

    user({}, 40);
    user({}, 0);

    expect(metrics).toEqual([
      {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTP_Fixed_Response_Count",
        dimensions: { LoadBalancer: "app/boardroom/50dc6c495c0c9188" },
        value: 40,
        unit: "Count",
      },
    ]);
  });

  it("may be granted on the one rule with the right tag, and on no other", async () => {
    const { clientsOf, run, listenerArn, ruleArn } = makeMaintenance();
    const { balancing } = clientsOf(
      "rollback",
      { Effect: "Allow", Action: "elasticloadbalancing:DescribeRules", Resource: "*" },
      {
        Effect: "Allow",
        Action: "elasticloadbalancing:ModifyRule",
        Resource: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/boardroom/*",
        Condition: { StringEquals: { "aws:ResourceTag/rollback:role": "maintenance" } },
      },
    );
    const { Rules } = await run(() => balancing.send(new DescribeRulesCommand({ ListenerArn: listenerArn })));
    const modify = (RuleArn: string | undefined) =>
      run(() => balancing.send(new ModifyRuleCommand({ RuleArn, Conditions: [everyone] })));

    await modify(ruleArn);

    await expect(modify(Rules?.[0]?.RuleArn)).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(
      run(() => balancing.send(new DescribeTagsCommand({ ResourceArns: [ruleArn] }))),
    ).rejects.toThrow("elasticloadbalancing:DescribeTags");
  });
});

describe("a load balancer", () => {
  it("says where its listeners lead, and which tags a rule has", async () => {
    const { clients, run, loadBalancerArn, listenerArn, ruleArn, targetGroupArn } = makeMaintenance();
    const { balancing } = clients;

    const listeners = await run(() =>
      balancing.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn })),
    );
    const tags = await run(() => balancing.send(new DescribeTagsCommand({ ResourceArns: [ruleArn] })));

    expect(listeners.Listeners).toMatchObject([
      {
        ListenerArn: listenerArn,
        Port: 443,
        DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
      },
    ]);
    expect(tags.TagDescriptions?.[0]?.Tags).toEqual([{ Key: "rollback:role", Value: "maintenance" }]);
    expect(ruleArn).toMatch(/:listener-rule\/app\/boardroom\/50dc6c495c0c9188\/[0-9a-f]{16}\/[0-9a-f]{16}$/);
  });

  it("gets exactly the security groups that it is given, which must exist", async () => {
    const { clients, run, loadBalancerArn, securityGroup, ec2, balancing } = makeMaintenance();
    const isolation = ec2.securityGroups.install({ name: "isolation" });
    const set = (SecurityGroups: string[]) =>
      run(() =>
        clients.balancing.send(
          new SetSecurityGroupsCommand({ LoadBalancerArn: loadBalancerArn, SecurityGroups }),
        ),
      );

    expect((await set([isolation])).SecurityGroupIds).toEqual([isolation]);
    await expect(set([securityGroup, "sg-missing"])).rejects.toMatchObject({
      name: "InvalidSecurityGroupException",
    });

    const described = await run(() => clients.balancing.send(new DescribeLoadBalancersCommand({})));
    expect(described.LoadBalancers?.[0]?.SecurityGroups).toEqual([isolation]);
    expect(balancing.securityGroupsOf(loadBalancerArn)).toEqual([isolation]);
  });

  it("answers the maintenance page with what the rule says", () => {
    const { balancing, loadBalancerArn, targetGroupArn } = makeMaintenance();
    const listenerArn = balancing.install.listener({ loadBalancerArn, port: 80, defaultActions: [page] });

    const request = { host: "boardroom.example", path: "/", sourceIp: "198.51.100.7" };

    expect(balancing.route(listenerArn, request)).toMatchObject({ contentType: "application/json" });
    expect(balancing.loadBalancerOf(listenerArn)).toBe(loadBalancerArn);
    expect(balancing.targetGroup(targetGroupArn)).toMatchObject({ deregistrationDelaySeconds: 300 });
  });
});

import {
  AssociateWebACLCommand,
  DisassociateWebACLCommand,
  GetIPSetCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  ListWebACLsCommand,
  type Rule,
  UpdateIPSetCommand,
  UpdateWebACLCommand,
  type UpdateWebACLCommandInput,
} from "@aws-sdk/client-wafv2";
import { describe, expect, it } from "vitest";
import { makeEdgeRegion } from "../make-edge-region.ts";

const VisibilityConfig = {
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName: "isolate",
};
const stranger = "198.51.100.7";
const colleague = "192.0.2.9";

/** A load balancer behind a web ACL that counts who is not a colleague; turning Count into Block isolates it. */
function makeIsolation() {
  const edge = makeEdgeRegion();
  const loadBalancerArn = edge.balancing.install.loadBalancer({ name: "boardroom", securityGroups: [] });
  const setArn = edge.waf.install.ipSet({ name: "colleagues", addresses: ["192.0.2.0/24"] });
  const isolate = (Action: Rule["Action"]): Rule => ({
    Name: "isolate",
    Priority: 0,
    Statement: { NotStatement: { Statement: { IPSetReferenceStatement: { ARN: setArn } } } },
    Action,
    VisibilityConfig,
  });
  const managed: Rule = {
    Name: "common",
    Priority: 1,
    Statement: { ManagedRuleGroupStatement: { VendorName: "AWS", Name: "AWSManagedRulesCommonRuleSet" } },
    OverrideAction: { None: {} },
    VisibilityConfig,
  };
  const aclArn = edge.waf.install.webAcl({
    name: "boardroom",
    defaultAction: "allow",
    rules: [isolate({ Count: {} }), managed],
    customResponseBodies: { iso: { ContentType: "TEXT_PLAIN", Content: "closed" } },
    resourceArns: [loadBalancerArn],
    tags: { "rollback:managed": "true" },
  });
  const { waf: client } = edge.clients;
  const read = () => edge.run(() => client.send(new GetWebACLCommand({ ARN: aclArn })));
  return {
    ...edge,
    loadBalancerArn,
    setArn,
    aclArn,
    client,
    isolate,
    managed,
    read,
    /** Reads the web ACL and writes it back with changes, as one must. */
    update: async (changes: Partial<UpdateWebACLCommandInput>, as = client) => {
      const { WebACL: acl, LockToken } = await read();
      const {
        ARN: _arn,
        LabelNamespace: _label,
        Capacity: _capacity,
        ManagedByFirewallManager: _,
        ...rest
      } = acl ?? {};
      const input = { Scope: "REGIONAL", ...rest, LockToken, ...changes } as const;
      return edge.run(() => as.send(new UpdateWebACLCommand(input as UpdateWebACLCommandInput)));
    },
    allowed: (address: string) => edge.waf.allows(loadBalancerArn, address),
  };
}

const block = { Block: { CustomResponse: { ResponseCode: 503, CustomResponseBodyKey: "iso" } } };

describe("isolation by a web ACL", () => {
  it("shuts strangers out within minutes of the change and lets them in again after the undo", async () => {
    const { update, allowed, isolate, managed, pass } = makeIsolation();

    await update({ Rules: [isolate(block), managed] });

    expect(allowed(stranger)).toBe(true);
    await pass(120);
    expect([allowed(stranger), allowed(colleague)]).toEqual([false, true]);
    await update({ Rules: [isolate({ Count: {} }), managed] });
    await pass(120);
    expect(allowed(stranger)).toBe(true);
  });

  it("is refused with the token of an older reading, and changes nothing", async () => {
    const { update, read, isolate, managed, pass, allowed } = makeIsolation();
    const { LockToken } = await read();
    const { NextLockToken } = await update({ Rules: [isolate({ Count: {} }), managed] });

    await expect(update({ LockToken, Rules: [isolate(block), managed] })).rejects.toMatchObject({
      name: "WAFOptimisticLockException",
    });
    await pass(120);
    expect(allowed(stranger)).toBe(true);
    expect((await read()).LockToken).toBe(NextLockToken);
    expect(NextLockToken).not.toBe(LockToken);
  });

  it("loses what an update leaves out", async () => {
    const { update, read, isolate } = makeIsolation();

    await update({ Rules: [isolate({ Count: {} })], CustomResponseBodies: undefined });

    const { WebACL } = await read();
    expect(WebACL?.Rules?.map(({ Name }) => Name)).toEqual(["isolate"]);
    expect(WebACL?.CustomResponseBodies).toBeUndefined();
    expect(WebACL?.LabelNamespace).toBe("awswaf:123456789012:webacl:boardroom:");
  });

  it.each<[string, string, (rule: Rule) => Partial<UpdateWebACLCommandInput>]>([
    [
      "two rules of a priority",
      "WAFInvalidParameterException",
      (rule) => ({ Rules: [rule, { ...rule, Name: "b" }] }),
    ],
    [
      "a body that is not there",
      "WAFInvalidParameterException",
      (rule) => ({ Rules: [rule], CustomResponseBodies: {} }),
    ],
    [
      "a rule without an action",
      "WAFInvalidParameterException",
      ({ Action: _, ...rule }) => ({ Rules: [rule] }),
    ],
    ["a captcha", "NotImplemented", (rule) => ({ Rules: [{ ...rule, Action: { Captcha: {} } }] })],
    [
      "an IP set that is not there",
      "WAFNonexistentItemException",
      (rule) => ({
        Rules: [
          {
            ...rule,
            Statement: {
              IPSetReferenceStatement: {
                ARN: "arn:aws:wafv2:eu-west-1:123456789012:regional/ipset/missing/0",
              },
            },
          },
        ],
      }),
    ],
  ])("is refused with %s", async (_, name, changes) => {
    const { update, isolate } = makeIsolation();

    await expect(update(changes(isolate(block)))).rejects.toMatchObject({ name });
  });

  it("needs a grant on the web ACL and on the IP set that its rules name", async () => {
    const { update, clientsOf, aclArn, setArn } = makeIsolation();
    const grant = (Resource: string[]) =>
      ({
        Effect: "Allow",
        Action: "wafv2:UpdateWebACL",
        Resource,
      }) as const;
    const Condition = { StringEquals: { "aws:ResourceTag/rollback:managed": "true" } };
    const both = clientsOf("both", { ...grant([aclArn]), Condition }, grant([setArn]));
    const one = clientsOf("one", grant([aclArn]));

    await update({}, both.waf);

    await expect(update({}, one.waf)).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("an IP set", () => {
  it("is replaced as a whole under its token, and refuses a block that is everybody", async () => {
    const { client, run, setArn, update, isolate, pass, allowed } = makeIsolation();
    const named = { Name: "colleagues", Scope: "REGIONAL", Id: setArn.split("/").at(-1) } as const;
    const { LockToken } = await run(() => client.send(new GetIPSetCommand(named)));
    const replace = (Addresses: string[]) =>
      run(() => client.send(new UpdateIPSetCommand({ ...named, LockToken, Addresses })));
    await update({ Rules: [isolate(block)] });

    await expect(replace(["0.0.0.0/0"])).rejects.toMatchObject({ name: "WAFInvalidParameterException" });
    await expect(replace(["2001:db8::/32"])).rejects.toMatchObject({ name: "WAFInvalidParameterException" });
    await replace(["0.0.0.0/1", "128.0.0.0/1"]);
    await expect(replace([])).rejects.toMatchObject({ name: "WAFOptimisticLockException" });

    await pass(240);
    expect(allowed(stranger)).toBe(true);
  });
});

describe("an association", () => {
  it("moves a load balancer behind another web ACL, and away from all", async () => {
    const { client, run, waf, loadBalancerArn: ResourceArn, pass, allowed } = makeIsolation();
    const closed = waf.install.webAcl({ name: "closed", defaultAction: "block" });
    const current = async () =>
      (await run(() => client.send(new GetWebACLForResourceCommand({ ResourceArn })))).WebACL?.Name;

    await run(() => client.send(new AssociateWebACLCommand({ WebACLArn: closed, ResourceArn })));
    expect([await current(), allowed(colleague)]).toEqual(["closed", true]);
    await pass(120);
    expect(allowed(colleague)).toBe(false);
    await run(() => client.send(new DisassociateWebACLCommand({ ResourceArn })));
    await pass(120);
    expect([await current(), allowed(colleague)]).toEqual([undefined, true]);
  });

  it("needs the load balancer to exist and a grant on it, and CloudFront's scope another region", async () => {
    const { client, run, clientsOf, aclArn, loadBalancerArn } = makeIsolation();
    const half = clientsOf("half", { Effect: "Allow", Action: "wafv2:*", Resource: "*" });
    const associate = (ResourceArn: string, as = client) =>
      run(() => as.send(new AssociateWebACLCommand({ WebACLArn: aclArn, ResourceArn })));

    await expect(associate(`${loadBalancerArn}x`)).rejects.toMatchObject({
      name: "WAFNonexistentItemException",
    });
    await expect(associate(loadBalancerArn, half.waf)).rejects.toThrow("elasticloadbalancing:SetWebACL");
    await expect(
      run(() => client.send(new ListWebACLsCommand({ Scope: "CLOUDFRONT" }))),
    ).rejects.toMatchObject({
      name: "WAFInvalidParameterException",
    });
    const { WebACLs } = await run(() => client.send(new ListWebACLsCommand({ Scope: "REGIONAL" })));
    expect(WebACLs).toMatchObject([{ Name: "boardroom", ARN: aclArn }]);
  });
});

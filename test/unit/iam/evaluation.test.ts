import { describe, expect, it } from "vitest";
import type { PolicyStatement, Principal } from "../../../lib/region/service-model.ts";
import { account, allow, deny, makeIdentities, makePermission, service, verdict } from "./make-identities.ts";

const noIdentityPolicy = "because no identity-based policy allows the ecs:UpdateService action";

describe("what a statement covers", () => {
  it.each<[string, PolicyStatement, boolean]>([
    ["the exact action and resource", allow({ Resource: service("shop", "api") }), true],
    ["an action in another case", allow({ Action: "ECS:updateservice" }), true],
    ["an action wildcard", allow({ Action: ["s3:*", "ecs:Update*"] }), true],
    ["a single-character wildcard", allow({ Action: "ecs:UpdateServic?" }), true],
    ["everything", allow({ Action: "*" }), true],
    ["another action", allow({ Action: "ecs:UpdateServicePrimaryTaskSet" }), false],
    ["all but another action", allow({ NotAction: "ecs:Describe*" }), true],
    ["all but this action", allow({ NotAction: "ecs:Update*" }), false],
    ["a resource wildcard", allow({ Resource: `arn:aws:ecs:*:${account}:service/shop/*` }), true],
    ["a wildcard at a segment's end that runs over colons", allow({ Resource: "arn:aws:ecs:*" }), true],
    [
      "a wildcard within a segment that would have to",
      allow({ Resource: "arn:aws:e*s:service/shop/api" }),
      false,
    ],
    ["a resource in another case", allow({ Resource: service("SHOP", "api") }), false],
    ["another resource", allow({ Resource: service("shop", "web") }), false],
    ["all but another resource", allow({ NotResource: service("shop", "web") }), true],
    ["all but this resource", allow({ NotResource: service("shop", "*") }), false],
  ])("is right about %s", (_, statement, covered) => {
    const { identities, principal } = makeIdentities([statement]);

    expect(verdict(identities, principal, makePermission())).toBe(covered ? "allowed" : noIdentityPolicy);
  });
});

describe("the decision", () => {
  it.each<[string, readonly PolicyStatement[], readonly PolicyStatement[] | undefined, string]>([
    ["no statement", [], undefined, noIdentityPolicy],
    ["an explicit deny", [allow(), deny()], undefined, "with an explicit deny in an identity-based policy"],
    ["a boundary that allows", [allow()], [allow({ Action: "ecs:*" })], "allowed"],
    [
      "a boundary that is silent",
      [allow()],
      [allow({ Action: "s3:*" })],
      "because no permissions boundary allows the ecs:UpdateService action",
    ],
    [
      "a boundary that denies",
      [allow()],
      [allow(), deny()],
      "with an explicit deny in a permissions boundary",
    ],
    ["a boundary alone", [], [allow()], noIdentityPolicy],
  ])("follows identity policies and boundary: %s", (_, statements, boundary, expected) => {
    const { identities, principal } = makeIdentities(statements, boundary ? { boundary } : {});

    expect(verdict(identities, principal, makePermission())).toBe(expected);
  });

  const role = `arn:aws:iam::${account}:role/worker`;
  const session = `arn:aws:sts::${account}:assumed-role/worker/job`;
  it.each<[string, PolicyStatement["Principal"], "Allow" | "Deny", string]>([
    ["allows the role", { AWS: role }, "Allow", "allowed"],
    ["allows the session", { AWS: [session, "someone"] }, "Allow", "allowed"],
    ["allows everybody", "*", "Allow", "allowed"],
    [
      "allows the account, which only delegates",
      { AWS: `arn:aws:iam::${account}:root` },
      "Allow",
      noIdentityPolicy,
    ],
    ["allows somebody else", { AWS: `${role}-2` }, "Allow", noIdentityPolicy],
    ["allows a service only", { Service: "lambda.amazonaws.com" }, "Allow", noIdentityPolicy],
    ["denies the account", { AWS: account }, "Deny", "with an explicit deny in a resource-based policy"],
  ])("follows a resource policy that %s", (_, Principal = "*", Effect, expected) => {
    const { identities, principal } = makeIdentities();
    const statement: PolicyStatement = { Effect, Principal, Action: "*", Resource: "*" };

    const permission = makePermission({ resourcePolicy: { Statement: statement } });

    expect(verdict(identities, principal, permission)).toBe(expected);
  });

  it("lets a boundary limit what a resource policy gives the role, but not what it gives the session", () => {
    const { identities, principal } = makeIdentities([], { boundary: [allow({ Action: "s3:*" })] });
    const given = (AWS: string) =>
      makePermission({ resourcePolicy: { Statement: allow({ Principal: { AWS } }) } });

    expect(verdict(identities, principal, given(role))).toMatch(/^because no permissions boundary/);
    expect(verdict(identities, principal, given(session))).toBe("allowed");
  });

  it("allows services by the resource policy alone, for the source it names", () => {
    const { identities } = makeIdentities();
    const rule = `arn:aws:events:eu-west-1:${account}:rule/alarm`;
    const resourcePolicy = {
      Statement: allow({
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": rule }, StringEquals: { "aws:SourceAccount": account } },
      }),
    };
    const events: Principal = { arn: "events.amazonaws.com", type: "service", sourceArn: rule };
    const permission = makePermission({ resourcePolicy });

    expect(verdict(identities, events, permission)).toBe("allowed");
    expect(verdict(identities, { ...events, sourceArn: `${rule}-2` }, permission)).toMatch(
      /no resource-based policy/,
    );
    expect(verdict(identities, { ...events, arn: "sns.amazonaws.com" }, permission)).toMatch(
      /no resource-based/,
    );
    expect(verdict(identities, events, makePermission())).toMatch(/no resource-based policy/);
  });

  it("gives the operator everything, short of an explicit deny", () => {
    const { identities } = makeIdentities();
    const operator = identities.principalOf("typed-by-hand");
    const resourcePolicy = { Statement: deny({ Principal: "*" }) };

    expect(verdict(identities, operator, makePermission())).toBe("allowed");
    expect(verdict(identities, operator, makePermission({ resourcePolicy }))).toMatch(/explicit deny/);
    expect(verdict(identities, { arn: "anonymous", type: "user" }, makePermission())).toBe(noIdentityPolicy);
  });

  it("refuses what it cannot evaluate instead of guessing", () => {
    const variable = allow({ Resource: `arn:aws:s3:::home/${"$"}{aws:username}/*` });
    const operator = allow({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } });

    expect(() => makeIdentities([variable])).toThrow(/policy variable .\{aws:username\}/);
    expect(() => makeIdentities([operator])).toThrow('condition operator "IpAddress"');
    expect(() =>
      makeIdentities([], { managedPolicies: ["arn:aws:iam::aws:policy/PowerUserAccess"] }),
    ).toThrow("Policy arn:aws:iam::aws:policy/PowerUserAccess does not exist");
  });
});

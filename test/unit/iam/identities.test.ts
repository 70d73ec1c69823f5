import { describe, expect, it } from "vitest";
import { iamResources } from "../../../lib/region/iam/iam-resources.ts";
import type { PolicyDocument } from "../../../lib/region/service-model.ts";
import {
  account,
  allow,
  deny,
  makeIdentities,
  makePermission,
  trustsLambda,
  verdict,
} from "./make-identities.ts";

const rule = `arn:aws:events:eu-west-1:${account}:rule/alarm`;

describe("the account's identities", () => {
  it("knows whose keys it issued, and takes every other key for the operator's", () => {
    const { identities, roleArn } = makeIdentities();

    const credentials = identities.issueCredentials(roleArn, "job");

    expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(identities.principalOf(credentials.accessKeyId)).toEqual({
      arn: roleArn,
      type: "role",
      session: "job",
    });
    expect(identities.principalOf("AKIAEXAMPLE").arn).toBe(`arn:aws:iam::${account}:user/operator`);
    expect(makeIdentities().identities.issueCredentials(roleArn, "job")).toEqual(credentials);
  });

  it.each<[string, object, boolean]>([
    ["no condition", {}, true],
    ["its account", { StringEquals: { "aws:SourceAccount": account } }, true],
    ["another account", { StringEquals: { "aws:SourceAccount": "999999999999" } }, false],
    ["its rules", { ArnLike: { "aws:SourceArn": `arn:aws:events:*:${account}:rule/*` } }, true],
    ["another rule", { ArnLike: { "aws:SourceArn": `${rule}-2` } }, false],
  ])("lets a service assume a role that trusts it with %s", (_, Condition, expected) => {
    const assumeRolePolicy: PolicyDocument = {
      Statement: {
        ...trustsLambda.Statement,
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ...Condition },
      },
    };
    const { identities, roleArn } = makeIdentities([], { assumeRolePolicy });

    expect(identities.assumable(roleArn, "events.amazonaws.com", rule)).toBe(expected);
    expect(identities.assumable(roleArn, "states.amazonaws.com", rule)).toBe(false);
  });

  it("accounts for what was used of what was granted", () => {
    const granted = allow({ Action: ["ecs:UpdateService", "ecs:RunTask"] });
    const { identities, principal, roleArn } = makeIdentities([granted, deny({ Action: "ecs:StopTask" })]);
    const resourcePolicy = { Statement: allow({ Action: "s3:GetObject", Principal: "*" }) };

    for (const _ of [1, 2]) identities.authorize(principal, [makePermission()]);
    identities.authorize(principal, [makePermission({ action: "s3:GetObject", resourcePolicy })]);
    expect(() => identities.authorize(principal, [makePermission({ action: "ecs:StopTask" })])).toThrow();

    expect(identities.usage()).toEqual([{ roleArn, action: "ecs:UpdateService" }]);
    expect(identities.granted()).toEqual([{ roleArn, statement: granted }]);
  });
});

describe("IAM in a template", () => {
  it("creates roles with their policies and boundary, and gives Ref and GetAtt what CloudFormation does", async () => {
    const { identities, kernel } = makeIdentities();
    const resources = iamResources({ kernel }, identities);
    const create = (type: string, properties: object) =>
      resources.get(`AWS::IAM::${type}`)?.create("Logical", { ...properties });

    const limit = await create("ManagedPolicy", {
      ManagedPolicyName: "limit",
      PolicyDocument: { Statement: allow({ Action: ["ecs:*", "logs:*"] }) },
    });
    const role = await create("Role", {
      RoleName: "from-template",
      Path: "/stepback/",
      AssumeRolePolicyDocument: trustsLambda,
      Policies: [{ PolicyName: "s3", PolicyDocument: { Statement: allow({ Action: "s3:GetObject" }) } }],
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
      PermissionsBoundary: limit?.ref,
    });
    await create("Policy", {
      PolicyName: "later",
      PolicyDocument: { Statement: allow() },
      Roles: [role?.ref],
    });

    const arn = `arn:aws:iam::${account}:role/stepback/from-template`;
    const principal = { arn, type: "role", session: "job" } as const;
    const judge = (action: string) =>
      verdict(identities, principal, makePermission({ action, resource: "*" }));
    expect(limit?.ref).toBe(`arn:aws:iam::${account}:policy/limit`);
    expect(role).toMatchObject({ ref: "from-template", attributes: { Arn: arn } });
    expect(identities.hasRole(arn)).toBe(true);
    expect(identities.hasRole(`arn:aws:iam::${account}:role/from-template`)).toBe(false);
    expect(judge("ecs:UpdateService")).toBe("allowed");
    expect(judge("logs:PutLogEvents")).toBe("allowed");
    expect(judge("s3:GetObject")).toMatch(/no permissions boundary/);
    expect(() => identities.authorize(principal, [makePermission({ action: "ecs:RunTask" })])).toThrow(
      `User: arn:aws:sts::${account}:assumed-role/from-template/job is not authorized`,
    );
  });
});

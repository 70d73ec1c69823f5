import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { describe, expect, it } from "vitest";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import type { PolicyDocument } from "../../../lib/region/service-model.ts";
import { grantAssessDatabase } from "../../../lib/stack/components/database.ts";
import { actionsOf, listOf, statementsOf } from "../../support/granted.ts";
import { makeComponent, makeOutlook, START } from "./make-outlook.ts";

const SECRET_TARGET = { strategy: "endpoint-secret", secret: "shop/db-host" };
const PARAMETER_TARGET = { strategy: "endpoint-parameter", parameter: "/shop/db-host" };
const READERS_TARGET = {
  strategy: "endpoint-parameter",
  parameter: "/shop/cluster-host",
  readerParameter: "/shop/reader-host",
};
const PROXY_TARGET = { strategy: "proxy", proxy: "shop-proxy" };

describe("what the planner may do for a database", () => {
  it.each([
    ["an instance behind a proxy", { cutOver: PROXY_TARGET }],
    ["an instance behind a parameter", { cutOver: PARAMETER_TARGET }],
    ["an instance behind a secret", { cutOver: SECRET_TARGET }],
    ["an instance that is renamed", { cutOver: { strategy: "rename" } }],
    ["a cluster", { instance: undefined, cluster: "shop", cutOver: { strategy: "rename" } }],
    ["a cluster with readers", { instance: undefined, cluster: "shop", cutOver: READERS_TARGET }],
  ])("is enough to plan for %s, and all of it is used", async (_, overrides) => {
    const outlook = makeOutlook({ DBParameterGroupName: "prod-parameters" });
    const { rds, ssm, secrets, kms } = outlook;
    const key = kms.install();
    rds.databases.install({ ...ENCRYPTED, KmsKeyId: key });
    rds.databases.installCluster({ ...CLUSTER, KmsKeyId: key });
    const host = rds.databases.instance("locked")?.host ?? "";
    const versions = [{ value: host, modifiedAt: START }];
    ssm.install({ name: PARAMETER_TARGET.parameter, type: "String", versions });
    const shop = rds.databases.instance("shop");
    const named = {
      [READERS_TARGET.parameter]: shop?.host,
      [READERS_TARGET.readerParameter]: shop?.readerHost,
    };
    for (const [name, value = ""] of Object.entries(named))
      ssm.install({ name, type: "String", versions: [{ value, modifiedAt: START }] });
    secrets.install({ name: SECRET_TARGET.secret, versions: [{ createdAt: START }] });
    rds.databases.installProxy({
      name: PROXY_TARGET.proxy,
      engineFamily: "POSTGRESQL",
      target: { instance: "locked" },
      secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
      passwordLabel: () => "v1",
    });
    const component = makeComponent({ instance: "locked", kmsKeys: [key], ...overrides });
    const policy = grantedFor(component);

    const { verdict, move } = await outlook.assessAs(policy, {}, component);

    expect(verdict.verdict, verdict.reason).toBe("roll-back");
    // Where a backtrack came from is read for the undo of one only.
    const unused = actionsIn(policy).filter((action) => !outlook.calls().includes(action));
    expect(unused).toEqual(component.cluster === undefined ? [] : ["rds:DescribeDBClusterBacktracks"]);
    expect(move?.kind).toBe("database");
  });

  it("is reading, and never a secret's value", () => {
    const component = makeComponent({
      kmsKeys: ["arn:aws:kms:eu-west-1:123456789012:key/a"],
      cutOver: SECRET_TARGET,
    });

    for (const action of actionsIn(grantedFor(component))) expect(action).toMatch(/:(Describe|GetParameter)/);
  });
});

const ENCRYPTED = {
  DBInstanceIdentifier: "locked",
  Engine: "postgres",
  EngineVersion: "16.4",
  DBParameterGroupName: "prod-parameters",
};
const CLUSTER = {
  DBClusterIdentifier: "shop",
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  members: [{ DBInstanceIdentifier: "shop-1" }],
};

/** The policy that a role gets, as the region's IAM reads it. */
function grantedFor(component: DatabaseComponent): PolicyDocument {
  const stack = new Stack(new App(), "S", { env: { account: "123456789012", region: "eu-west-1" } });
  const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  grantAssessDatabase(stack, role, component);
  const [policy] = Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"));
  return { Statement: [...statementsOf(resolved(policy?.["Properties"]?.PolicyDocument))] };
}

function actionsIn(policy: PolicyDocument): readonly string[] {
  const grants = statementsOf(policy).map(({ Action, Resource }) => ({
    role: "planner",
    actions: listOf(Action),
    resources: listOf(Resource),
    condition: undefined,
  }));
  return actionsOf(grants);
}

/** The template's values with the partition filled in: the only thing that is left open with a fixed account and region. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [[key, argument] = []] = entries;
  if (key === "Ref" && argument === "AWS::Partition") return "aws";
  if (key === "Fn::Join") return listOf(resolved(argument[1])).join(argument[0]);
  return Object.fromEntries(entries.map(([name, one]) => [name, resolved(one)]));
}

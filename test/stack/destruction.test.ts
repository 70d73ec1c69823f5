import { describe, expect, it } from "vitest";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { evaluate } from "../../lib/region/iam/evaluate.ts";
import { requestContext } from "../../lib/region/iam/request-context.ts";
import type { Permission, PolicyDocument, Principal } from "../../lib/region/service-model.ts";
import { assemblyOf } from "../support/assembly.ts";
import { listOf } from "../support/granted.ts";

const environment = loadEnvironment("complete");
const assembly = assemblyOf(environment);
const roles = assembly.of("AWS::IAM::Role").map(({ id }) => id);
const { account, region } = environment;
// A true seam: documents of the template.
const boundary = assembly.one("AWS::IAM::ManagedPolicy", "Boundary").properties[
  "PolicyDocument"
] as PolicyDocument;

const database = (name: string) => `arn:aws:rds:${region}:${account}:db:${name}`;
/** As a restore of Stepback's tags it, or only some of that. */
const tagged = (state: string, others: readonly ("rollback" | "source")[] = ["rollback", "source"]) => ({
  "aws:ResourceTag/stepback:state": state,
  ...Object.fromEntries(others.map((tag) => [`aws:ResourceTag/stepback:${tag}`, "somebody's"])),
});

/** The roles of the complete environment that may do this, by their own policies and the boundary, as IAM decides. */
function whoMay(permission: Permission): string[] {
  return roles.filter((role) => {
    const principal: Principal = { type: "role", arn: `arn:aws:iam::${account}:role/${role}` };
    return evaluate({
      principal,
      permission,
      context: requestContext(principal, permission, { account, region, now: 0 }),
      account,
      identityPolicies: policiesOf(role),
      boundary,
    }).allowed;
  });
}

function policiesOf(role: string): PolicyDocument[] {
  return assembly
    .of("AWS::IAM::Policy")
    .filter(({ properties }) => listOf(properties["Roles"]).includes(role))
    .map(({ properties }) => properties["PolicyDocument"] as PolicyDocument);
}

describe("no role of the complete environment", () => {
  it.each([
    [
      "deletes a version of an object",
      "s3:DeleteObjectVersion",
      "arn:aws:s3:::boardroom-frontend/index.html",
    ],
    ["deletes a version of a report", "s3:DeleteObjectVersion", "arn:aws:s3:::reports/complete/x"],
    [
      "reads a secret",
      "secretsmanager:GetSecretValue",
      `arn:aws:secretsmanager:${region}:${account}:secret:boardroom/db-password-a1B2c3`,
    ],
    [
      "deletes a secret",
      "secretsmanager:DeleteSecret",
      `arn:aws:secretsmanager:${region}:${account}:secret:boardroom/db-password-a1B2c3`,
    ],
    [
      "writes a value into the password's secret",
      "secretsmanager:PutSecretValue",
      `arn:aws:secretsmanager:${region}:${account}:secret:boardroom/db-password-a1B2c3`,
    ],
    [
      "deletes a snapshot",
      "rds:DeleteDBSnapshot",
      `arn:aws:rds:${region}:${account}:snapshot:boardroom-sb-b8b867af-before`,
    ],
    [
      "deletes automated backups",
      "rds:DeleteDBInstanceAutomatedBackup",
      `arn:aws:rds:${region}:${account}:auto-backup:ab-1`,
    ],
    [
      "deletes a parameter",
      "ssm:DeleteParameter",
      `arn:aws:ssm:${region}:${account}:parameter/boardroom/db/host`,
    ],
  ])("%s", (_, action, resource) => {
    expect(whoMay({ action, resource, context: tagged("staging") })).toEqual([]);
  });

  it.each([
    ["the live database", database("boardroom"), {}],
    ["the live database, even when somebody tags it so", database("boardroom"), tagged("staging")],
    ["a live database with a look-alike name", database("boardroom-sb-b8b867af-new"), {}],
    ["one that somebody tagged as staging", database("boardroom-sb-b8b867af-new"), tagged("staging", [])],
    ["one without a source", database("boardroom-sb-b8b867af-new"), tagged("staging", ["rollback"])],
    ["one of no rollback", database("boardroom-sb-b8b867af-new"), tagged("staging", ["source"])],
    ["a copy that serves", database("boardroom-sb-b8b867af-new"), tagged("live")],
    ["the one that was kept", database("boardroom-sb-b8b867af-old"), tagged("retired")],
    ["another application's copy", database("shop-sb-b8b867af-new"), tagged("staging")],
  ])("deletes %s", (_, resource, context) => {
    expect(whoMay({ action: "rds:DeleteDBInstance", resource, context })).toEqual([]);
  });
});

describe("the mover of databases", () => {
  it("alone deletes a copy that it made itself and that nobody uses", () => {
    const copy = { action: "rds:DeleteDBInstance", resource: database("boardroom-sb-b8b867af-new") };

    expect(whoMay({ ...copy, context: tagged("staging") })).toEqual([
      expect.stringContaining("MoveDatabase"),
    ]);
  });
});

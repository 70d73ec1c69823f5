import { describe, expect, it } from "vitest";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { evaluate } from "../../lib/region/iam/evaluate.ts";
import { matchesAction } from "../../lib/region/iam/wildcard.ts";
import type { PolicyDocument } from "../../lib/region/service-model.ts";
import { FORBIDDEN_ACTIONS } from "../../lib/stack/boundary.ts";
import { assemblyOf } from "../support/assembly.ts";
import { actionsOf, grantsOf, grantsTo } from "../support/granted.ts";

const assembly = assemblyOf();
const grants = grantsOf(assembly);
/** With every kind. */
const complete = assemblyOf(loadEnvironment("complete"));
const allGrants = grantsOf(complete);

/** What an action does is told by the verb it begins with; a verb that is not listed counts as mutating. */
const READING = /^(Get|BatchGet|List|Describe|Query|Scan|Lookup|Search|ConditionCheck)/;
/** Every function writes its own log and its own trace: that is how one sees what it did. */
const OWN_TRACES = [
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Mutating actions that exist only on every resource, each with the reason why nothing narrower can be written. */
const UNSCOPABLE: Readonly<Record<string, string>> = {
  "xray:PutTraceSegments": "Service Authorization Reference, AWS X-Ray: no resource-level permissions",
  "xray:PutTelemetryRecords": "Service Authorization Reference, AWS X-Ray: no resource-level permissions",
  "logs:CreateLogDelivery": "Step Functions developer guide, Logging to CloudWatch Logs: Resource must be *",
  "logs:UpdateLogDelivery": "Step Functions developer guide, Logging to CloudWatch Logs: Resource must be *",
  "logs:DeleteLogDelivery": "Step Functions developer guide, Logging to CloudWatch Logs: Resource must be *",
  "logs:PutResourcePolicy": "Step Functions developer guide, Logging to CloudWatch Logs: Resource must be *",
};

const mutating = (actions: readonly string[]) =>
  actions.filter((action) => !READING.test(action.split(":")[1] ?? ""));

describe("the roles", () => {
  it("of the planner and the verifier hold no action that changes anything", () => {
    const readers = ["FunctionsPlanRollbackRole", "FunctionsVerifyRecoveryRole"];

    const granted = readers.map((role) => actionsOf(grantsTo(complete, role)));

    for (const actions of granted) {
      expect(actions.length).toBeGreaterThan(OWN_TRACES.length);
      expect(mutating(actions).filter((action) => !OWN_TRACES.includes(action))).toEqual([]);
    }
  });

  it("of the mover holds what changes a service, so the verbs do tell them apart", () => {
    const changes = mutating(actionsOf(grantsTo(assembly, "FunctionsMoveEcsServiceRole")));

    expect(changes.filter((action) => action.startsWith("ecs:") || action.startsWith("iam:"))).toEqual([
      "ecs:RegisterTaskDefinition",
      "ecs:StopServiceDeployment",
      "ecs:TagResource",
      "ecs:UpdateService",
      "iam:PassRole",
    ]);
  });

  it("never combine a mutating action with every resource, except where AWS allows nothing else", () => {
    const wide = allGrants
      .filter(({ resources }) => resources.includes("*"))
      .flatMap(({ actions }) => mutating(actions));

    expect([...new Set(wide)].sort()).toEqual(Object.keys(UNSCOPABLE).sort());
  });

  it("name every action in full", () => {
    expect(actionsOf(allGrants).filter((action) => action.includes("*"))).toEqual([]);
  });

  it("pass exactly the configured roles, to ECS tasks only", () => {
    const passing = grants.filter(({ actions }) => actions.includes("iam:PassRole"));

    expect(passing).toEqual([
      expect.objectContaining({
        role: expect.stringMatching(/^FunctionsMoveEcsServiceRole/),
        actions: ["iam:PassRole"],
        resources: [
          "arn:aws:iam::111122223333:role/boardroom-execution",
          "arn:aws:iam::111122223333:role/boardroom-task",
        ],
        condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      }),
    ]);
  });

  it("start deployments of the component's own task family only", () => {
    const updating = grants.filter(({ actions }) => actions.includes("ecs:UpdateService"));

    expect(updating.map(({ resources, condition }) => [resources, condition])).toEqual(
      ["boardroom-api", "boardroom-web"].map((service) => [
        [`arn:aws:ecs:eu-west-1:111122223333:service/boardroom/${service}`],
        {
          ArnLikeIfExists: {
            "ecs:task-definition": `arn:aws:ecs:eu-west-1:111122223333:task-definition/${service}:*`,
          },
        },
      ]),
    );
  });

  it("are granted no forbidden action", () => {
    const forbidden = actionsOf(allGrants).filter((action) =>
      FORBIDDEN_ACTIONS.some((pattern) => matchesAction(pattern, action)),
    );

    expect(forbidden).toEqual([]);
  });

  it("come with nothing but their own policy: no managed policy, and one inline policy each", () => {
    const roles = assembly.of("AWS::IAM::Role");

    expect(
      roles.filter(({ properties }) => properties["ManagedPolicyArns"] ?? properties["Policies"]),
    ).toEqual([]);
    expect(new Set(grants.map(({ role }) => role))).toEqual(new Set(roles.map(({ id }) => id)));
  });
});

describe("the permissions boundary", () => {
  const boundary = assembly.one("AWS::IAM::ManagedPolicy", "Boundary");
  // A true seam: the document of the template.
  const limits = boundary.properties["PolicyDocument"] as PolicyDocument;

  it("is on every role", () => {
    const roles = assembly.of("AWS::IAM::Role");

    expect(roles.length).toBeGreaterThan(10);
    for (const { id, properties } of roles) {
      expect([id, properties["PermissionsBoundary"]]).toEqual([
        id,
        expect.stringMatching(`:${boundary.id}$`),
      ]);
    }
  });

  it.each([
    "s3:DeleteObjectVersion",
    "s3:DeleteBucket",
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "dynamodb:DeleteTable",
    "ecs:DeregisterTaskDefinition",
    "ecr:BatchDeleteImage",
    "rds:DeleteDBInstance",
    "rds:DeleteDBSnapshot",
    "iam:CreateAccessKey",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:AddUserToGroup",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:SetDefaultPolicyVersion",
    "organizations:LeaveOrganization",
  ])("denies %s even to a role that is granted everything", (action) => {
    expect(askedOf(limits, action)).toEqual({
      allowed: false,
      explicit: true,
      because: "permissions boundary",
    });
  });

  it.each(FORBIDDEN_ACTIONS)("denies %s, whatever the star stands for", (pattern) => {
    expect(askedOf(limits, pattern.replace("*", "Anything"))).toMatchObject({
      allowed: false,
      explicit: true,
    });
  });

  it("denies nothing that a role of the stack is granted", () => {
    const copies = ["rds:DeleteDBInstance", "elasticache:DeleteReplicationGroup"];
    const lost = actionsOf(allGrants).filter((action) => !askedOf(limits, action).allowed);

    // Those only of copies: test/stack/destruction.test.ts.
    expect(lost.filter((action) => !copies.includes(action))).toEqual([]);
  });
});

/** What IAM says to a role that may do everything but for the boundary. */
function askedOf(boundary: PolicyDocument, action: string) {
  return evaluate({
    principal: { type: "role", arn: "arn:aws:iam::111122223333:role/stepback" },
    permission: { action, resource: "arn:aws:any:eu-west-1:111122223333:thing" },
    context: new Map(),
    account: "111122223333",
    identityPolicies: [{ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }],
    boundary,
  });
}

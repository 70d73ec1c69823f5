import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { FrontendComponent } from "../../../lambdas/contracts/kinds/frontend.ts";
import { grantMoveFrontend, grantObserveFrontend } from "../../../lib/stack/components/frontend.ts";

import { NOW } from "../cloudfront/make-frontend.ts";
import { makeStage, type StageOptions } from "./make-stage.ts";

const STORE = "arn:aws:cloudfront::123456789012:key-value-store/11111111-2222-3333-4444-555555555555";

const Policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
      ),
    }),
  }),
});

function makePermissions(grant: typeof grantMoveFrontend, release: object, more: object = {}) {
  const stack = new Stack(new App(), "Stack", { env: { account: "123456789012", region: "eu-west-1" } });
  const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  const component = FrontendComponent.parse({
    kind: "frontend",
    bucket: "site",
    distribution: "E1234567890",
    release,
    ...more,
  });
  grant(stack, role, component);
  const policies = Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"));
  const statements = policies.flatMap((policy) => Policy.parse(policy).Properties.PolicyDocument.Statement);
  return statements.flatMap(({ Action, Resource }) =>
    [Action].flat().map((action) => ({ action, resource: JSON.stringify(Resource) })),
  );
}

const Join = z.object({ "Fn::Join": z.tuple([z.string(), z.array(z.unknown())]) });

/** As CloudFormation resolves it: the partition is the only thing that a stack of a known account leaves open. */
function resolved(resource: string): string {
  const value: unknown = JSON.parse(resource);
  if (typeof value === "string") return value;
  const [separator, parts] = Join.parse(value)["Fn::Join"];
  return parts.map((part) => (typeof part === "string" ? part : "aws")).join(separator);
}

const STRATEGIES: [string, StageOptions, string][] = [
  ["pointer", { release: { strategy: "pointer" }, pointer: "r2", site: { layout: "shared-assets" } }, "r1"],
  [
    "origin path",
    {
      release: { strategy: "origin-path", origin: "web" },
      site: { layout: "releases" },
      distribution: { originPath: "/releases/r2" },
    },
    "r1",
  ],
  [
    "bucket with versions",
    { release: { strategy: "versioned-bucket", deletes: true }, site: { hashedNames: true } },
    new Date(NOW - 2 * 3_600_000).toISOString(),
  ],
];

describe("what a frontend's mover may do", () => {
  it.each(STRATEGIES)("is all that moving a %s there and back takes", async (_, options, target) => {
    const stage = makeStage(options);
    await stage.checkpoint("cp-1", target);
    const { release, distribution } = stage.component;
    const permissions = makePermissions(grantMoveFrontend, release, { distribution });
    const report = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"].map((action) => ({
      Effect: "Allow" as const,
      Action: [action],
      Resource: ["arn:aws:s3:::reports", "arn:aws:s3:::reports/shop/*"],
    }));
    stage.actAs([
      ...permissions.flatMap(({ action, resource }) => {
        const all: unknown = JSON.parse(resource);
        const resources = Array.isArray(all) ? all.map((one) => JSON.stringify(one)) : [resource];
        return { Effect: "Allow" as const, Action: [action], Resource: resources.map(resolved) };
      }),
      ...report,
    ]);

    const move = await stage.plan();
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
  });

  it.each([
    [{ strategy: "pointer", keyValueStore: STORE }],
    [{ strategy: "origin-path", origin: "web" }],
    [{ strategy: "versioned-bucket" }],
    [{ strategy: "release-prefix" }],
  ])("never destroys a version and never reaches beyond its own bucket and distribution: %o", (release) => {
    const permissions = makePermissions(grantMoveFrontend, release);

    expect(permissions.map(({ action }) => action).join(" ")).not.toMatch(/DeleteObjectVersion|\*/);
    for (const { resource } of permissions) {
      expect(resource).toMatch(/:::site|distribution\/E1234567890|key-value-store/);
      expect(resource).not.toBe('"*"');
    }
  });

  it("invalidates nothing where each release has cache keys of its own, unless it is asked to", () => {
    const release = { strategy: "pointer", keyValueStore: STORE };
    const actions = (more: object) =>
      makePermissions(grantMoveFrontend, release, more).map(({ action }) => action);

    expect(actions({})).not.toContain("cloudfront:CreateInvalidation");
    expect(actions({ invalidate: "everything" })).toContain("cloudfront:CreateInvalidation");
  });

  it("only reads when it only observes", () => {
    for (const release of [{ strategy: "pointer", keyValueStore: STORE }, { strategy: "versioned-bucket" }]) {
      for (const { action } of makePermissions(grantObserveFrontend, release)) {
        expect(action).toMatch(/:(Get|List|Describe)/);
      }
    }
  });
});

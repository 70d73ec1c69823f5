import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { App, CfnResource, Stack, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import type { Environment } from "../../lambdas/contracts/environment.ts";
import { acknowledgeFindings } from "../../lib/stack/acknowledgements.ts";
import { StepbackStack } from "../../lib/stack/stepback-stack.ts";
import { assemblyOf } from "../support/assembly.ts";
import { makeEnvironment, makeSmallEnvironment } from "../support/make-environment.ts";

const environments = [
  ["the example", makeEnvironment()],
  ["one component alone", makeSmallEnvironment()],
] as const;

describe("cdk-nag's AwsSolutions", () => {
  it.each(environments)("finds nothing in %s", (_, environment) => {
    expect(() => checked((app) => makeStack(app, environment))).not.toThrow();
  });

  it("would find what was not acknowledged", () => {
    const unacknowledged = (app: App) => void new StepbackStack(app, "Stepback", propsOf(makeEnvironment()));

    expect(() => checked(unacknowledged)).toThrow("AwsSolutions-IAM5[Resource::*]");
  });

  it("would find something broken beside the acknowledged", () => {
    const withOpenBucket = (app: App) => {
      const stack = makeStack(app, makeEnvironment());
      new Bucket(stack, "Careless");
    };

    expect(() => checked(withOpenBucket)).toThrow(/Careless[\s\S]*AwsSolutions-S10/);
  });
});

const LINTER = "cfn-lint";
/** Absent on a developer's machine it is a message; in CI it must be there. */
const missing = spawnSync(LINTER, ["--version"]).status !== 0;
if (missing && !process.env["CI"]) console.warn(`${LINTER} is not on PATH: the template was not linted`);

describe("cfn-lint", () => {
  it.skipIf(missing && !process.env["CI"]).each(environments)("finds nothing in %s", (_, environment) => {
    expect(lint(templateFileOf(environment))).toEqual({ status: 0, said: "" });
  });

  it.skipIf(missing && !process.env["CI"])("would find a property that does not exist", () => {
    const app = new App({
      outdir: mkdtempSync(`${tmpdir()}/stepback-lint-`),
      builtinCloudFormationValidation: false,
    });
    const stack = new Stack(app, "Broken");
    new CfnResource(stack, "Queue", { type: "AWS::SQS::Queue", properties: { Retention: 3 } });

    const { directory } = app.synth();

    expect(lint(`${directory}/Broken.template.json`).said).toContain("'Retention'");
  });
});

/** Synthesises with the checks of bin/app.ts, and throws when they find something. */
function checked(build: (app: App) => void): void {
  const { context } = JSON.parse(readFileSync(`${import.meta.dirname}/../../cdk.json`, "utf8"));
  const outdir = mkdtempSync(`${tmpdir()}/stepback-nag-`);
  const app = new App({ context, outdir, builtinCloudFormationValidation: false });
  build(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

function makeStack(app: App, environment: Environment): StepbackStack {
  const stack = new StepbackStack(app, `Stepback-${environment.name}`, propsOf(environment));
  acknowledgeFindings(stack, environment);
  return stack;
}

const propsOf = (environment: Environment) => ({
  environment,
  env: { account: environment.account, region: environment.region },
});

const templateFileOf = (environment: Environment) =>
  `${assemblyOf(environment).directory}/Stepback-${environment.name}.template.json`;

/**
 * W3005 is left out: CDK writes every `DependsOn` of a function or machine on its role, which the `GetAtt` of the same
 * role already implies. It is redundant, harmless, and not ours to change.
 */
function lint(template: string) {
  const { status, stdout, error } = spawnSync(LINTER, ["--ignore-checks", "W3005", "--", template], {
    encoding: "utf8",
  });
  if (error) throw new Error("cfn-lint must be on PATH where CI is set", { cause: error });
  return { status, said: stdout.trim() };
}

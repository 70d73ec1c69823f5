import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { beforeAll, describe, expect, it } from "vitest";
import { AssetStore } from "../../../lib/region/deploy/asset-store.ts";
import { deployAssembly } from "../../../lib/region/deploy/deploy-assembly.ts";
import { iamResources } from "../../../lib/region/iam/iam-resources.ts";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import { lambdaService } from "../../../lib/region/services/lambda/lambda-service.ts";

const where = { account: "111122223333", region: "eu-west-1" };
const directory = mkdtempSync(join(tmpdir(), "stepback-assembly-"));

/** Two stacks as CDK writes them: one bound to an account, one not; the second depends on the first. */
beforeAll(() => {
  const code = join(directory, "code");
  mkdirSync(code);
  writeFileSync(join(code, "index.js"), "exports.handler = async () => process.env.GREETING;");
  const app = new App({
    outdir: join(directory, "cdk.out"),
    builtinCloudFormationValidation: false,
    context: { "aws:cdk:enable-path-metadata": false, "aws:cdk:enable-asset-metadata": false },
  });
  const make = (stack: Stack, greeting: string) => {
    const fn = new LambdaFunction(stack, "Greeter", {
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromAsset(code),
      timeout: Duration.seconds(10),
      environment: { GREETING: greeting },
    });
    new CfnOutput(stack, "Name", { value: fn.functionName });
  };
  const late = new Stack(app, "Late", { env: where });
  const early = new Stack(app, "Early");
  late.addStackDependency(early);
  make(late, "late");
  make(early, "early");
  app.synth();
});

async function deploy(stacks?: readonly string[]) {
  const kernel = new Kernel({ seed: 1, start: Date.parse("2026-11-21T10:00:00Z") });
  const identities = new Identities({ kernel, ...where });
  const assets = new AssetStore();
  const context: RegionContext = {
    ...where,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("nothing is called here")),
  };
  const lambda = lambdaService(context, {
    identities,
    transport: () => Promise.reject(new Error("nothing is sent here")),
    codeDirectory: (bucket, key) => assets.path(bucket, key),
  });
  const deployed = await deployAssembly({
    directory: join(directory, "cdk.out"),
    ...(stacks ? { stacks } : {}),
    context,
    services: [lambda.model],
    extra: iamResources(context, identities),
    assets,
  });
  return { kernel, lambda, deployed };
}

describe("deployAssembly", () => {
  it("deploys what CDK wrote, in the order of dependencies, with its assets as code", async () => {
    const { kernel, lambda, deployed } = await deploy();

    expect(deployed.map(({ name }) => name)).toEqual(["Early", "Late"]);
    for (const [index, greeting] of ["early", "late"].entries()) {
      const name = String(deployed[index]?.outputs["Name"]);
      expect(name).toMatch(/^(Early|Late)-Greeter[0-9A-F]{8}-[0-9A-Z]{12}$/);
      const invoke = lambda.model.operations.get("Invoke");
      const call = {
        service: "lambda",
        operation: "Invoke",
        requestId: "r",
        principal: { arn: "x", type: "user" },
      };
      const handled = Promise.resolve(invoke?.handle({ FunctionName: name } as never, call as never));
      const output = (await kernel.complete(handled)) as { Payload: Uint8Array };
      expect(Buffer.from(output.Payload).toString()).toBe(JSON.stringify(greeting));
    }
  });

  it("deploys only the stacks it is asked for", async () => {
    expect((await deploy(["Late"])).deployed.map(({ name }) => name)).toEqual(["Late"]);
    await expect(deploy(["Later"])).rejects.toThrow("holds no stack Later");
  });
});

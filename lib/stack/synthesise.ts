import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import type { Environment } from "../../lambdas/contracts/environment.ts";
import { StepbackStack } from "./stepback-stack.ts";

/**
 * Synthesises the stack of one environment into a cloud assembly, with the same context as the CDK command line (which
 * reads cdk.json; a bare `App` does not). The bundles must exist. Returns the assembly's directory.
 */
export function synthesise(environment: Environment, outdir: string): string {
  const { context } = JSON.parse(readFileSync(`${import.meta.dirname}/../../cdk.json`, "utf8")) as {
    context: Record<string, unknown>;
  };
  // The built-in validation runs in `npm run synth`; here it would double the time of every drill.
  const app = new App({ context, outdir, builtinCloudFormationValidation: false });
  new StepbackStack(app, `Stepback-${environment.name}`, {
    environment,
    env: { account: environment.account, region: environment.region },
  });
  return app.synth().directory;
}

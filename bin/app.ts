import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { FileError } from "../lib/files/checked-yaml.ts";
import { loadEnvironment } from "../lib/files/load-environment.ts";
import { acknowledgeFindings } from "../lib/stack/acknowledgements.ts";
import { StepbackStack } from "../lib/stack/stepback-stack.ts";
import { bundle } from "../scripts/bundle.ts";

/** The CDK app: one stack for the environment named by `-c env=<name>`. */
const app = new App();
const name: unknown = app.node.tryGetContext("env") ?? "example";
try {
  const environment = loadEnvironment(String(name));
  await bundle();
  const stack = new StepbackStack(app, `Stepback-${environment.name}`, {
    environment,
    env: { account: environment.account, region: environment.region },
    description: `Stepback for ${environment.application} (${environment.name})`,
  });
  acknowledgeFindings(stack, environment);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof FileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

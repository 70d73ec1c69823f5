import { type Command, Option } from "commander";
import { type Environment, rollbackMachineName } from "../../lambdas/contracts/environment.ts";
import { loadEnvironment } from "../files/load-environment.ts";

/** Options of every command that talks to a deployed environment, real or simulated. */
export interface AwsOptions {
  readonly environment: string;
  readonly endpointUrl?: string;
}

export function withAwsOptions(command: Command): Command {
  const endpoint = new Option(
    "--endpoint-url <url>",
    "where AWS is, for example http://127.0.0.1:4510 of `stepback local`",
  );
  return command
    .requiredOption("-e, --environment <name>", "which environment (environments/<name>.yaml)")
    .addOption(endpoint.env("AWS_ENDPOINT_URL"));
}

/** Configuration for SDK clients: the environment's region, the caller's own credentials. */
export function clientOptionsOf({ environment: name, endpointUrl }: AwsOptions): {
  readonly environment: Environment;
  readonly client: { readonly region: string; readonly endpoint?: string };
} {
  const environment = loadEnvironment(name);
  return {
    environment,
    client: { region: environment.region, ...(endpointUrl ? { endpoint: endpointUrl } : {}) },
  };
}

/** Of the machine that rolls back, unless another one's name is told. */
export const machineArnOf = (environment: Environment, nameOf = rollbackMachineName) =>
  `arn:aws:states:${environment.region}:${environment.account}:stateMachine:${nameOf(environment)}`;

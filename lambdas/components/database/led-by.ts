import { DescribeDBProxyTargetsCommand, type RDSClient } from "@aws-sdk/client-rds";
import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, type Parameter, type SSMClient } from "@aws-sdk/client-ssm";
import type { DatabaseCutOver } from "../../contracts/kinds/database.ts";
import { asked, isNamed } from "../aws-call.ts";
import { registeredIn } from "./registered-targets.ts";

/** What users are led by to their database is read with these. */
export interface CutOverClients {
  readonly rds: RDSClient;
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
}

/** The identifiers of what a proxy leads to; undefined when there is no such proxy or target group. */
export async function proxyTargets(
  rds: RDSClient,
  { proxy, targetGroup }: Extract<DatabaseCutOver, { strategy: "proxy" }>,
): Promise<readonly string[] | undefined> {
  const doing = `Reading the targets of the proxy ${proxy}`;
  const answer = await present(
    asked(
      doing,
      rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: proxy, TargetGroupName: targetGroup })),
    ),
    ["DBProxyNotFoundFault", "DBProxyTargetGroupNotFoundFault", "DBProxyTargetNotFoundFault"],
  );
  return answer && [...registeredIn(answer.Targets ?? [])];
}

/** The parameter that holds the host name; undefined when there is none. */
export async function hostParameter(ssm: SSMClient, name: string): Promise<Parameter | undefined> {
  const answer = await present(
    asked(`Reading the parameter ${name}`, ssm.send(new GetParameterCommand({ Name: name }))),
    ["ParameterNotFound"],
  );
  return answer?.Parameter;
}

/** What a secret is, never what it holds; undefined when there is none. */
export async function hostSecret(
  secrets: SecretsManagerClient,
  id: string,
): Promise<DescribeSecretCommandOutput | undefined> {
  return present(
    asked(`Reading about the secret ${id}`, secrets.send(new DescribeSecretCommand({ SecretId: id }))),
    ["ResourceNotFoundException"],
  );
}

async function present<T>(answer: Promise<T>, absent: readonly string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNamed(error, ...absent)) return undefined;
    throw error;
  }
}

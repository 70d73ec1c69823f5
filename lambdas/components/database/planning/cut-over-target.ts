import type { RDSClient } from "@aws-sdk/client-rds";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import { type CutOverClients, hostParameter, hostSecret, proxyTargets } from "../led-by.ts";
import type { Sight } from "../sight.ts";

/**
 * Why users could not be sent to another database by the declared strategy: what they go by must exist and lead to the
 * database that serves now. Undefined when all is well. A secret's value is never read, so only that it exists is checked.
 */
export async function cutOverProblem(
  clients: CutOverClients,
  cutOver: DatabaseCutOver,
  { serving, configured }: { readonly serving: Sight; readonly configured: string },
): Promise<string | undefined> {
  switch (cutOver.strategy) {
    case "proxy":
      return proxyProblem(clients.rds, cutOver, serving);
    case "endpoint-parameter":
      return (
        (await parameterProblem(clients.ssm, cutOver.parameter, {
          holds: serving.host,
          what: `the host of ${serving.identifier}`,
        })) ?? (await readerParameterProblem(clients.ssm, cutOver.readerParameter, serving))
      );
    case "endpoint-secret":
      return (
        (await secretProblem(clients.secrets, cutOver.secret)) ??
        (cutOver.readerSecret === undefined
          ? undefined
          : (noReaders("readerSecret", serving) ??
            (await secretProblem(clients.secrets, cutOver.readerSecret))))
      );
    case "rename":
      if (serving.identifier === configured) return undefined;
      return `${serving.identifier} serves instead of ${configured}, but the strategy is rename; give it the name ${configured} again first.`;
  }
}

async function proxyProblem(
  rds: RDSClient,
  cutOver: Extract<DatabaseCutOver, { strategy: "proxy" }>,
  serving: Sight,
): Promise<string | undefined> {
  const { proxy, targetGroup } = cutOver;
  const names = await proxyTargets(rds, cutOver);
  if (!names)
    return `the proxy ${proxy} or its target group ${targetGroup} does not exist; correct the environment.`;
  if (names.includes(serving.identifier)) return undefined;
  const found = names.length > 0 ? `leads to ${names.join(", ")}` : "has no target";
  return `the proxy ${proxy} ${found}, not to ${serving.identifier}; register the one that serves, or correct the environment.`;
}

async function readerParameterProblem(
  ssm: SSMClient,
  name: string | undefined,
  serving: Sight,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const what = `the reader endpoint of ${serving.identifier}`;
  const wanted = { holds: serving.readerHost, what };
  return noReaders("readerParameter", serving) ?? parameterProblem(ssm, name, wanted);
}

/** Only clusters have a reader endpoint. */
function noReaders(key: string, { shape, identifier }: Sight): string | undefined {
  if (shape === "cluster") return undefined;
  return `${identifier} is an instance and has no reader endpoint; take ${key} out of the environment.`;
}

async function parameterProblem(
  ssm: SSMClient,
  name: string,
  { holds, what }: { readonly holds: string | undefined; readonly what: string },
): Promise<string | undefined> {
  const parameter = await hostParameter(ssm, name);
  if (!parameter) return `the parameter ${name} does not exist; correct the environment.`;
  const { Type, Value } = parameter;
  // It must hold a host name and nothing else: no parameter that may be a secret is shown or written.
  if (Type !== "String") return `the parameter ${name} is a ${Type}; a host name belongs into a String.`;
  if (Value === holds) return undefined;
  return `the parameter ${name} does not hold ${holds}, ${what}; put it there, or correct the environment.`;
}

async function secretProblem(secrets: SecretsManagerClient, id: string): Promise<string | undefined> {
  const answer = await hostSecret(secrets, id);
  if (!answer) return `the secret ${id} does not exist; correct the environment.`;
  if (answer.DeletedDate) return `the secret ${id} is being deleted; restore it first.`;
  if (answer.RotationEnabled) {
    return `the secret ${id} rotates: it holds more than a host name; keep the host in a secret of its own.`;
  }
  return undefined;
}

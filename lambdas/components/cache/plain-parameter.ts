import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  type ParameterHistory,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { asked, isNamed } from "../aws-call.ts";

/** A readable parameter as it is now. */
export interface PlainValue {
  readonly value: string;
  readonly version: number;
  readonly writtenAt?: Date;
}

/** Why a parameter cannot be used as a switch: a sentence. */
export interface Unusable {
  readonly problem: string;
}

/**
 * Reads a parameter of type String, or one version of it. A SecureString is refused: its value would pass through
 * Stepback, and PutParameter could re-key it silently (docs/facts/frontend-secrets-config.md §C.1).
 */
export async function readPlain(
  ssm: SSMClient,
  name: string,
  version?: number,
): Promise<PlainValue | Unusable> {
  const selector = version === undefined ? "" : `:${version}`;
  try {
    const command = new GetParameterCommand({ Name: `${name}${selector}`, WithDecryption: false });
    const { Parameter } = await asked(`Reading the parameter ${name}`, ssm.send(command));
    if (Parameter?.Type !== "String") {
      return { problem: `the parameter ${name} is a ${Parameter?.Type}; it has to be a String.` };
    }
    const { Value: value = "", Version: version = 0, LastModifiedDate: writtenAt } = Parameter;
    return { value, version, ...(writtenAt ? { writtenAt } : {}) };
  } catch (error) {
    if (isNamed(error, "ParameterNotFound", "ParameterVersionNotFound")) {
      return { problem: `the parameter ${name} does not exist; correct the environment.` };
    }
    throw error;
  }
}

/**
 * Writes a new version and answers its number. AWS has no precondition for it: only the number tells afterwards whether
 * somebody wrote at the same moment. What a version says beside its value has to be said again (§C.1).
 */
export async function writePlain(ssm: SSMClient, name: string, value: string): Promise<number> {
  const last = await latestOf(ssm, name);
  const { Description, AllowedPattern, Tier, DataType } = last ?? {};
  const command = new PutParameterCommand({
    Name: name,
    Value: value,
    Overwrite: true,
    Type: "String",
    ...(Description ? { Description } : {}),
    ...(AllowedPattern ? { AllowedPattern } : {}),
    ...(Tier ? { Tier } : {}),
    ...(DataType ? { DataType } : {}),
  });
  const { Version } = await asked(`Writing the parameter ${name}`, ssm.send(command));
  return Version ?? 0;
}

/** The newest version with its settings; the history comes oldest first, in pages. */
async function latestOf(ssm: SSMClient, name: string): Promise<ParameterHistory | undefined> {
  let latest: ParameterHistory | undefined;
  let NextToken: string | undefined;
  do {
    const command = new GetParameterHistoryCommand({ Name: name, ...(NextToken ? { NextToken } : {}) });
    const page = await asked(`Reading the settings of the parameter ${name}`, ssm.send(command));
    for (const version of page.Parameters ?? []) {
      if ((version.Version ?? 0) > (latest?.Version ?? -1)) latest = version;
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return latest;
}

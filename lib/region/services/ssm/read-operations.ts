import * as sdk from "@aws-sdk/client-ssm";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { labelsOf, type Parameter, type ParameterVersion } from "./parameter.ts";
import type { Selected } from "./parameter-store.ts";
import type { SsmWorld } from "./ssm-world.ts";

/**
 * Declares the operations that read values. Of the history, leave to read it is all that is asked: not
 * `ssm:GetParameter`.
 */
export function addReadOperations(model: ServiceModel, world: SsmWorld): void {
  const { store, permissions } = world;
  model
    .on(sdk.GetParameterCommand, {
      accepts: ["Name", "WithDecryption"],
      authorize: ({ Name = "", WithDecryption }) => [
        permissions.on("GetParameter", Name),
        ...permissions.decrypt(Name, WithDecryption),
      ],
      handle: ({ Name = "", WithDecryption }) => ({
        Parameter: describe(world, store.select(Name), WithDecryption),
      }),
    })
    .on(sdk.GetParametersCommand, {
      accepts: ["Names", "WithDecryption"],
      authorize: ({ Names = [], WithDecryption }) =>
        Names.flatMap((name) => [
          permissions.on("GetParameters", name),
          ...permissions.decrypt(name, WithDecryption),
        ]),
      handle: ({ Names = [], WithDecryption }) => getParameters(world, Names, WithDecryption),
    })
    .on(sdk.GetParameterHistoryCommand, {
      accepts: ["Name", "WithDecryption", "MaxResults", "NextToken"],
      authorize: ({ Name = "", WithDecryption }) => [
        permissions.on("GetParameterHistory", Name),
        ...permissions.decryptAll(store.find(Name), WithDecryption),
      ],
      handle: (input) => getHistory(world, input),
    });
}

function getParameters(
  world: SsmWorld,
  names: readonly string[],
  withDecryption: boolean | undefined,
): sdk.GetParametersResult {
  if (names.length > 10) {
    throw new AwsError("ValidationException", "Names must have length less than or equal to 10");
  }
  const Parameters: sdk.Parameter[] = [];
  const InvalidParameters: string[] = [];
  for (const name of names) {
    try {
      Parameters.push(describe(world, world.store.select(name), withDecryption));
    } catch (error) {
      if (!(error instanceof AwsError) || !MISSING.has(error.code)) throw error;
      InvalidParameters.push(name);
    }
  }
  return { Parameters, InvalidParameters };
}

const MISSING = new Set(["ParameterNotFound", "ParameterVersionNotFound"]);

/** Oldest first, at most 50 a page; the most is unverified (docs/facts/frontend-secrets-config.md §C.1). */
function getHistory(
  world: SsmWorld,
  { Name, WithDecryption, MaxResults = 50, NextToken }: sdk.GetParameterHistoryRequest,
): sdk.GetParameterHistoryResult {
  if (MaxResults < 1 || MaxResults > 50) {
    throw new AwsError("ValidationException", "maxResults must be between 1 and 50.");
  }
  const parameter = world.store.required(Name);
  const after = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, "base64url").toString());
  if (!Number.isInteger(after)) throw new AwsError("InvalidNextToken", "The specified token isn't valid.");
  const left = parameter.versions.filter(({ number }) => number > after);
  const shown = left.slice(0, MaxResults);
  const last = shown.at(-1)?.number;
  return {
    Parameters: shown.map((version) => ({
      Name: parameter.name,
      Type: version.type,
      KeyId: version.keyId,
      LastModifiedDate: new Date(version.modifiedAt),
      LastModifiedUser: version.modifiedBy,
      Description: version.description,
      Value: readable(world, parameter, version, WithDecryption),
      AllowedPattern: version.allowedPattern,
      Version: version.number,
      Labels: labelsOf(parameter, version.number),
      Tier: version.tier,
      Policies: [...version.policies],
      DataType: version.dataType,
    })),
    NextToken: left.length > MaxResults ? Buffer.from(String(last)).toString("base64url") : undefined,
  };
}

function describe(
  world: SsmWorld,
  { parameter, version, selector }: Selected,
  withDecryption: boolean | undefined,
): sdk.Parameter {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: readable(world, parameter, version, withDecryption),
    Version: version.number,
    Selector: selector,
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: parameter.arn,
    DataType: version.dataType,
  };
}

/**
 * The value as the caller may see it: of a SecureString that is not decrypted, something that says nothing of
 * it.
 */
function readable(
  { keys }: SsmWorld,
  { arn }: Parameter,
  { type, value, keyArn, number }: ParameterVersion,
  withDecryption = false,
): string {
  if (type !== "SecureString") return value;
  if (!withDecryption) return Buffer.from(`encrypted ${arn}:${number}`).toString("base64");
  if (keyArn !== undefined && keys.usable(keyArn)) return value;
  throw new AwsError("InvalidKeyId", `The key ${keyArn} does not exist or is not enabled.`);
}

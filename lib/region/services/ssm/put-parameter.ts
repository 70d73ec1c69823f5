import type { ParameterTier, PutParameterRequest, PutParameterResult } from "@aws-sdk/client-ssm";
import { AwsError } from "../../service-model.ts";
import type { Parameter, ParameterVersion } from "./parameter.ts";
import { announce } from "./parameter-event.ts";
import { checkName, checkValue } from "./parameter-rules.ts";
import type { SsmWorld } from "./ssm-world.ts";

/**
 * The key of a SecureString for which the caller names none: the silent re-key
 * (docs/facts/frontend-secrets-config.md §C.1).
 */
export const DEFAULT_KEY = "alias/aws/ssm";

/**
 * PutParameter: a new parameter, or a new version of an old one. There is no precondition on the version it
 * replaces.
 */
export function putParameter(world: SsmWorld, input: PutParameterRequest, by: string): PutParameterResult {
  const { context, store } = world;
  const name = (input.Name ?? "").trim();
  checkName(name);
  const existing = store.find(name);
  if (existing && !input.Overwrite) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  refuseAsTold(world, name);
  const version = newVersion(world, input, { existing, by });
  checkValue(input.Value ?? "", version.tier, input.AllowedPattern);
  const tags = Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  if (existing) {
    // That Tags go with a new parameter only is unverified (§C.1).
    if (input.Tags && input.Tags.length > 0) throw invalid("Tags and overwrite can't be used together.");
    addVersion(existing, version);
    announce(context, existing, "Update");
  } else {
    announce(context, store.create(name, version, tags), "Create");
  }
  return { Version: version.number, Tier: version.tier };
}

/** A scenario may have the next changes of a parameter collide with somebody else's. */
export function refuseAsTold({ refusals }: SsmWorld, name: string): void {
  const left = refusals.get(name) ?? 0;
  if (left === 0) return;
  refusals.set(name, left - 1);
  throw new AwsError(
    "TooManyUpdates",
    "There are concurrent updates for a resource that supports one update at a time.",
  );
}

/**
 * A version says everything anew; that AWS keeps nothing of the last one but type, tier and policies is unverified,
 * and the safe belief. New policies are not modelled.
 */
function newVersion(
  world: SsmWorld,
  input: PutParameterRequest,
  { existing, by }: { readonly existing: Parameter | undefined; readonly by: string },
): ParameterVersion {
  const last = existing?.versions.at(-1);
  const type = input.Type ?? last?.type;
  if (type === undefined) throw invalid("A parameter type is required when you create a parameter.");
  if (last && type !== last.type) {
    throw new AwsError(
      "HierarchyTypeMismatchException",
      `The type ${last.type} can't be changed to ${type}. You must create a new, unique parameter.`,
    );
  }
  const secure = type === "SecureString";
  if (!secure && input.KeyId !== undefined)
    throw invalid("KeyId is required for SecureString type parameter only.");
  const keyId = secure ? (input.KeyId ?? DEFAULT_KEY) : undefined;
  if (keyId !== undefined && !world.keys.usable(keyId)) {
    throw new AwsError("InvalidKeyId", `The key ${keyId} does not exist or is not enabled.`);
  }
  return {
    number: (last?.number ?? 0) + 1,
    value: input.Value ?? "",
    type,
    keyId,
    keyArn: keyId === undefined ? undefined : world.keys.arnOf(keyId),
    tier: tierOf(input, last?.tier),
    dataType: input.DataType ?? "text",
    description: input.Description,
    allowedPattern: input.AllowedPattern,
    policies: last?.policies ?? [],
    modifiedAt: world.context.kernel.now,
    modifiedBy: by,
  };
}

/**
 * From Standard to Advanced and never back; Intelligent-Tiering goes up only when the value needs it. [SDK
 * PutParameter]
 */
function tierOf({ Tier, Value = "" }: PutParameterRequest, last: ParameterTier | undefined): ParameterTier {
  if (Tier === "Standard" && last === "Advanced") {
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter " +
        "tier to the standard-parameter tier.",
    );
  }
  if (Tier === "Advanced" || last === "Advanced") return "Advanced";
  return Tier === "Intelligent-Tiering" && Buffer.byteLength(Value) > 4096 ? "Advanced" : "Standard";
}

/**
 * A parameter keeps 100 versions; the oldest makes room, unless it carries a label. [SDK
 * ParameterMaxVersionLimitExceeded]
 */
function addVersion(parameter: Parameter, version: ParameterVersion): void {
  const [oldest] = parameter.versions;
  if (parameter.versions.length >= 100 && oldest) {
    if ([...parameter.labels.values()].includes(oldest.number)) {
      throw new AwsError(
        "ParameterMaxVersionLimitExceeded",
        `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite ` +
          `flag. Version ${oldest.number}, the oldest version, can't be deleted because it has a label associated with ` +
          "it. Move the label to another version of the parameter, and try again.",
      );
    }
    parameter.versions.shift();
  }
  parameter.versions.push(version);
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

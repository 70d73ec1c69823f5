import type { DistributionConfig, Origin } from "@aws-sdk/client-cloudfront";
import { AwsError } from "../../service-model.ts";
import { type Behaviour, behavioursOf } from "./behaviour.ts";
import { cachePolicyOf } from "./cache-policy.ts";

/** Throws what CloudFront answers to a configuration that it would not serve, or what this model cannot serve. */
export function checkConfig(config: DistributionConfig, functionExists: (arn: string) => boolean): void {
  checkQuantities(config);
  refuseUnmodelled(config);
  const origins = config.Origins?.Items ?? [];
  if (origins.length === 0) throw invalidArgument("The parameter Origins is required.");
  if (new Set(origins.map(({ Id }) => Id)).size < origins.length) {
    throw invalidArgument("The parameter Origin Id must be unique within the distribution.");
  }
  for (const origin of origins) checkOriginPath(origin);
  for (const behaviour of behavioursOf(config)) {
    if (!origins.some(({ Id }) => Id === behaviour.TargetOriginId)) {
      throw new AwsError("NoSuchOrigin", "One or more of your origins or origin groups do not exist.");
    }
    if (cachePolicyOf(behaviour) === undefined) {
      throw new AwsError("NoSuchCachePolicy", "The specified cache policy does not exist.");
    }
    checkFunctions(behaviour, functionExists);
  }
  if (config.DefaultRootObject?.startsWith("/")) {
    throw new AwsError(
      "InvalidDefaultRootObject",
      "The default root object file name is too big or contains an invalid character.",
    );
  }
}

/** `Quantity` and `Items` must say the same wherever they stand, or the answer is InconsistentQuantities [SDK]. */
export function checkQuantities(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) checkQuantities(item);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const members = new Map<string, unknown>(Object.entries(value));
  const [quantity, items] = [members.get("Quantity"), members.get("Items") ?? []];
  if (typeof quantity === "number" && Array.isArray(items) && items.length !== quantity) {
    throw new AwsError("InconsistentQuantities", "The value of Quantity and the size of Items don't match.");
  }
  for (const member of members.values()) checkQuantities(member);
}

/**
 * Starts with a slash and does not end with one (docs/facts/frontend-secrets-config.md §A.1). Code and text of the
 * refusal are unverified.
 */
function checkOriginPath({ OriginPath: path = "" }: Origin): void {
  if (path === "" || /^\/.*[^/]$/s.test(path)) return;
  throw invalidArgument("The parameter Origin Path must begin with a / and must not end with one.");
}

function checkFunctions(behaviour: Behaviour, exists: (arn: string) => boolean): void {
  for (const { EventType: type, FunctionARN: arn = "" } of behaviour.FunctionAssociations?.Items ?? []) {
    if (type !== "viewer-request") throw notModelled(`a CloudFront function on ${type}`);
    if (exists(arn)) continue;
    throw new AwsError(
      "InvalidFunctionAssociation",
      `The function ${arn} does not exist or is not published.`,
    );
  }
}

/** What would change what a viewer gets, and is not modelled. */
function refuseUnmodelled(config: DistributionConfig): void {
  if ((config.OriginGroups?.Quantity ?? 0) > 0) throw notModelled("origin groups");
  if (config.Staging === true) throw notModelled("staging distributions");
  if ((config.ContinuousDeploymentPolicyId ?? "") !== "") throw notModelled("continuous deployment");
  if ((config.WebACLId ?? "") !== "") throw notModelled("web ACLs of distributions");
  if ((config.Restrictions?.GeoRestriction?.Quantity ?? 0) > 0) throw notModelled("geographic restrictions");
  for (const behaviour of behavioursOf(config)) {
    if ((behaviour.LambdaFunctionAssociations?.Quantity ?? 0) > 0) throw notModelled("Lambda@Edge functions");
    if (behaviour.TrustedSigners?.Enabled || behaviour.TrustedKeyGroups?.Enabled) {
      throw notModelled("signed URLs");
    }
    if (behaviour.ResponseHeadersPolicyId !== undefined) throw notModelled("response headers policies");
  }
}

function notModelled(what: string): AwsError {
  return new AwsError("NotImplemented", `Stepback's simulated region does not model ${what}`, 501);
}

export function invalidArgument(message: string): AwsError {
  return new AwsError("InvalidArgument", message);
}

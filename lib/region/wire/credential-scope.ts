import { AwsError } from "../service-model.ts";
import type { WireRequest } from "./wire-message.ts";

/** Who signed a request, and for which service. Signatures are not checked: see `Identities.principalOf`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** The signing name. */
  readonly service: string;
  /** SigV4A signs for a set of regions, so that its scope names none. */
  readonly algorithm: "sigv4" | "sigv4a";
}

const scopePattern = /^(?<key>[^/]+)\/\d{8}\/(?:(?<region>[^/]+)\/)?(?<service>[^/]+)\/aws4_request$/;

/** The credential scope, from the Authorization header or a presigned query; undefined when unsigned. */
export function credentialScope({ headers, query }: WireRequest): CredentialScope | undefined {
  const authorization = headers["authorization"] ?? "";
  const signed = /Credential=([^,\s]+)/.exec(authorization)?.[1];
  const groups = scopePattern.exec(signed ?? query.get("X-Amz-Credential") ?? "")?.groups;
  const [accessKeyId, service] = [groups?.["key"], groups?.["service"]];
  if (accessKeyId === undefined || service === undefined) return undefined;
  const name = authorization.split(" ", 1)[0] || (query.get("X-Amz-Algorithm") ?? "");
  const algorithm = name === "AWS4-ECDSA-P256-SHA256" ? "sigv4a" : "sigv4";
  // A regional scope under SigV4A, or none under SigV4, is no signature that an SDK makes.
  return (algorithm === "sigv4a") === (groups?.["region"] === undefined)
    ? { accessKeyId, service, algorithm }
    : undefined;
}

/**
 * CloudFront KeyValueStore takes SigV4A and nothing else; no other service of the region takes it. The text is the one
 * that people report (docs/facts/frontend-secrets-config.md §A.2).
 */
export function checkAlgorithm({ service, algorithm }: CredentialScope, { headers }: WireRequest): void {
  const global = service === "cloudfront-keyvaluestore";
  const valid = algorithm === "sigv4a" && headers["x-amz-region-set"] !== undefined;
  if (global && !valid) throw new AwsError("AccessDeniedException", "Authentication failed", 403);
  if (global || algorithm === "sigv4") return;
  throw new AwsError(
    "NotImplemented",
    `Stepback's simulated region does not model SigV4A requests to ${service}`,
    501,
  );
}

import type { WireRequest } from "./wire-message.ts";

/** Who signed a request, and for which service. Signatures are not checked: see `Identities.principalOf`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** The signing name. */
  readonly service: string;
}

const scopePattern = /^(?<key>[^/]+)\/\d{8}\/[^/]+\/(?<service>[^/]+)\/aws4_request$/;

/** The SigV4 credential scope, from the Authorization header or a presigned query; undefined when unsigned. */
export function credentialScope({ headers, query }: WireRequest): CredentialScope | undefined {
  const signed = /Credential=([^,\s]+)/.exec(headers["authorization"] ?? "")?.[1];
  const groups = scopePattern.exec(signed ?? query.get("X-Amz-Credential") ?? "")?.groups;
  const [accessKeyId, service] = [groups?.["key"], groups?.["service"]];
  return accessKeyId === undefined || service === undefined ? undefined : { accessKeyId, service };
}

import { createHash } from "node:crypto";
import * as sts from "@aws-sdk/client-sts";
import type { RegionContext } from "../region-context.ts";
import { AwsError, type Principal, ServiceModel } from "../service-model.ts";

/** AWS STS, as far as it tells a caller who it is. */
export function stsService(context: RegionContext): ServiceModel {
  const client = new sts.STSClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  return new ServiceModel("sts", sts, client).on(sts.GetCallerIdentityCommand, {
    accepts: [],
    // "No permissions are required to perform this operation", not even under an explicit deny (API
    // reference).
    authorize: () => [],
    handle: (_input, call) => ({ Account: context.account, ...identityOf(call.principal) }),
  });
}

/**
 * A role's session is known by the assumed-role ARN, which drops the role's path (IAM user guide,
 * "Principal").
 */
function identityOf({ type, arn, session = "session" }: Principal): { Arn: string; UserId: string } {
  if (type === "user") return { Arn: arn, UserId: uniqueId("AIDA", arn) };
  const [, account, roleName] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (type === "service" || roleName === undefined) {
    throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
  }
  const sessionArn = `arn:aws:sts::${account}:assumed-role/${roleName}/${session}`;
  return { Arn: sessionArn, UserId: `${uniqueId("AROA", arn)}:${session}` };
}

/** IAM's unique ids: a prefix for the kind of thing and 17 capitals and digits; ours follow from the ARN. */
function uniqueId(prefix: string, arn: string): string {
  return prefix + createHash("sha256").update(arn).digest("hex").toUpperCase().slice(0, 17);
}

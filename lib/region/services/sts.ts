import { createHash } from "node:crypto";
import * as sts from "@aws-sdk/client-sts";
import type { Identities } from "../iam/identities.ts";
import type { RegionContext } from "../region-context.ts";
import { AwsError, type Principal, ServiceModel } from "../service-model.ts";

/** AWS STS, as far as it tells a caller who it is and lends it a role. */
export function stsService(
  context: RegionContext,
  identities: Pick<Identities, "hasRole" | "trusts" | "issueCredentials">,
): ServiceModel {
  const client = new sts.STSClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  return new ServiceModel("sts", sts, client)
    .on(sts.GetCallerIdentityCommand, {
      accepts: [],
      // "No permissions are required to perform this operation", not even under an explicit deny (API
      // reference).
      authorize: () => [],
      handle: (_input, call) => ({ Account: context.account, ...identityOf(call.principal) }),
    })
    .on(sts.AssumeRoleCommand, {
      accepts: ["RoleArn", "RoleSessionName", "DurationSeconds"],
      authorize: ({ RoleArn = "" }) => [{ action: "sts:AssumeRole", resource: RoleArn }],
      handle: (input, call) => assumeRole(context, identities, input, call.principal),
    });
}

/**
 * Both sides must agree: the caller's policies, which were asked already, and the role's trust policy (IAM user guide,
 * "Methods to assume a role"). The region asks both always; AWS lets a trust policy that names the caller itself do
 * alone. A role that is not there is refused in the same words. The credentials say when they expire, in the region's
 * time; that they then stop working is not modelled.
 */
function assumeRole(
  context: RegionContext,
  identities: Pick<Identities, "hasRole" | "trusts" | "issueCredentials">,
  { RoleArn = "", RoleSessionName = "", DurationSeconds = 3_600 }: sts.AssumeRoleRequest,
  caller: Principal,
): Omit<sts.AssumeRoleCommandOutput, "$metadata"> {
  // Patterns and limits: API reference, AssumeRole. The texts are unverified but for the last.
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw invalid(`Value '${RoleSessionName}' at 'roleSessionName' is not 2 to 64 characters of [\\w+=,.@-]`);
  }
  if (DurationSeconds < 900)
    throw invalid(`Value '${DurationSeconds}' at 'durationSeconds' is less than 900`);
  if (DurationSeconds > 3_600) {
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  if (!identities.hasRole(RoleArn) || !identities.trusts(RoleArn, caller)) {
    const who = identityOf(caller).Arn;
    const text = `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;
    throw new AwsError("AccessDenied", text, 403);
  }
  const { accessKeyId, secretAccessKey, sessionToken } = identities.issueCredentials(
    RoleArn,
    RoleSessionName,
  );
  const { Arn, UserId } = identityOf({ type: "role", arn: RoleArn, session: RoleSessionName });
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(context.kernel.now + DurationSeconds * 1_000),
    },
    AssumedRoleUser: { Arn, AssumedRoleId: UserId },
  };
}

const invalid = (message: string) => new AwsError("ValidationError", message, 400);

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

import { createHash } from "node:crypto";
import type { RegionContext } from "../../region-context.ts";
import type { Principal } from "../../service-model.ts";
import type { WireRequest } from "../../wire/wire-message.ts";

/**
 * The event of a function URL, payload format 2.0, with the caller's identity
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload).
 */
export function urlEvent(
  context: RegionContext,
  {
    request,
    principal,
    requestId,
  }: { readonly request: WireRequest; readonly principal: Principal; readonly requestId: string },
): object {
  const { cookie, ...headers } = request.headers;
  const urlId = request.host.split(".")[0] ?? "";
  const binary = request.body.length > 0 && !isText(request.headers["content-type"]);
  const query = request.query.toString();
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: request.path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split("; ") }),
    headers,
    ...(query === "" ? {} : { queryStringParameters: joined(request.query) }),
    requestContext: {
      accountId: context.account,
      apiId: urlId,
      authentication: null,
      authorizer: { iam: callerIdentity(context, request, principal) },
      domainName: request.host.split(":")[0],
      domainPrefix: urlId,
      http: {
        method: request.method,
        path: request.path,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: headers["user-agent"] ?? null,
      },
      requestId,
      routeKey: "$default",
      stage: "$default",
      time: clfTime(context.kernel.date()),
      timeEpoch: Math.floor(context.kernel.now),
    },
    ...(request.body.length > 0
      ? { body: Buffer.from(request.body).toString(binary ? "base64" : "utf8") }
      : {}),
    isBase64Encoded: binary,
  };
}

/** `requestContext.authorizer.iam`: for a role session the STS ARN and `<role id>:<session>`. */
function callerIdentity(context: RegionContext, request: WireRequest, principal: Principal): object {
  const role = principal.arn.split("/").at(-1) ?? "";
  const session = principal.session ?? "";
  const isRole = principal.type === "role";
  const userArn = isRole ? `arn:aws:sts::${context.account}:assumed-role/${role}/${session}` : principal.arn;
  const id = isRole ? `${uniqueId("AROA", principal.arn)}:${session}` : uniqueId("AIDA", principal.arn);
  const credential = /Credential=([^/]+)\//.exec(request.headers["authorization"] ?? "");
  return {
    accessKey: credential?.[1] ?? null,
    accountId: context.account,
    callerId: id,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn,
    userId: id,
  };
}

/** IAM's unique ids are random; the region's come from the ARN, so that the same identity always has the same. */
function uniqueId(prefix: string, arn: string): string {
  return prefix + createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase();
}

function joined(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(",")]));
}

/** Which content types count as text is documented only by example; the rest is base64 (unverified). */
function isText(contentType = "text/plain"): boolean {
  return /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))/.test(contentType);
}

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(date: Date): string {
  const [, day = "", month = "", year = ""] = /^\w+, (\d+) (\w+) (\d+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${date.toISOString().slice(11, 19)} +0000`;
}

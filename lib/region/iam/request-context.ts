import type { Permission, Principal } from "../service-model.ts";

/** Condition keys of one request, by lower-case name: IAM compares key names without regard to case. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

export interface Surroundings {
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The global condition keys that IAM fills in, and those that the service gave with the permission.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestContext(
  principal: Principal,
  permission: Pick<Permission, "context">,
  { account, region, now }: Surroundings,
): RequestContext {
  const context = new Map<string, readonly string[]>([
    ["aws:securetransport", ["true"]],
    ["aws:requestedregion", [region]],
    ["aws:currenttime", [new Date(now).toISOString()]],
    ["aws:epochtime", [String(Math.floor(now / 1000))]],
    ["aws:principalisawsservice", [String(principal.type === "service")]],
  ]);
  if (principal.type === "service") context.set("aws:principalservicename", [principal.arn]);
  else context.set("aws:principalarn", [principal.arn]).set("aws:principalaccount", [account]);
  if (principal.sourceArn !== undefined) {
    context.set("aws:sourcearn", [principal.sourceArn]).set("aws:sourceaccount", [account]);
  }
  for (const [key, value] of Object.entries(permission.context ?? {})) {
    context.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  return context;
}

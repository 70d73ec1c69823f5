import type { CacheBehavior, DefaultCacheBehavior } from "@aws-sdk/client-cloudfront";

/** Bounds of the time to live, seconds. */
export interface CachePolicy {
  readonly min: number;
  readonly usual: number;
  readonly max: number;
}

/**
 * The managed policies, whose ids are the same in every account.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
export const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
export const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

const managed: Readonly<Record<string, CachePolicy>> = {
  [CACHING_OPTIMIZED]: { min: 1, usual: 86_400, max: 31_536_000 },
  [CACHING_DISABLED]: { min: 0, usual: 0, max: 0 },
};

/** Undefined when the behaviour names a policy that does not exist. Without a policy its own old-style times count. */
export function cachePolicyOf(behaviour: DefaultCacheBehavior | CacheBehavior): CachePolicy | undefined {
  if (behaviour.CachePolicyId !== undefined) return managed[behaviour.CachePolicyId];
  const { MinTTL: min = 0, DefaultTTL: usual = 86_400, MaxTTL: max = 31_536_000 } = behaviour;
  return { min, usual, max };
}

/**
 * How long an edge location keeps an object, seconds; 0 means that it asks the origin every time.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html: a minimum above zero wins over
 * no-cache, no-store and private.
 */
export function timeToLive(cacheControl: string | undefined, { min, usual, max }: CachePolicy): number {
  const directives = directivesOf(cacheControl);
  if (["no-cache", "no-store", "private"].some((name) => directives.has(name))) return min;
  const age = directives.get("s-maxage") ?? directives.get("max-age");
  if (age === undefined || !/^\d+$/.test(age)) return Math.max(usual, min);
  return Math.max(min, Math.min(Number(age), max));
}

function directivesOf(cacheControl = ""): ReadonlyMap<string, string> {
  const pairs = cacheControl.split(",").map((part): [string, string] => {
    const [name = "", value = ""] = part.trim().split("=");
    return [name.toLowerCase(), value];
  });
  return new Map(pairs);
}

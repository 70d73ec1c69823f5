import type { CacheBehavior, DefaultCacheBehavior, DistributionConfig } from "@aws-sdk/client-cloudfront";

export type Behaviour = DefaultCacheBehavior | CacheBehavior;

/** The behaviours of a distribution, the default one last. */
export function behavioursOf(config: DistributionConfig): Behaviour[] {
  const byPath = config.CacheBehaviors?.Items ?? [];
  return config.DefaultCacheBehavior === undefined ? byPath : [...byPath, config.DefaultCacheBehavior];
}

/** The first behaviour whose path pattern fits; the default one fits everything. */
export function behaviourFor(config: DistributionConfig, uri: string): Behaviour | undefined {
  return behavioursOf(config).find(
    (behaviour) => !("PathPattern" in behaviour) || matchesPattern(behaviour.PathPattern ?? "", uri),
  );
}

/** `*` stands for any characters and `?` for one; the leading slash may be left out; case matters. */
function matchesPattern(pattern: string, uri: string): boolean {
  const known = EXPRESSIONS.get(pattern) ?? expressionOf(pattern);
  EXPRESSIONS.set(pattern, known);
  return known.test(uri);
}

/** Every request of every visitor asks for them. */
const EXPRESSIONS = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replace(/^\//, "")
    .replace(/[.+^$()|[\]{}\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^/${source}$`);
}

/** The ARN of the function that sees a viewer's request first. */
export function viewerFunctionOf(behaviour: Behaviour): string | undefined {
  return behaviour.FunctionAssociations?.Items?.find(({ EventType }) => EventType === "viewer-request")
    ?.FunctionARN;
}

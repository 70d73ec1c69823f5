/** Whether `value` matches a pattern in which `*` stands for any characters and `?` for one. */
export function matchesWildcard(pattern: string, value: string): boolean {
  return expressionOf(pattern).test(value);
}

/** IAM compares actions without regard to case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether an ARN matches a pattern of the Resource element. A wildcard stays within its segment of the ARN, except
 * that a `*` at the end of a segment may run over the colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesResource(pattern: string, arn: string): boolean {
  if (pattern === "*" || !pattern.includes(":")) return matchesWildcard(pattern, arn);
  const [segments, rest] = segmentsOf(pattern);
  const source = segments.map((segment) => sourceOf(segment, "[^:]*", "[^:]").replace(/\[\^:\]\*$/, ".*"));
  const tail = rest === undefined ? [] : [sourceOf(rest, ".*", ".")];
  return new RegExp(`^${[...source, ...tail].join(":")}$`, "s").test(arn);
}

/**
 * Whether an ARN matches a pattern of ArnLike or ArnEquals: "each of the six colon-delimited components is checked
 * separately". https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const [patternSegments, patternRest] = segmentsOf(pattern);
  const [segments, rest] = segmentsOf(arn);
  if (patternRest === undefined || rest === undefined) return false;
  return (
    patternSegments.every((segment, index) => matchesWildcard(segment, segments[index] ?? "")) &&
    matchesWildcard(patternRest, rest)
  );
}

/** The first five segments of an ARN, and everything after them, colons included. */
function segmentsOf(arn: string): [segments: string[], rest: string | undefined] {
  const parts = arn.split(":");
  return [parts.slice(0, 5), parts.length > 5 ? parts.slice(5).join(":") : undefined];
}

const expressions = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const expression = new RegExp(`^${sourceOf(pattern, ".*", ".")}$`, "s");
  expressions.set(pattern, expression);
  return expression;
}

function sourceOf(pattern: string, any: string, one: string): string {
  return pattern.replace(/[.*+?^${}()|[\]\\]/g, (character) =>
    character === "*" ? any : character === "?" ? one : `\\${character}`,
  );
}

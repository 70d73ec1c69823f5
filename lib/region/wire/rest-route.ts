import type { NormalizedSchema } from "@smithy/core/schema";
import { requiredMembers } from "./required-members.ts";
import type { OperationShape } from "./service-shape.ts";
import type { WireRequest } from "./wire-message.ts";

/** Which requests belong to one REST operation, from its `http` trait and the bindings of its required members. */
export interface RestRoute {
  readonly method: string;
  readonly path: RegExp;
  /** The input members in the path, in the order of the expression's groups. */
  readonly labels: readonly string[];
  /** Query parameters that the route itself writes, such as `?versions` or `?list-type=2`. */
  readonly literals: readonly (readonly [name: string, value: string])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

export interface RouteMatch {
  readonly operation: OperationShape;
  /** Decoded path labels by member name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** @param bucketInPath S3 alone leaves the bucket out of its routes, because endpoint rules may put it into the host. */
export function restRoute(
  [method, uri]: readonly [string, string, number],
  input: NormalizedSchema,
  bucketInPath: boolean,
): RestRoute {
  const [rawPath = "", rawQuery = ""] = uri.split("?");
  const members = input.isStructSchema() ? [...input.structIterator()] : [];
  const prefixed = bucketInPath && members.some(([name]) => name === "Bucket");
  const template = prefixed ? `/{Bucket}${rawPath === "/" ? "" : rawPath}` : rawPath;
  const required = new Set(requiredMembers(input));
  const bindings = members
    .filter(([name]) => required.has(name))
    .map(([, member]) => member.getMergedTraits());
  return {
    method,
    ...pathExpression(template),
    // `x-id` only tells operations apart in access logs; not every client sends it.
    literals: [...new URLSearchParams(rawQuery)].filter(([name]) => name !== "x-id"),
    requiredQuery: bindings.flatMap(({ httpQuery }) => httpQuery ?? []),
    requiredHeaders: bindings.flatMap(({ httpHeader }) => httpHeader?.toLowerCase() ?? []),
  };
}

/** The most specific operation for a request: the one with the most literal and required bindings present. */
export function matchRoute(
  operations: Iterable<OperationShape>,
  request: WireRequest,
): RouteMatch | undefined {
  let best: (RouteMatch & { readonly score: number }) | undefined;
  for (const operation of operations) {
    const { route } = operation;
    // Cheapest first: most operations of a service fall at the first hurdle, and every request asks them all.
    if (route?.method !== request.method || !bindingsPresent(route, request)) continue;
    const path = route.path.exec(request.path);
    if (!path) continue;
    const score =
      10 * route.literals.length +
      5 * (route.requiredQuery.length + route.requiredHeaders.length) -
      route.labels.length;
    if (best && best.score >= score) continue;
    const labels = route.labels.map((label, index) => [label, decodeURIComponent(path[index + 1] ?? "")]);
    best = { operation, labels: Object.fromEntries(labels), score };
  }
  return best;
}

function pathExpression(template: string): Pick<RestRoute, "path" | "labels"> {
  const labels: string[] = [];
  const source = template
    .replace(/[.$^*()|\\]/g, "\\$&")
    .replace(/\{([^}+]+)(\+?)\}/g, (_, label: string, greedy: string) => {
      labels.push(label);
      return greedy ? "(.+)" : "([^/]+)";
    });
  return { path: new RegExp(`^${source}/?$`), labels };
}

function bindingsPresent(route: RestRoute, { query, headers }: WireRequest): boolean {
  return (
    route.literals.every(([name, value]) => query.has(name) && (value === "" || query.get(name) === value)) &&
    route.requiredQuery.every((name) => query.has(name)) &&
    route.requiredHeaders.every((name) => name in headers)
  );
}

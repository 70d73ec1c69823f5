import { splitPath } from "./intrinsics.ts";
import { intrinsicOf, SUBSTITUTION, type TemplateResource } from "./template.ts";

/**
 * The order in which the resources can be created: each after those it refers to or depends on, otherwise as the
 * template has them. A circle is an error that names it.
 */
export function dependencyOrder(resources: ReadonlyMap<string, TemplateResource>): string[] {
  const order: string[] = [];
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (done.has(id)) return;
    if (path.includes(id)) {
      const circle = [...path.slice(path.indexOf(id)), id];
      throw new Error(`Circular dependency between resources: ${circle.join(" → ")}`);
    }
    for (const dependency of dependenciesOf(resources.get(id))) {
      if (resources.has(dependency)) visit(dependency, [...path, id]);
    }
    done.add(id);
    order.push(id);
  };
  for (const id of resources.keys()) visit(id, []);
  return order;
}

/** Names only: a parameter among them, or a resource whose condition is false, is none of the resources to create. */
function dependenciesOf(resource: TemplateResource | undefined): string[] {
  if (!resource) return [];
  const explicit = resource.DependsOn ?? [];
  return [...(typeof explicit === "string" ? [explicit] : explicit), ...referencesIn(resource.Properties)];
}

function referencesIn(value: unknown): string[] {
  const [name, argument] = intrinsicOf(value) ?? [];
  if (name === "Ref") return [String(argument)];
  if (name === "Fn::GetAtt") {
    return [String(Array.isArray(argument) ? argument[0] : splitPath(String(argument))[0])];
  }
  if (name === "Fn::Sub") {
    const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
    const named = [...String(text).matchAll(SUBSTITUTION)].map(([, , path = ""]) => path.split(".")[0] ?? "");
    return [...named, ...referencesIn(values)];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

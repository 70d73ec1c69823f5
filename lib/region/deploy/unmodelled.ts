import type { ResourceModel } from "../service-model.ts";
import {
  intrinsicOf,
  RESOURCE_ATTRIBUTES,
  SECTIONS,
  type Template,
  type TemplateResource,
} from "./template.ts";

/** What of a template the region does not model, one line each: sections, types, and properties of modelled types. */
export function unmodelledParts(
  template: Template,
  wanted: ReadonlyMap<string, TemplateResource>,
  models: ReadonlyMap<string, ResourceModel>,
): string[] {
  const sections = Object.keys(template).filter((section) => !SECTIONS.includes(section));
  const parts = [...wanted].flatMap(([logicalId, resource]) => {
    const { Type, Properties = {} } = resource;
    const model = models.get(Type);
    if (!model) return [`${Type} (${logicalId})`];
    const attributes = Object.keys(resource).filter((name) => !RESOURCE_ATTRIBUTES.includes(name));
    const paths = Object.entries(Properties).flatMap(([name, value]) =>
      refusedPaths(value, name, model.accepts),
    );
    return [...new Set([...attributes, ...paths])].map((path) => `${Type}.${path} (${logicalId})`);
  });
  return [...sections, ...parts];
}

/**
 * The paths below `value` that are not accepted. Accepting a path accepts all below it; lists are passed through. A
 * function that yields the value is taken at its word, both branches of `Fn::If` are looked into.
 */
function refusedPaths(value: unknown, path: string, accepts: readonly string[]): string[] {
  if (accepts.includes(path)) return [];
  const leadsOn = accepts.some((accepted) => accepted.startsWith(`${path}.`));
  const [name, argument] = intrinsicOf(value) ?? [];
  if (name === "Fn::If" && Array.isArray(argument)) {
    return argument.slice(1).flatMap((branch) => refusedPaths(branch, path, accepts));
  }
  if (name === "Ref" && argument === "AWS::NoValue") return [];
  if (name !== undefined) return leadsOn ? [] : [path];
  if (Array.isArray(value)) return value.flatMap((item) => refusedPaths(item, path, accepts));
  if (typeof value !== "object" || value === null || !leadsOn) return [path];
  return Object.entries(value).flatMap(([member, inner]) =>
    refusedPaths(inner, `${path}.${member}`, accepts),
  );
}

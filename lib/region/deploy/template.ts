/** A CloudFormation template as far as the deployer reads it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

/** The function that an object stands for: `["Ref", "Table"]`, `["Fn::Join", ["-", …]]`; undefined for a plain value. */
export function intrinsicOf(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  const [name, argument] = entry;
  // An IAM statement may have a member called `Condition` as well; a reference to a condition is a name.
  const named = (name === "Ref" || name === "Condition") && typeof argument === "string";
  return named || name.startsWith("Fn::") ? entry : undefined;
}

/** Everything that a template may have at its top. `Rules` only check parameters, which the deployment gives itself. */
export const SECTIONS = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Rules",
  "Mappings",
  "Conditions",
  "Resources",
  "Outputs",
];

/**
 * Everything that a resource may have. `Metadata` is for people; `DeletionPolicy` and `UpdateReplacePolicy` speak of a
 * deletion or a replacement, and the region deploys a template once.
 */
export const RESOURCE_ATTRIBUTES = [
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "Metadata",
  "DeletionPolicy",
  "UpdateReplacePolicy",
];

/** What `Fn::Sub` replaces: `${Name}` and `${Name.Attribute}`, but not `${!Literal}`. */
export const SUBSTITUTION = /\$\{(!?)([^}]*)\}/g;

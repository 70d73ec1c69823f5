import type { RegionContext } from "../region-context.ts";
import type { CreatedResource, ResourceModel, ServiceModel } from "../service-model.ts";
import { dependencyOrder } from "./dependency-order.ts";
import { resolveCondition, resolveValue, type Scope } from "./intrinsics.ts";
import { physicalName } from "./physical-name.ts";
import { stackScope } from "./stack-scope.ts";
import type { Template, TemplateResource } from "./template.ts";
import { unmodelledParts } from "./unmodelled.ts";

export interface DeployOptions {
  readonly context: RegionContext;
  readonly services: readonly ServiceModel[];
  /** Resource types that belong to no service of `services`, for example IAM's. */
  readonly extra: ReadonlyMap<string, ResourceModel>;
  /** Values of template parameters; their defaults count otherwise. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface DeployedResource extends CreatedResource {
  readonly type: string;
}

export interface DeployedStack {
  readonly name: string;
  /** By logical id, in the order of creation. */
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Creates the resources of a CloudFormation template in the region. Whatever the region does not model is one error
 * that lists all of it, before anything is created.
 */
export async function deployTemplate(
  template: Template,
  { stackName, ...options }: DeployOptions & { readonly stackName: string },
): Promise<DeployedStack> {
  const { context } = options;
  const models = modelsOf(options);
  const created = new Map<string, DeployedResource>();
  const scope = stackScope(template, { stackName, created, ...options });
  const wanted = wantedResources(template, scope);
  const unmodelled = unmodelledParts(template, wanted, models);
  if (unmodelled.length > 0) {
    throw new Error(`${stackName} needs what the region does not model:\n- ${unmodelled.join("\n- ")}`);
  }

  for (const logicalId of dependencyOrder(wanted)) {
    const resource = wanted.get(logicalId);
    const model = models.get(resource?.Type ?? "");
    if (!resource || !model) continue;
    const properties = resolveProperties(stackName, logicalId, resource, scope);
    if (model.namedBy !== undefined) {
      properties[model.namedBy] ??= physicalName(resource.Type, stackName, logicalId, context.kernel.random);
    }
    const { ref, attributes } = await model.create(logicalId, properties);
    created.set(logicalId, { type: resource.Type, ref, attributes });
    const facts = { stack: stackName, logicalId, type: resource.Type };
    context.kernel.log.write("cloudformation", "resource created", facts);
  }
  return { name: stackName, resources: created, outputs: outputsOf(template, scope) };
}

function modelsOf({ services, extra }: DeployOptions): ReadonlyMap<string, ResourceModel> {
  const models = new Map(extra);
  for (const [type, model] of services.flatMap((service) => [...service.resources])) {
    if (models.has(type)) throw new Error(`Two models provide ${type}`);
    models.set(type, model);
  }
  return models;
}

/** The resources whose condition holds. `AWS::CDK::Metadata` is CDK's own usage statistics and creates nothing. */
function wantedResources(template: Template, scope: Scope): ReadonlyMap<string, TemplateResource> {
  const wanted = Object.entries(template.Resources).filter(
    ([, { Type, Condition }]) =>
      Type !== "AWS::CDK::Metadata" && (Condition === undefined || scope.condition(Condition)),
  );
  return new Map(wanted);
}

function resolveProperties(
  stackName: string,
  logicalId: string,
  { Properties = {} }: TemplateResource,
  scope: Scope,
): Record<string, unknown> {
  try {
    const resolved = Object.entries(Properties).map(
      ([name, value]) => [name, resolveValue(value, scope)] as const,
    );
    return Object.fromEntries(resolved.filter(([, value]) => value !== undefined));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot resolve the properties of ${stackName}/${logicalId}: ${reason}`, {
      cause: error,
    });
  }
}

function outputsOf({ Outputs = {} }: Template, scope: Scope): Record<string, unknown> {
  const wanted = Object.entries(Outputs).filter(
    ([, { Condition }]) => Condition === undefined || resolveCondition({ Condition }, scope),
  );
  return Object.fromEntries(wanted.map(([name, { Value }]) => [name, resolveValue(Value, scope)]));
}

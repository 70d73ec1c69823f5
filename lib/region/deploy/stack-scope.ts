import { arnOf } from "../region-context.ts";
import type { DeployedResource, DeployOptions } from "./deploy-template.ts";
import { resolveCondition, type Scope } from "./intrinsics.ts";
import type { Template } from "./template.ts";

/** What the functions of one stack's template can refer to. `created` fills up while the stack is deployed. */
export function stackScope(
  template: Template,
  {
    stackName,
    created,
    context,
    parameters = {},
  }: Pick<DeployOptions, "context" | "parameters"> & {
    readonly stackName: string;
    readonly created: ReadonlyMap<string, DeployedResource>;
  },
): Scope {
  const pseudo = new Map<string, unknown>([
    ["AWS::AccountId", context.account],
    ["AWS::Region", context.region],
    ["AWS::Partition", "aws"],
    ["AWS::URLSuffix", "amazonaws.com"],
    ["AWS::StackName", stackName],
    ["AWS::StackId", arnOf(context, "cloudformation", `stack/${stackName}/${context.kernel.random.uuid()}`)],
    ["AWS::NotificationARNs", []],
    ["AWS::NoValue", undefined],
  ]);
  const resource = (name: string): DeployedResource => {
    const found = created.get(name);
    if (!found) throw new Error(`${name} is no parameter and no created resource of the template`);
    return found;
  };
  const scope: Scope = {
    ref: (name) => {
      if (pseudo.has(name)) return pseudo.get(name);
      return template.Parameters?.[name] ? parameterValue(template, name, parameters) : resource(name).ref;
    },
    attribute: (name, attribute) => {
      const { type, attributes } = resource(name);
      const value = attributes[attribute];
      if (value !== undefined) return value;
      const known = Object.keys(attributes).join(", ");
      throw new Error(`The region's ${type} has no attribute ${attribute} (it has ${known || "none"})`);
    },
    condition: (name) => {
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new Error(`The template has no condition ${name}`);
      return resolveCondition(condition, scope);
    },
    mapped: (map, first, second) => {
      const value = template.Mappings?.[map]?.[first]?.[second];
      if (value === undefined) throw new Error(`The template maps nothing for ${map}, ${first}, ${second}`);
      return value;
    },
  };
  return scope;
}

/**
 * A parameter's default is its value, except that `AWS::SSM::Parameter::Value<…>` names a stored value, which the
 * deployment must be given. CDK's own `BootstrapVersion` is one; only `Rules` read it, and those check the account's
 * bootstrap, which a simulated account does not need.
 */
function parameterValue(
  { Parameters = {} }: Template,
  name: string,
  given: Readonly<Record<string, string>>,
): unknown {
  const parameter = Parameters[name];
  const stored = parameter?.Type.startsWith("AWS::SSM::Parameter::Value") ?? false;
  const value = given[name] ?? (stored ? undefined : parameter?.Default);
  if (value === undefined) throw new Error(`The parameter ${name} needs a value`);
  const isList = parameter?.Type === "CommaDelimitedList" || parameter?.Type.startsWith("List<");
  return isList ? String(value).split(",") : String(value);
}

import type { Environment } from "../../lambdas/contracts/environment.ts";
import { assemblyOf as assemblyDirectoryOf } from "../../lib/drill/assembly-of.ts";
import { type AssemblyAsset, readAssembly } from "../../lib/region/deploy/cloud-assembly.ts";
import { resolveValue } from "../../lib/region/deploy/intrinsics.ts";
import type { Template } from "../../lib/region/deploy/template.ts";
import { makeEnvironment } from "./make-environment.ts";
import { templateScope } from "./template-scope.ts";

/** A resource of the template with every function of CloudFormation resolved. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The synthesised stack of one environment. */
export interface Assembly {
  readonly directory: string;
  readonly template: Template;
  readonly assets: readonly AssemblyAsset[];
  readonly resources: readonly Resource[];
  /** The resources of one type, in the template's order. */
  of(type: string): readonly Resource[];
  /** The one resource of a type whose id begins so. */
  one(type: string, idPrefix?: string): Resource;
}

const made = new Map<string, Assembly>();

/** Synthesises once for every environment that a suite asks for (suites that share this module run without isolation). */
export function assemblyOf(environment: Environment = makeEnvironment()): Assembly {
  const key = JSON.stringify(environment);
  const known = made.get(key);
  if (known) return known;
  const assembly = makeAssembly(environment);
  made.set(key, assembly);
  return assembly;
}

function makeAssembly(environment: Environment): Assembly {
  const directory = assemblyDirectoryOf(environment);
  const [stack, ...others] = readAssembly(directory);
  if (!stack || others.length > 0) throw new Error(`${directory} must hold exactly one stack`);
  const scope = templateScope(stack.template, environment);
  const resources = Object.entries(stack.template.Resources).map(([id, { Type, Properties = {} }]) => ({
    id,
    type: Type,
    // A record in, a record out: only functions are replaced.
    properties: Object(resolveValue(Properties, scope)),
  }));
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    directory,
    template: stack.template,
    assets: stack.assets,
    resources,
    of,
    one: (type, idPrefix = "") => {
      const [found, ...more] = of(type).filter(({ id }) => id.startsWith(idPrefix));
      if (found && more.length === 0) return found;
      throw new Error(`Not exactly one ${type} ${idPrefix}: ${of(type).map(({ id }) => id)}`);
    },
  };
}

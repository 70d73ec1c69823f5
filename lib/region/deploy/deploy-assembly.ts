import type { AssetStore } from "./asset-store.ts";
import { readAssembly } from "./cloud-assembly.ts";
import { type DeployedStack, type DeployOptions, deployTemplate } from "./deploy-template.ts";

export interface DeployAssemblyOptions extends DeployOptions {
  /** A `cdk.out`. */
  readonly directory: string;
  /** The names of the stacks to deploy. @default all of them */
  readonly stacks?: readonly string[];
  /** Gets the assembly's file assets, before the resources that name them are created. */
  readonly assets: AssetStore;
}

/** Deploys what `cdk synth` wrote into the region, stack by stack. */
export async function deployAssembly({
  directory,
  stacks,
  assets,
  ...options
}: DeployAssemblyOptions): Promise<DeployedStack[]> {
  const all = readAssembly(directory);
  const unknown = stacks?.filter((name) => !all.some((stack) => stack.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`${directory} holds no stack ${unknown.join(", ")}`);

  const deployed: DeployedStack[] = [];
  for (const stack of all.filter(({ name }) => stacks?.includes(name) ?? true)) {
    for (const { path, bucket, key } of stack.assets) {
      assets.add(located(bucket, options), located(key, options), path);
    }
    const parameters = { ...stack.parameters, ...options.parameters };
    deployed.push(await deployTemplate(stack.template, { ...options, stackName: stack.name, parameters }));
  }
  return deployed;
}

/** A stack without a fixed account and region leaves placeholders in the names of its assets' bucket. */
function located(name: string, { context }: DeployOptions): string {
  const values = new Map([
    ["AccountId", context.account],
    ["Region", context.region],
    ["Partition", "aws"],
  ]);
  return name.replace(/\$\{AWS::(\w+)\}/g, (whole, pseudo: string) => values.get(pseudo) ?? whole);
}

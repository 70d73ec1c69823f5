import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Template } from "./template.ts";

export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly assets: readonly AssemblyAsset[];
}

/** A file asset: where it lies, and under which bucket and key the template names it. */
export interface AssemblyAsset {
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
}

/**
 * Reads what `cdk synth` wrote: the stacks in an order that respects their dependencies, with their file assets
 * (https://docs.aws.amazon.com/cdk/api/v2/docs/cloud-assembly-schema-readme.html).
 */
export function readAssembly(directory: string): AssemblyStack[] {
  const { artifacts } = readJson<{ artifacts: Readonly<Record<string, Artifact>> }>(
    directory,
    "manifest.json",
  );
  return inOrder(artifacts).map((id) => {
    const { properties, dependencies = [] } = artifacts[id] ?? {};
    if (!properties?.templateFile) throw new Error(`The stack ${id} of ${directory} has no template`);
    const manifests = dependencies.map((dependency) => artifacts[dependency]?.properties?.file);
    return {
      name: properties.stackName ?? id,
      template: readJson<Template>(directory, properties.templateFile),
      parameters: properties.parameters ?? {},
      assets: manifests.flatMap((file) => (file ? assetsIn(directory, file) : [])),
    };
  });
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly file?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<
          Record<string, { readonly bucketName: string; readonly objectKey: string }>
        >;
      }
    >
  >;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

function inOrder(artifacts: Readonly<Record<string, Artifact>>): string[] {
  const order: string[] = [];
  const visit = (id: string): void => {
    const artifact = artifacts[id];
    if (artifact?.type !== "aws:cloudformation:stack" || order.includes(id)) return;
    for (const dependency of artifact.dependencies ?? []) visit(dependency);
    order.push(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return order;
}

function assetsIn(directory: string, file: string): AssemblyAsset[] {
  const manifest = readJson<AssetManifest>(directory, file);
  if (Object.keys(manifest.dockerImages ?? {}).length > 0) {
    throw new Error(`The region does not build container images, which ${join(directory, file)} asks for`);
  }
  return Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) =>
    Object.values(destinations).flatMap(({ bucketName, objectKey }) =>
      source.path === undefined
        ? []
        : [{ path: join(directory, source.path), bucket: bucketName, key: objectKey }],
    ),
  );
}

/** A true seam: the assembly is CDK's own output, of a version that the lockfile pins. */
function readJson<T>(directory: string, file: string): T {
  return JSON.parse(readFileSync(join(directory, file), "utf8")) as T;
}

import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { build } from "esbuild";

const root = `${import.meta.dirname}/../`;

/**
 * Bundles every step to `dist/<step>/index.js` with one esbuild call and returns the steps' names.
 *
 * CommonJS: ESM evaluates node:http's lazy WebSocket export and starts some 20 ms later (docs/facts/toolchain.md §5).
 * `keepNames`: Step Functions matches on error names.
 */
export async function bundle(): Promise<string[]> {
  const entries = globSync("lambdas/steps/*.ts", { cwd: root }).sort();
  const names = entries.map((entry) => basename(entry, ".ts"));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => ({ in: entry, out: `${basename(entry, ".ts")}/index` })),
    outdir: "dist",
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    alias: { "@aws-sdk/credential-provider-node": `${root}lambdas/platform/env-credentials.ts` },
    minify: true,
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
  // This repository is type=module; Lambda has no package.json beside the code. CommonJS in both places.
  writeIfChanged(`${root}dist/package.json`, Buffer.from(`{ "type": "commonjs" }\n`));
  for (const stale of readdirSync(`${root}dist`, { withFileTypes: true })) {
    if (stale.isDirectory() && !names.includes(stale.name))
      rmSync(`${root}dist/${stale.name}`, { recursive: true });
  }
  return names;
}

/** Somebody else may be running from the same folder: files that are right are left alone, others replaced in one step. */
function writeIfChanged(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}

if (import.meta.main) console.log((await bundle()).join(" "));

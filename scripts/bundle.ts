import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const root = `${import.meta.dirname}/../`;

/**
 * Bundles every step to `dist/<step>/index.js` with one esbuild call and returns the steps' names.
 *
 * CommonJS: ESM evaluates node:http's lazy WebSocket export and starts some 20 ms later (facts/toolchain.md §5).
 * `keepNames`: Step Functions matches on error names.
 */
export async function bundle(): Promise<string[]> {
  const entries = globSync("lambdas/steps/*.ts", { cwd: root }).sort();
  rmSync(`${root}dist`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => ({ in: entry, out: `${basename(entry, ".ts")}/index` })),
    outdir: "dist",
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
  });
  mkdirSync(`${root}dist`, { recursive: true });
  // This repository is type=module; Lambda has no package.json beside the code. CommonJS in both places.
  writeFileSync(`${root}dist/package.json`, `{ "type": "commonjs" }\n`);
  return entries.map((entry) => basename(entry, ".ts"));
}

if (import.meta.main) console.log((await bundle()).join(" "));

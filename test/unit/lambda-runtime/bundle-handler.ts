import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

/** Bundles a handler as the project ships its own; returns the directory that holds `index.js`. */
export async function bundleHandler(source: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "stepback-bundle-"));
  await build({
    stdin: { contents: source, loader: "ts", resolveDir: join(import.meta.dirname, "../../..") },
    outfile: join(directory, "index.js"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
  });
  return directory;
}

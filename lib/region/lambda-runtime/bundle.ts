import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { GLOBAL_NAMES, MODULE_NAMES } from "./sandbox-names.ts";

/** A bundle's CommonJS wrapper, made once per execution environment from that environment's own globals. */
export type CompiledBundle = (
  ...globals: readonly unknown[]
) => (this: unknown, ...module: readonly unknown[]) => void;

/** A function's code: one CommonJS file. */
export interface Bundle {
  readonly compiled: CompiledBundle;
  /** Base64 SHA-256 of the file; of Lambda's own figures, which are the archive's, a stand-in. */
  readonly sha256: string;
  /** Bytes of the file. */
  readonly size: number;
}

const compiledFiles = new Map<string, Bundle>();
const compiledSources = new Map<string, Bundle>();

/**
 * The bundle that the handler `<file>.<export>` names in a deployed directory; compiled once per version of the file
 * in this process. Only a single CommonJS file is modelled: what `scripts/bundle.ts` ships.
 */
export function bundleIn(directory: string, handler: string): Bundle {
  const stem = handler.slice(0, handler.lastIndexOf("."));
  const file = [".js", ".cjs"].map((suffix) => join(directory, stem + suffix)).find(isFile);
  if (!file) throw new Error(`The handler ${handler} names no CommonJS file in ${directory}`);
  const { mtimeMs, size } = statSync(file);
  const key = `${file}:${mtimeMs}:${size}`;
  const known = compiledFiles.get(key);
  if (known) return known;
  const bundle = bundleOf(readFileSync(file, "utf8"));
  compiledFiles.set(key, bundle);
  return bundle;
}

/** The bundle of code that stands in the template itself (`Code.ZipFile`). */
export function inlineBundle(source: string): Bundle {
  const bundle = compiledSources.get(source) ?? bundleOf(source);
  compiledSources.set(source, bundle);
  return bundle;
}

function bundleOf(source: string): Bundle {
  const sha256 = createHash("sha256").update(source).digest("base64");
  return { compiled: compile(source), sha256, size: Buffer.byteLength(source) };
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Compiles for this realm, so that `Uint8Array` and `Error` are the same inside and outside. The file name is Lambda's,
 * so that stack traces are too. The wrapper is a function of its own, so that code may redeclare a global's name.
 *
 * `import("node:x")` of a literal name becomes a call: Node answers it for compiled functions only when the process was
 * started with a special flag, and the answer must come from the environment's own modules. Nothing else is changed.
 */
function compile(source: string): CompiledBundle {
  const code = source.replace(/\bimport\((["'][\w:@/.-]+["'])\)/g, "__importModule($1)");
  const opening = `return function (${MODULE_NAMES.join(", ")}) {`;
  const options = { filename: "/var/task/index.js", columnOffset: -opening.length };
  return compileFunction(`${opening}${code}\n}`, [...GLOBAL_NAMES], options) as CompiledBundle;
}

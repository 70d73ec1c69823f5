import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";

const root = `${import.meta.dirname}/../../../`;

/** One source file of the project. */
export interface Source {
  /** From the project's root: `lib/stack/boundary.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments, line by line as it was. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** The file from the project's root, or the package as it is written. */
  readonly target: string;
  readonly isLocal: boolean;
  /** Nothing is left of it when the program runs. */
  readonly isType: boolean;
}

export function sourcesIn(...patterns: readonly string[]): readonly Source[] {
  return globSync([...patterns], { cwd: root })
    .sort()
    .map((path) => {
      const text = readFileSync(root + path, "utf8");
      const code = withoutComments(text);
      return { path, text, code, imports: importsOf(path, code) };
    });
}

export function readJson(path: string) {
  return JSON.parse(readFileSync(root + path, "utf8"));
}

/** `import … from "x"`, `export … from "x"`, `import "x"` and `import("x")`. */
const IMPORT = /(?:\b(?:import|export)\s+(type\s)?[^"';]*?from\s*|\bimport\s*\(?\s*)"([^"]+)"/g;

function importsOf(path: string, code: string): readonly Import[] {
  return [...code.matchAll(IMPORT)].map(([whole, type, name = ""]) => {
    const isLocal = name.startsWith(".");
    const target = isLocal ? posix.normalize(posix.join(posix.dirname(path), name)) : name;
    return { target, isLocal, isType: type !== undefined || onlyTypes(whole) };
  });
}

/** `import { type A, type B } from`: verbatimModuleSyntax keeps it as a side effect, and nothing is taken from it. */
function onlyTypes(statement: string): boolean {
  const [, names] = /\{([^}]*)\}\s*from/.exec(statement) ?? [];
  if (names === undefined) return false;
  const all = names
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return all.length > 0 && all.every((name) => name.startsWith("type "));
}

/** Comments become blanks; strings and templates stay, so that a `//` inside one is no comment. */
function withoutComments(text: string): string {
  const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) => (found.startsWith("/") ? found.replace(/[^\n]/g, " ") : found));
}

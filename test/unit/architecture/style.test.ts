import { globSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { readJson, type Source, sourcesIn } from "./sources.ts";

const shipped = sourcesIn("{bin,lib,lambdas,scripts}/**/*.ts");
const tests = sourcesIn("test/**/*.ts");
// This file names what it looks for.
const all = [...shipped, ...tests].filter(({ path }) => !path.startsWith("test/unit/architecture/"));

/** STYLE §8; what is found in comments too is looked for in the whole text. */
const SMELLS_IN_TEXT: Readonly<Record<string, RegExp>> = {
  "a promise to keep things in sync by hand": /must (?:stay|be kept) in sync/i,
  "a ruler across the page": /\/\/ ?[─━═=*-]{4,}/,
  "an unfinished thought": /\b(?:TODO|FIXME|XXX|HACK)\b/,
};
const SMELLS_IN_CODE: Readonly<Record<string, RegExp>> = {
  "as any": /\bas any\b/,
  "an error reduced to its message": /new Error\(\s*error\.message\s*\)/,
  "an error swallowed into a value": /catch \((?:e|err|error)\w*\) \{\s*return \{/,
  "a module mock": /\bvi\.mock\(/,
  "an escape from CDK's own types": /\.addOverride\(|\bCustomState\b/,
};

describe("the house style", () => {
  it.each(Object.entries(SMELLS_IN_TEXT))("knows no such thing as %s", (_, smell) => {
    expect(placesOf(all, smell, "text")).toEqual([]);
  });

  it.each(Object.entries(SMELLS_IN_CODE))("knows no such thing as %s", (_, smell) => {
    expect(placesOf(all, smell, "code")).toEqual([]);
  });

  it("logs no payload and trusts no class name in what Lambda runs", () => {
    const handlers = shipped.filter(({ path }) => path.startsWith("lambdas/"));

    expect(placesOf(handlers, /JSON\.stringify\(event|\.constructor\.name/, "code")).toEqual([]);
  });

  it("explains every resource that is everything", () => {
    const wide = sourcesIn("lib/stack/**/*.ts").flatMap(({ path, text }) => {
      const lines = text.split("\n");
      return lines.flatMap((line, index) => {
        if (!/\[\s*"\*"\s*\]/.test(line)) return [];
        const before = lines.slice(Math.max(0, index - 8), index);
        return before.some((above) => above.trim().startsWith("//")) ? [] : [`${path}:${index + 1}`];
      });
    });

    expect(wide).toEqual([]);
  });

  it("leaves no code in comments", () => {
    const statement =
      /^\s*\/\/ (?:const|let|return|await|if \(|for \(|import|export|\}|this\.)[^a-z]*.*[;{}]$/m;

    expect(placesOf(all, statement, "text")).toEqual([]);
  });

  it("keeps files of at most 300 lines, tests of at most 250", () => {
    const long = [
      ...shipped.filter((source) => linesOf(source) > 300),
      ...tests.filter((source) => linesOf(source) > 250),
    ];

    expect(long.map((source) => `${source.path}: ${linesOf(source)}`)).toEqual([]);
  });

  it("names files in kebab-case after what they hold, never after a drawer", () => {
    const badly = all.filter(({ path }) => {
      const name = basename(path).replace(/(\.properties)?(\.long)?(\.test|\.bench|\.d)?\.ts$/, "");
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|misc|types)$/.test(name);
    });

    expect(badly.map(({ path }) => path)).toEqual([]);
  });

  it("points to documents that exist", () => {
    const root = `${import.meta.dirname}/../../../`;
    const missing = shipped.flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![\w/.])docs\/(?:[a-z-]+\.md|adr\/\d{4})/g)]
        .filter(([document]) => globSync(`${document}*`, { cwd: root }).length === 0)
        .map(([document]) => `${path}: ${document}`),
    );

    expect(missing).toEqual([]);
  });

  it("casts rarely: at most once in 250 lines of what Lambda runs and CDK reads", () => {
    const strict = shipped.filter(({ path }) => /^(lambdas|lib\/stack)\//.test(path));
    const casts = strict.flatMap(({ code }) => code.match(/[\w)\]}] as (?!const\b)[A-Z{(]/g) ?? []);
    const lines = strict.reduce((sum, source) => sum + linesOf(source), 0);

    expect(casts.length).toBeLessThanOrEqual(lines / 250);
  });
});

describe("the packages", () => {
  const { dependencies, devDependencies } = readJson("package.json");
  const lock = readJson("package-lock.json");

  it("are named by exact versions", () => {
    const versions = Object.entries({ ...dependencies, ...devDependencies });

    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
    expect(versions.filter(([name]) => /^@(aws-sdk|smithy)\//.test(name)).length).toBeGreaterThan(10);
  });

  it("are locked without the address of whoever served them", () => {
    expect(JSON.stringify(lock)).not.toContain('"resolved"');
  });

  it("hold one copy of @smithy/core: schemas of two copies do not know each other", () => {
    const copies = Object.keys(lock.packages).filter((path) => path.endsWith("node_modules/@smithy/core"));

    expect(copies).toEqual(["node_modules/@smithy/core"]);
    expect(lock.packages["node_modules/@smithy/core"].version).toBe(dependencies["@smithy/core"]);
  });

  it("have one core under all clients of the SDK, which are published one by one", () => {
    const clients = Object.entries<string>({ ...dependencies, ...devDependencies }).filter(([name]) =>
      name.startsWith("@aws-sdk/client-"),
    );
    const cores = Object.keys(lock.packages).filter((path) => path.endsWith("node_modules/@aws-sdk/core"));

    expect(clients.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(cores).toEqual(["node_modules/@aws-sdk/core"]);
  });
});

function placesOf(sources: readonly Source[], smell: RegExp, where: "text" | "code"): string[] {
  return sources.filter((source) => smell.test(source[where])).map(({ path }) => path);
}

function linesOf({ text }: Source): number {
  return text.split("\n").filter((line) => line.trim() !== "").length;
}

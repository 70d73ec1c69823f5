import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { codesOf, DOCUMENTS, headingsOf, proseOf, ROOT, textOf } from "./documents.ts";

const FOLDERS = "bin|docs|drills|environments|lambdas|lib|scripts|test";

/** GitHub's anchor of a heading. */
const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

function deadLinksIn(file: string): string[] {
  const links = [...proseOf(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : normalize(join(dirname(file), path));
    if (!existsSync(`${ROOT}/${target}`)) return true;
    if (anchor === undefined) return false;
    return !headingsOf(textOf(target)).some(({ title }) => anchorOf(title) === anchor);
  });
}

/** Paths of this repository that a text names; placeholders like `<env>` are not paths. */
const pathsIn = (codes: readonly string[]) =>
  codes.filter((code) => new RegExp(`^(${FOLDERS})/[\\w./-]*$`).test(code));

describe("the documents", () => {
  it.each(DOCUMENTS)("%s has no dead link", (file) => {
    expect(deadLinksIn(file)).toEqual([]);
  });

  it.each(DOCUMENTS)("%s names only paths that exist", (file) => {
    const missing = pathsIn(codesOf(proseOf(textOf(file)))).filter((path) => !existsSync(`${ROOT}/${path}`));

    expect(missing).toEqual([]);
  });

  it.each(DOCUMENTS)("%s names no machine, no registry and nothing that is still to do", (file) => {
    const smells = textOf(file).match(
      /\/(?:work|tmp|root|home)\/\S*|\bregistry\.[a-z]+\.[a-z]+|\bTO-?DO\b|\bFIXME\b/g,
    );

    expect(smells).toBeNull();
  });
});

describe("the code", () => {
  it("names only documents that exist", () => {
    const files = globSync("{bin,drills,environments,lambdas,lib,scripts}/**/*.{ts,yaml}", { cwd: ROOT });
    const missing = files.flatMap((file) => {
      const text = readFileSync(`${ROOT}/${file}`, "utf8");
      const named = [...text.matchAll(/(?<![\w/.-])docs\/[a-z0-9/-]+(?:\.md)?/g)].map(([path]) => path);
      // A decision record may be named by its number alone.
      return named
        .filter((path) => globSync(`${path}*`, { cwd: ROOT }).length === 0)
        .map((path) => `${file}: ${path}`);
    });

    expect(missing).toEqual([]);
  });
});

describe("the decision records", () => {
  const records = DOCUMENTS.filter((file) => file.startsWith("docs/adr/"));

  it.each(records)("%s has every part of a decision", (file) => {
    const parts = headingsOf(textOf(file)).filter(({ level }) => level === 2);

    expect(parts.map(({ title }) => title)).toEqual([
      "Status",
      "Context",
      "Positions",
      "Decision",
      "Consequences",
    ]);
  });

  it("are all listed in docs/architecture.md", () => {
    const listed = textOf("docs/architecture.md");

    expect(records.length).toBeGreaterThan(0);
    for (const file of records) expect(listed).toContain(`| [${file.slice(9, 13)}](${file.slice(5)}) |`);
  });

  it("stand in a folder of nothing else", () => {
    const others = globSync("docs/adr/*", { cwd: ROOT }).filter(
      (path) => !/^docs\/adr\/\d{4}-[a-z-]+\.md$/.test(path) && statSync(`${ROOT}/${path}`).isFile(),
    );

    expect(others).toEqual([]);
  });
});

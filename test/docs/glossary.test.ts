import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  APPROVER_GROUPS,
  AUTHORIZATIONS,
  CHECKPOINT_STATUSES,
  KINDS,
  MODES,
  VERBS,
} from "../../lambdas/contracts/vocabulary.ts";
import { DOCUMENTS, headingsOf, ROOT, sectionOf, textOf } from "./documents.ts";

const GLOSSARY = textOf("docs/glossary.md");
const WORDS = headingsOf(GLOSSARY)
  .filter(({ level }) => level === 3)
  .map(({ title }) => title);

/** Everything people read: the other documents, and the sentences and docblocks of Stepback itself. */
function everythingElse(): string {
  const code = globSync("{bin,lambdas,lib/stack,lib/drill,lib/cli,lib/region/region.ts}/**/*.ts", {
    cwd: ROOT,
  });
  const files = [...DOCUMENTS.filter((file) => file !== "docs/glossary.md"), ...code];
  return files
    .map((file) => readFileSync(`${ROOT}/${file}`, "utf8"))
    .join("\n")
    .toLowerCase();
}

describe("the glossary", () => {
  it("has only words that are used", () => {
    const text = everythingElse();
    // "cut over" is also written "cut-over" and "cutOver".
    const unused = WORDS.filter((word) => !new RegExp(`\\b${word.replace(/[ -]/g, "[ -]?")}`).test(text));

    expect(unused).toEqual([]);
  });

  it("is in alphabetical order, each word once and explained", () => {
    expect(WORDS).toEqual([...new Set(WORDS)].sort());
    expect(WORDS.filter((word) => sectionOf(GLOSSARY, word).trim() === "")).toEqual([]);
  });

  it.each([
    ["kind", KINDS],
    ["verb", VERBS],
    ["mode", MODES],
    ["authorization", AUTHORIZATIONS],
    ["approver", APPROVER_GROUPS],
    ["checkpoint", CHECKPOINT_STATUSES],
  ] as const)("names every %s of the contracts", (word, values) => {
    const explained = sectionOf(GLOSSARY, word).replaceAll("\n", " ");
    const plain = explained.replaceAll("change management", "change-management");

    for (const value of values) expect(plain).toContain(value);
  });
});

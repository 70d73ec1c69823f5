import { describe, expect, it } from "vitest";
import { ERRORS } from "../../lambdas/contracts/errors.ts";
import { FAILURES } from "../../lambdas/contracts/failures.ts";
import { OUTCOMES } from "../../lambdas/contracts/vocabulary.ts";
import { articlesOf, rowsOf, sectionOf, textOf } from "./documents.ts";

const TEXT = textOf("docs/errors.md");

const SETS = [
  ["Errors", Object.keys(ERRORS)],
  ["Failures of a component", Object.keys(FAILURES)],
  ["Outcomes", [...OUTCOMES]],
] as const;

const firstCells = (section: string) =>
  rowsOf(sectionOf(TEXT, section)).map(([first = ""]) => first.replaceAll("`", ""));

describe("docs/errors.md", () => {
  it.each(SETS)("explains exactly the codes of the contract under %j", (section, codes) => {
    expect(articlesOf(TEXT, section)).toEqual(codes);
    expect(firstCells(section)).toEqual(codes);
  });

  it("says of every error whether it is tried again and who acts", () => {
    const rows = rowsOf(sectionOf(TEXT, "Errors"));

    expect(rows).toEqual(
      Object.entries(ERRORS).map(([code, { retryable, actor }]) => [
        `\`${code}\``,
        retryable ? "yes" : "no",
        actor,
      ]),
    );
  });

  it("explains every code in words", () => {
    const codes = SETS.flatMap(([, all]) => all);
    const silent = codes.filter((code) => sectionOf(TEXT, code).trim().length < 40);

    expect(silent).toEqual([]);
  });
});

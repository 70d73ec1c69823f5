import { describe, expect, it } from "vitest";
import { DEFAULT_MATRIX, Policy } from "../../lambdas/contracts/environment.ts";
import { Request } from "../../lambdas/contracts/request.ts";
import {
  AUTHORIZATIONS,
  IMPACTS,
  MODES,
  SEVERITIES,
  STABILITIES,
  VERBS,
} from "../../lambdas/contracts/vocabulary.ts";
import { codesOf, rowsOf, sectionOf, textOf } from "./documents.ts";

const TEXT = textOf("docs/architecture.md");

const rowsOfSection = (title: string) => rowsOf(sectionOf(TEXT, title));

describe("docs/architecture.md", () => {
  it("lists exactly the keys of a request", () => {
    const keys = rowsOfSection("The one request").map(([key = ""]) => codesOf(key)[0]);

    expect(keys).toEqual(Object.keys(Request.shape));
  });

  it.each([
    ["mode", MODES],
    ["authorization", AUTHORIZATIONS],
    ["severity", SEVERITIES],
    ["userImpact", IMPACTS],
    ["stability", STABILITIES],
  ] as const)("lists exactly the values of %s", (key, values) => {
    const row = rowsOfSection("The one request").find(([first]) => first === `\`${key}\``);

    expect(codesOf(row?.[1] ?? "")).toEqual(values);
  });

  it("lists exactly the policy's keys, with their defaults", () => {
    const defaults = Policy.parse({});
    const rows = rowsOfSection("Deciding").filter(([key = ""]) => key.startsWith("`"));

    expect(rows.map(([key = ""]) => codesOf(key)[0])).toEqual(Object.keys(Policy.shape));
    for (const [key = "", shown] of rows) {
      const value = defaults[codesOf(key)[0] as keyof typeof defaults];
      if (typeof value !== "object") expect(shown, key).toBe(String(value));
    }
  });

  it("shows as many rules as the default matrix needs", () => {
    const matrix = rowsOfSection("Deciding").filter(([key = ""]) => !key.startsWith("`"));
    const decisions = matrix.map((row) => row.at(-1)?.replaceAll(" ", "-"));

    // Medium severity has one row for its two rules.
    const expected = DEFAULT_MATRIX.map(({ decision }) => decision).filter(
      (_, index) =>
        index === 0 ||
        DEFAULT_MATRIX[index - 1]?.severity !== "medium" ||
        DEFAULT_MATRIX[index]?.severity !== "medium",
    );
    expect(decisions).toEqual(expected);
  });

  it("lists exactly the verbs of a component", () => {
    const verbs = rowsOfSection("A component")
      .map(([verb = ""]) => verb.replaceAll("`", ""))
      .filter((verb) => /^[a-z]+[A-Z]?[a-z]*$/.test(verb) && !["runtime", "stack"].includes(verb));

    expect(verbs.filter((verb) => VERBS.some((known) => known === verb))).toEqual([...VERBS]);
  });
});

import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { INVARIANTS } from "../../lib/drill/simulation/invariants.ts";
import { ROOT, rowsOf, sectionOf, textOf } from "./documents.ts";

const TEXT = textOf("docs/testing.md");

describe("docs/testing.md", () => {
  it("lists exactly the suites that hold tests", () => {
    const suites = globSync("test/**/*.test.ts", { cwd: ROOT }).map((file) => file.split("/")[1]);
    const listed = rowsOf(sectionOf(TEXT, "Suites")).map(([suite]) => suite);

    expect(listed.sort()).toEqual([...new Set(suites)].sort());
  });

  it("lists exactly the laws of a random night", () => {
    const laws = [...sectionOf(TEXT, "Random nights").matchAll(/^- (.+)$/gm)].map(([, law]) => law);

    expect(laws).toEqual(Object.keys(INVARIANTS));
  });
});

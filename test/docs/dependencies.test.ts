import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { rowsOf, sectionOf, textOf } from "./documents.ts";

const TEXT = textOf("docs/dependencies.md");

describe("docs/dependencies.md", () => {
  it.each([
    ["In the functions", packageJson.dependencies],
    ["For building, proving and the command line", packageJson.devDependencies],
  ] as const)("has exactly one line for every package under %j", (section, packages) => {
    const lines = rowsOf(sectionOf(TEXT, section));

    expect(lines.map(([name = ""]) => name.replaceAll("`", ""))).toEqual(Object.keys(packages));
    for (const [name, why = ""] of lines) expect(why.length, `${name} has a reason`).toBeGreaterThan(8);
  });
});

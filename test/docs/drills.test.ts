import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { Scenario } from "../../lib/drill/scenario.ts";
import { checkedYaml } from "../../lib/files/checked-yaml.ts";
import { codesOf, ROOT, rowsOf, sectionOf, textOf } from "./documents.ts";

const TEXT = textOf("docs/drills.md");

/** Every key of the format, at every depth. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([member, value]: [string, unknown]) => {
    const own = member === "properties" && typeof value === "object" && value ? Object.keys(value) : [];
    return [...own, ...keysOf(value)];
  });
}

describe("docs/drills.md", () => {
  it("explains exactly the keys of the format", () => {
    const keys = new Set(keysOf(z.toJSONSchema(Scenario, { io: "input" })));
    const explained = codesOf(sectionOf(TEXT, "Every key")).flatMap((code) => code.split(/[^\w]+/));

    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => !explained.includes(key))).toEqual([]);
    const firstCells = rowsOf(sectionOf(TEXT, "Every key")).flatMap(([first = ""]) => codesOf(first));
    expect(firstCells.filter((key) => !keys.has(key))).toEqual([]);
  });

  it("has an example that is a drill", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(TEXT) ?? [];

    expect(checkedYaml(example, "the example", Scenario).steps.length).toBeGreaterThan(1);
  });

  it("lists every drill that comes with Stepback, with its claim", () => {
    const files = globSync("drills/*.yaml", { cwd: ROOT }).sort();
    const claims = files.map((file) => [`\`${file.slice(7)}\``, loadScenario(`${ROOT}/${file}`).title]);

    expect(rowsOf(sectionOf(TEXT, "The drills that come with Stepback"))).toEqual(claims);
  });
});

import { globSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { FORBIDDEN_ACTIONS } from "../../lib/stack/boundary.ts";
import { codesOf, ROOT, rowsOf, sectionOf, textOf } from "./documents.ts";
import { resourcesOfType } from "./synthesised.ts";

const TEXT = textOf("docs/security.md");
const STEPS = globSync("lambdas/steps/*.ts", { cwd: ROOT })
  .map((file) => basename(file, ".ts"))
  .sort();

const Policy = z.object({
  Roles: z.array(z.object({ Ref: z.string() })),
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]) })),
  }),
});

const list = z.union([z.array(z.string()), z.string().transform((one) => [one])]);

/** A statement of the boundary that says what may be deleted. */
const Copies = z.object({
  Sid: z.string().regex(/Only(Own)?Copies$/),
  Action: list,
  NotResource: list.default([]),
  Condition: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});
const Boundary = z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) });

/** What every function may do: said once, above the table. */
const EVERYBODY = codesOf(sectionOf(TEXT, "Functions and their grants").split("\n|")[0] ?? "");

/** The actions that an environment's template grants to a step's function. */
function grantedTo(step: string, environment: "example" | "complete"): string[] {
  const pascal = step.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  const actions = resourcesOfType("AWS::IAM::Policy", environment).flatMap(([, properties]) => {
    const { Roles, PolicyDocument } = Policy.parse(properties);
    if (!Roles.some(({ Ref }) => new RegExp(`^Functions${pascal}Role[0-9A-F]{8}$`).test(Ref))) return [];
    return PolicyDocument.Statement.flatMap(({ Action }) => Action);
  });
  return [...new Set(actions)].filter((action) => !EVERYBODY.includes(action)).sort();
}

/** The actions that the table names, by function; a row without a function belongs to the one above. */
function documented(): Map<string, string[]> {
  const actions = new Map<string, string[]>();
  let current = "";
  for (const [fn = "", grants = ""] of rowsOf(sectionOf(TEXT, "Functions and their grants"))) {
    current = codesOf(fn)[0] ?? current;
    actions.set(current, [...(actions.get(current) ?? []), ...codesOf(grants)]);
  }
  return actions;
}

describe("docs/security.md", () => {
  it("names every function", () => {
    expect([...documented().keys()].sort()).toEqual(STEPS);
    expect(resourcesOfType("AWS::Lambda::Function", "complete")).toHaveLength(STEPS.length);
  });

  it.each(STEPS)("names exactly what %s is granted where every kind is used", (step) => {
    const granted = grantedTo(step, "complete");

    expect(granted.length).toBeGreaterThan(0);
    expect([...new Set(documented().get(step))].sort()).toEqual(granted);
  });

  it.each(STEPS)("grants %s nothing more where fewer kinds are used", (step) => {
    expect(documented().get(step)).toEqual(expect.arrayContaining(grantedTo(step, "example")));
  });

  it("names exactly the actions that the boundary denies", () => {
    expect(codesOf(sectionOf(TEXT, "The boundary"))).toEqual([...FORBIDDEN_ACTIONS]);
  });

  it("names exactly what the boundary lets somebody delete, and with which tag", () => {
    const denied = resourcesOfType("AWS::IAM::ManagedPolicy", "complete")
      .flatMap(([, properties]) => Boundary.parse(properties).PolicyDocument.Statement)
      .flatMap((statement) => Copies.safeParse(statement).data ?? []);
    const named = denied.flatMap(({ Sid, Action, NotResource, Condition }) => [
      Sid,
      ...Action,
      ...NotResource,
      ...Object.values(Condition).flatMap((keys) => Object.keys(keys)),
    ]);

    expect(denied).toHaveLength(4);
    expect([...new Set(codesOf(sectionOf(TEXT, "What may be deleted")))].sort()).toEqual(
      [...new Set(named)].sort(),
    );
  });

  it("names for every threat a test or the code that meets it", () => {
    const rows = rowsOf(sectionOf(TEXT, "Threats"));

    expect(rows.length).toBeGreaterThan(8);
    for (const [threat, control = "", test = ""] of rows) {
      expect(control.length, threat).toBeGreaterThan(10);
      expect(test, threat).toMatch(/^`[\w/.-]+`$|every drill/);
    }
  });
});

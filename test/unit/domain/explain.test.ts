import { describe, expect, it } from "vitest";
import * as z from "zod";
import { explain } from "../../../lambdas/domain/explain.ts";

const schema = z.strictObject({
  name: z.string(),
  size: z.number(),
  colour: z.enum(["red", "blue"]),
  inner: z.strictObject({ deep: z.string() }).optional(),
});

function explained(input: unknown, keys: readonly string[] = ["name", "size", "colour", "inner"]): string {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error("It is fine");
  return explain(parsed.error, keys);
}

const good = { name: "a", size: 1, colour: "red" };

describe("explain", () => {
  it.each<[string, unknown, string]>([
    ["where and what", { ...good, size: "1" }, '"size": Invalid input: expected number, received string'],
    ["that the whole is wrong", 7, "the input: Invalid input: expected object, received number"],
    ["the nearest key", { ...good, color: "red" }, 'unknown key "color" (did you mean "colour"?)'],
    ["the nearest key in any case", { ...good, SIZE: 1 }, 'unknown key "SIZE" (did you mean "size"?)'],
    [
      "all known keys when none is near",
      { ...good, elephant: 1 },
      'unknown key "elephant" (known keys: name, size, colour, inner)',
    ],
    ["where an unknown key lies", { ...good, inner: { deep: "x", dep: 1 } }, 'unknown key "dep" in "inner"'],
  ])("says %s", (_, input, sentence) => {
    expect(explained(input)).toBe(sentence);
  });

  it("stops after three findings and counts the rest", () => {
    expect(explained({ inner: { deep: 1 } })).toMatch(/^"name": .*; "size": .*; "colour": .*; and 1 more$/);
  });

  it("says what the nearest member of a union expected", () => {
    const union = z.union([z.literal("all"), z.strictObject({ only: z.array(z.string()) })]);
    const parsed = z.strictObject({ which: union }).safeParse({ which: { only: ["a", 2] } });

    expect(explain(parsed.error ?? new z.ZodError([]))).toBe(
      '"which": only.1: Invalid input: expected string, received number',
    );
  });

  it("says what a record expects of its keys", () => {
    const parsed = z.record(z.string().max(3, "at most three letters"), z.number()).safeParse({ four: 1 });

    expect(explain(parsed.error ?? new z.ZodError([]))).toBe('"four": at most three letters');
  });

  it("names symbols instead of stumbling over them", () => {
    const parsed = z.record(z.string(), z.number()).safeParse({ [Symbol("odd")]: 1 });

    expect(explain(parsed.error ?? new z.ZodError([]))).toContain("Symbol(odd)");
  });
});

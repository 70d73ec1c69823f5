import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyUpdate } from "../../../lib/region/services/dynamodb/apply-update.ts";
import {
  addDecimals,
  compareDecimals,
  formatDecimal,
  negateDecimal,
  parseDecimal,
} from "../../../lib/region/services/dynamodb/decimal.ts";
import { Placeholders } from "../../../lib/region/services/dynamodb/placeholders.ts";
import { parseProjection, project } from "../../../lib/region/services/dynamodb/projection.ts";
import { parseUpdate } from "../../../lib/region/services/dynamodb/update-parser.ts";

const item: Record<string, AttributeValue> = {
  n: { N: "5" },
  seq: { L: [{ S: "a" }, { S: "b" }, { S: "c" }] },
  doc: { M: { leaf: { N: "1" } } },
  bag: { SS: ["x", "y"] },
};

const values: Record<string, AttributeValue> = {
  ":one": { N: "1" },
  ":tenth": { N: "0.1" },
  ":s": { S: "new" },
  ":l": { L: [{ S: "z" }] },
  ":xs": { SS: ["x", "w"] },
  ":all": { SS: ["x", "y"] },
};

function update(text: string, before: Record<string, AttributeValue> = item) {
  const used = Object.entries(values).filter(([key]) => new RegExp(`${key}\\b`).test(text));
  const ExpressionAttributeValues = used.length === 0 ? undefined : Object.fromEntries(used);
  const placeholders = new Placeholders({ ExpressionAttributeValues }, { UpdateExpression: text });
  const actions = parseUpdate(text, placeholders);
  placeholders.finish();
  return applyUpdate(before, actions);
}

const strings = (...texts: string[]) => ({ L: texts.map((S) => ({ S })) });

describe("an update expression", () => {
  it.each<[string, Record<string, AttributeValue | undefined>]>([
    ["SET n = n + :one", { n: { N: "6" } }],
    ["SET n = :one - n", { n: { N: "-4" } }],
    ["SET n = n + :tenth", { n: { N: "5.1" } }],
    ["SET fresh = if_not_exists(fresh, :one) + :one", { fresh: { N: "2" } }],
    ["set doc.more = doc.leaf, doc.leaf = :s", { doc: { M: { more: { N: "1" }, leaf: { S: "new" } } } }],
    ["SET seq = list_append(:l, seq)", { seq: strings("z", "a", "b", "c") }],
    ["SET seq[1] = :s, seq[40] = :s", { seq: strings("a", "new", "c", "new") }],
    ["REMOVE seq[0], seq[1]", { seq: strings("c") }],
    ["REMOVE seq[0] SET seq[1] = :s", { seq: strings("new", "c") }],
    ["REMOVE doc.leaf, absent", { doc: { M: {} } }],
    ["ADD n :one, brandnew :one", { n: { N: "6" }, brandnew: { N: "1" } }],
    ["ADD bag :xs", { bag: { SS: ["x", "y", "w"] } }],
    ["DELETE bag :xs", { bag: { SS: ["y"] } }],
    ["DELETE bag :all, gone :all", { bag: undefined, gone: undefined }],
    [
      "SET a1 = :one REMOVE n ADD tally :one DELETE bag :xs",
      { a1: { N: "1" }, n: undefined, tally: { N: "1" }, bag: { SS: ["y"] } },
    ],
  ])("%s", (text, expected) => {
    expect(update(text)).toEqual({ ...item, ...expected });
  });

  it("never changes the item it starts from", () => {
    const before = structuredClone(item);

    update("SET seq[0] = :s, doc.leaf = :s REMOVE n DELETE bag :all");

    expect(item).toEqual(before);
  });

  it.each([
    ["SET n = nowhere", "The provided expression refers to an attribute that does not exist in the item"],
    ["SET doc.a.b = :s", "The document path provided in the update expression is invalid for update"],
    ["SET n[0] = :s", "The document path provided in the update expression is invalid for update"],
    ["SET seq = list_append(n, :l)", "An operand in the update expression has an incorrect data type"],
    ["SET bag = bag + :one", "An operand in the update expression has an incorrect data type"],
    ["ADD seq :one", "An operand in the update expression has an incorrect data type"],
    [
      "ADD n :s",
      "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING",
    ],
    [
      "DELETE n :one",
      "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER",
    ],
    [
      "SET n = :one SET seq = :l",
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      "SET doc = :s, doc.leaf = :one",
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc], path two: [doc, leaf]",
    ],
    ["SET doc.a = :s REMOVE doc[0]", "Invalid UpdateExpression: Two document paths conflict with each other"],
    ["SET n = lower(:s)", "Invalid UpdateExpression: Invalid function name; function: lower"],
    ["SET n + :one", 'Invalid UpdateExpression: Syntax error; token: "+", near: "n + :one"'],
    ["n = :one", 'Invalid UpdateExpression: Syntax error; token: "n"'],
  ])("is refused: %s", (text, message) => {
    expect(() => update(text)).toThrow(message);
  });

  it("adds and subtracts like exact decimal arithmetic", () => {
    // Up to 18 digits and as many places on both sides: 36 digits at most, so nothing may be rounded or
    // refused.
    const decimal = fc.record({
      units: fc.bigInt(-(10n ** 18n), 10n ** 18n),
      places: fc.integer({ min: 0, max: 18 }),
    });
    fc.assert(
      fc.property(decimal, decimal, fc.boolean(), (a, b, plus) => {
        const actions = parseUpdate(
          `SET n = n ${plus ? "+" : "-"} :b`,
          new Placeholders(
            { ExpressionAttributeValues: { ":b": { N: written(b) } } },
            { UpdateExpression: "SET n = n + :b" },
          ),
        );

        const result = applyUpdate({ n: { N: written(a) } }, actions)["n"]?.N ?? "";

        const exact = scaled(a) + (plus ? scaled(b) : -scaled(b));
        expect(scaled(read(result))).toBe(exact);
        expect(formatDecimal(parseDecimal(result))).toBe(result);
      }),
    );
  });
});

/** The reference: a whole number of 10^-places, brought to 10^-36. */
function scaled({ units, places }: { readonly units: bigint; readonly places: number }): bigint {
  return units * 10n ** BigInt(36 - places);
}

function written({ units, places }: { readonly units: bigint; readonly places: number }): string {
  return `${units}E-${places}`;
}

function read(text: string) {
  const [whole = "", fraction = ""] = text.split(".");
  return { units: BigInt(`${whole}${fraction}`), places: fraction.length };
}

describe("a number", () => {
  it.each([
    ["007.500", "7.5"],
    ["-0.0", "0"],
    ["1e3", "1000"],
    ["-12.5E-4", "-0.00125"],
    ["+.5", "0.5"],
    [`${"9".repeat(38)}`, `${"9".repeat(38)}`],
  ])("%s is kept as %s", (text, kept) => {
    expect(formatDecimal(parseDecimal(text))).toBe(kept);
  });

  it.each([
    ["", "cannot be converted to a numeric value"],
    ["1e", "cannot be converted to a numeric value"],
    ["0x10", "cannot be converted to a numeric value"],
    ["1e126", "Number overflow"],
    ["1e-131", "Number underflow"],
    [`1${"0".repeat(37)}1`, "more than 38 significant digits"],
  ])("%j is refused", (text, message) => {
    expect(() => parseDecimal(text)).toThrow(message);
  });

  it("is ordered by value, however it is written", () => {
    const texts = ["-10", "-9.5", "0", "0.05", "0.5", "9", "10", "1e2", "1e30"].map(parseDecimal);
    const sorted = [...texts].reverse().sort(compareDecimals);

    expect(sorted).toEqual(texts);
    expect(addDecimals(parseDecimal("1.5"), negateDecimal(parseDecimal("15e-1")))).toEqual(parseDecimal("0"));
  });
});

describe("a projection", () => {
  const projected = (text: string) => {
    const placeholders = new Placeholders({}, { ProjectionExpression: text });
    return project(item, parseProjection(text, placeholders));
  };

  it("keeps the maps and lists around what it chose and closes gaps in lists", () => {
    expect(projected("seq[2], doc.leaf, absent, seq[0]")).toEqual({
      seq: strings("a", "c"),
      doc: { M: { leaf: { N: "1" } } },
    });
  });

  it("is refused when paths overlap", () => {
    expect(() => projected("doc, doc.leaf")).toThrow("Two document paths overlap with each other");
  });
});

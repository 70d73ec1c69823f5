import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { parseCondition } from "../../../lib/region/services/dynamodb/condition-parser.ts";
import { satisfies } from "../../../lib/region/services/dynamodb/evaluate-condition.ts";
import { Placeholders } from "../../../lib/region/services/dynamodb/placeholders.ts";

const item: Record<string, AttributeValue> = {
  id: { S: "rb-17" },
  fence: { N: "9" },
  tenth: { N: "0.1" },
  flag: { BOOL: true },
  bytes: { B: Uint8Array.of(1, 2, 255) },
  tags: { SS: ["a", "b"] },
  counts: { NS: ["1", "2.50"] },
  steps: { L: [{ S: "plan" }, { N: "2" }, { M: { deep: { S: "x" } } }] },
  nothing: { NULL: true },
  "odd.name": { S: "dotted" },
};

const values: Record<string, AttributeValue> = {
  ":id": { S: "rb-17" },
  ":rb": { S: "rb-" },
  ":nine": { N: "9.0" },
  ":ten": { N: "10" },
  ":tenth": { N: "1E-1" },
  ":two": { N: "2" },
  ":three": { N: "3" },
  ":five": { N: "5" },
  ":a": { S: "a" },
  ":plan": { S: "plan" },
  ":ba": { SS: ["b", "a"] },
  ":bytes": { B: Uint8Array.of(1, 2) },
  ":map": { S: "M" },
  ":x": { S: "x" },
};

/** Judges the item with only those placeholders that the text uses: unused ones are an error of their own. */
function judge(text: string): boolean {
  const names = { "#odd": "odd.name", "#status": "status" };
  const used = <T>(all: Readonly<Record<string, T>>) => {
    const entries = Object.entries(all).filter(([key]) => new RegExp(`${key}\\b`).test(text));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  const placeholders = new Placeholders(
    { ExpressionAttributeNames: used(names), ExpressionAttributeValues: used(values) },
    { ConditionExpression: text },
  );
  const condition = parseCondition("ConditionExpression", text, placeholders);
  placeholders.finish();
  return satisfies(item, condition);
}

describe("a condition expression", () => {
  it.each([
    "id = :id",
    "fence = :nine",
    "tenth = :tenth",
    "fence < :ten",
    "NOT fence > :ten",
    "id <> :a",
    "absent <> :a",
    "tags = :ba",
    "fence BETWEEN :five AND :ten",
    "id BETWEEN :a AND :x AND fence < :ten",
    "id IN (:a, :id)",
    "attribute_exists(steps[2].deep)",
    "attribute_not_exists(steps[9])",
    "attribute_not_exists(toString)",
    "attribute_not_exists(#status) AND fence <= :nine",
    "attribute_type(steps[2], :map)",
    "begins_with(id, :rb)",
    "begins_with(bytes, :bytes)",
    "contains(id, :rb)",
    "contains(tags, :a)",
    "contains(counts, :two) OR contains(steps, :plan)",
    "size(steps) = :three AND size(id) = :five",
    "size(bytes) > :two",
    "steps[2].deep = :x",
    "#odd <> :x",
    "id = :a OR id = :id AND fence = :nine",
    "NOT (id = :a OR id = :x)",
    "(id = :a AND fence = :ten) OR (id = :id)",
    "attribute_exists(id) and not attribute_exists(absent)",
  ])("holds: %s", (text) => {
    expect(judge(text)).toBe(true);
  });

  it.each([
    "id = :a",
    "absent = :a",
    "id < :ten",
    "fence < :nine",
    "fence > :nine",
    "absent < :ten",
    "absent BETWEEN :five AND :ten",
    "fence IN (:id, :ten)",
    "(id = :id OR id = :a) AND fence = :ten",
    "NOT id = :id OR fence = :ten",
    "begins_with(fence, :rb)",
    "contains(counts, :five)",
    "size(fence) = :five",
    "attribute_exists(id[0])",
    "attribute_exists(steps[0].deep)",
  ])("does not hold: %s", (text) => {
    expect(judge(text)).toBe(false);
  });

  it.each([
    ["", "The expression can not be empty;"],
    ["id = ", 'Syntax error; token: "<EOF>", near: "="'],
    ["id = :id fence", 'Syntax error; token: "fence", near: ":id fence"'],
    ["id == :id", 'Syntax error; token: "=", near: "== :id"'],
    ["id = ;", 'Syntax error; token: ";"'],
    ["status = :id", "Attribute name is a reserved keyword; reserved keyword: status"],
    ["owner = :id", "Attribute name is a reserved keyword; reserved keyword: owner"],
    [
      "id = :unknown",
      "An expression attribute value used in expression is not defined; attribute value: :unknown",
    ],
    [
      "#no = :id",
      "An expression attribute name used in the document path is not defined; attribute name: #no",
    ],
    ["((id = :id))", "The expression has redundant parentheses;"],
    ["exists(id)", "Invalid function name; function: exists"],
    [
      "id = begins_with(id, :rb)",
      "The function is not allowed to be used this way in an expression; function: begins_with",
    ],
    ["size(id)", "The function is not allowed to be used this way in an expression; function: size"],
    [
      "begins_with(id)",
      "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1",
    ],
    [
      "begins_with(id, :two)",
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ],
    [
      "id < :ba",
      "Incorrect operand type for operator or function; operator or function: <, operand type: SS",
    ],
    [
      "attribute_exists(:id)",
      "Operator or function requires a document path; operator or function: attribute_exists",
    ],
    [
      "attribute_type(id, :x)",
      "Invalid attribute type name found; type: x, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    ],
    [
      "id = id",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [id]",
    ],
    [
      "fence BETWEEN :ten AND :two",
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound",
    ],
  ])("is refused: %s", (text, message) => {
    expect(() => judge(text)).toThrow(`Invalid ConditionExpression: ${message}`);
  });

  it("keeps double parentheses that group two conditions", () => {
    expect(judge("((id = :id) AND (fence = :nine))")).toBe(true);
  });
});

describe("placeholders", () => {
  const parse = (input: ConstructorParameters<typeof Placeholders>[0], text: string | undefined) => {
    const placeholders = new Placeholders(input, { ConditionExpression: text });
    if (text !== undefined) parseCondition("ConditionExpression", text, placeholders);
    placeholders.finish();
  };

  it("are refused when no expression uses them", () => {
    const input = {
      ExpressionAttributeNames: { "#a": "a", "#b": "b" },
      ExpressionAttributeValues: { ":v": { S: "v" } },
    };

    expect(() => parse(input, "#a = :v")).toThrow(
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
    );
    expect(() => parse({ ExpressionAttributeValues: { ":v": { S: "v" } } }, "attribute_exists(a)")).toThrow(
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
    );
  });

  it("are refused when the request has no expression at all", () => {
    expect(() => parse({ ExpressionAttributeNames: { "#a": "a" } }, undefined)).toThrow(
      "ExpressionAttributeNames can only be specified when using expressions",
    );
    expect(() => parse({ ExpressionAttributeValues: { ":v": { S: "v" } } }, undefined)).toThrow(
      "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    );
  });

  it("are refused when empty, badly named or holding an impossible value", () => {
    expect(() => parse({ ExpressionAttributeValues: {} }, "attribute_exists(a)")).toThrow(
      "ExpressionAttributeValues must not be empty",
    );
    expect(() => parse({ ExpressionAttributeNames: { a: "a" } }, "attribute_exists(a)")).toThrow(
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    );
    expect(() => parse({ ExpressionAttributeValues: { ":v": { N: "many" } } }, "a = :v")).toThrow(
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: many for key :v",
    );
  });
});

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { typeOf } from "./attribute-value.ts";
import { type Comparator, type Condition, type Operand, parseCondition } from "./condition-parser.ts";
import type { KeyAttribute, KeySchema } from "./key-schema.ts";
import type { Placeholders } from "./placeholders.ts";
import { validationError } from "./validation-error.ts";

/** What a query asks of the key: one partition and, if it likes, a condition on the sort key. */
export interface KeyCondition {
  readonly partitionKey: AttributeValue;
  readonly sortCondition: Condition | undefined;
}

/** Texts: dynalite's suite, which was run against AWS. */
export function parseKeyCondition(text: string, placeholders: Placeholders, schema: KeySchema): KeyCondition {
  const parts = conjuncts(parseCondition("KeyConditionExpression", text, placeholders));
  const byKey = new Map<string, Condition>();
  for (const part of parts.map(keyFirst)) {
    const name = keyNameOf(part);
    if (byKey.has(name)) {
      throw validationError("KeyConditionExpressions must only contain one condition per key");
    }
    byKey.set(name, part);
  }
  const partitionKey = equalTo(byKey.get(schema.partition.name));
  if (partitionKey === undefined) {
    throw byKey.has(schema.partition.name)
      ? validationError("Query key condition not supported")
      : validationError(`Query condition missed key schema element: ${schema.partition.name}`);
  }
  byKey.delete(schema.partition.name);
  const sortCondition = schema.sort === undefined ? undefined : byKey.get(schema.sort.name);
  if (byKey.size > (sortCondition === undefined ? 0 : 1)) {
    const missed = schema.sort?.name;
    throw validationError(
      missed === undefined || sortCondition !== undefined
        ? "Query key condition not supported"
        : `Query condition missed key schema element: ${missed}`,
    );
  }
  checkTypes(schema.partition, [partitionKey]);
  if (schema.sort !== undefined && sortCondition !== undefined) {
    checkTypes(schema.sort, literalsOf(sortCondition));
  }
  return { partitionKey, sortCondition };
}

function conjuncts(condition: Condition): Condition[] {
  if (condition.kind === "and") return [...conjuncts(condition.left), ...conjuncts(condition.right)];
  const refused = refusedOperator(condition);
  if (refused === undefined) return [condition];
  throw validationError(`Invalid operator used in KeyConditionExpression: ${refused}`);
}

function refusedOperator(condition: Condition): string | undefined {
  if (condition.kind === "or" || condition.kind === "not" || condition.kind === "in") {
    return condition.kind.toUpperCase();
  }
  if (condition.kind === "compare" && condition.comparator === "<>") return "<>";
  return condition.kind === "function" && condition.name !== "begins_with" ? condition.name : undefined;
}

/** `:v < sk` says the same as `sk > :v`. */
function keyFirst(condition: Condition): Condition {
  if (condition.kind !== "compare" || condition.left.kind === "path") return condition;
  const { left, right, comparator } = condition;
  return { kind: "compare", comparator: MIRRORED[comparator], left: right, right: left };
}

const MIRRORED: Readonly<Record<Comparator, Comparator>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function keyNameOf(condition: Condition): string {
  const [subject, ...others] = operandsOf(condition);
  if ([subject, ...others].some((operand) => operand?.kind === "size")) {
    throw validationError("KeyConditionExpressions cannot contain nested operations");
  }
  if (others.some(({ kind }) => kind === "path")) {
    throw validationError(
      "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    );
  }
  if (subject?.kind !== "path") {
    throw validationError("Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  if (subject.path.length > 1) {
    throw validationError("KeyConditionExpressions cannot have conditions on nested attributes");
  }
  return subject.path[0];
}

function operandsOf(condition: Condition): readonly Operand[] {
  if (condition.kind === "compare") return [condition.left, condition.right];
  if (condition.kind === "between") return [condition.operand, condition.low, condition.high];
  return condition.kind === "function" ? condition.operands : [];
}

function equalTo(condition: Condition | undefined): AttributeValue | undefined {
  if (condition?.kind !== "compare" || condition.comparator !== "=") return undefined;
  return condition.right.kind === "value" ? condition.right.value : undefined;
}

function literalsOf(condition: Condition): AttributeValue[] {
  return operandsOf(condition).flatMap((operand) => (operand.kind === "value" ? [operand.value] : []));
}

function checkTypes(key: KeyAttribute, literals: readonly AttributeValue[]): void {
  for (const literal of literals) {
    if (typeOf(literal) !== key.type) {
      throw validationError(
        "One or more parameter values were invalid: Condition parameter type does not match schema type",
      );
    }
    if (literal.S === "" || literal.B?.byteLength === 0) {
      throw validationError(
        "One or more parameter values are not valid. " +
          `The AttributeValue for a key attribute cannot contain an empty string value. Key: ${key.name}`,
      );
    }
  }
}

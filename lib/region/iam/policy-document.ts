import type { PolicyDocument, PolicyStatement } from "../service-model.ts";
import { parseOperator } from "./condition.ts";

/**
 * The statements of a document, checked once for what this region does not evaluate: policy variables and unknown
 * condition operators are errors, because ignoring them would allow or deny the wrong thing.
 */
export function statementsOf(document: PolicyDocument): readonly PolicyStatement[] {
  const known = checked.get(document);
  if (known) return known;
  const statements = listOf(document.Statement);
  for (const statement of statements) check(statement);
  checked.set(document, statements);
  return statements;
}

/** One or many, as policies write nearly everything. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

const checked = new WeakMap<PolicyDocument, readonly PolicyStatement[]>();

const elements = new Set([
  ..."Sid Effect Principal Action NotAction Resource NotResource Condition".split(" "),
]);

function check(statement: PolicyStatement): void {
  const unknown = Object.keys(statement).find((element) => !elements.has(element));
  if (unknown !== undefined)
    throw new Error(`The simulated IAM does not know the policy element "${unknown}"`);
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    throw new Error(`A policy statement's Effect must be Allow or Deny, not "${String(statement.Effect)}"`);
  }
  if ((statement.Action === undefined) === (statement.NotAction === undefined)) {
    throw new Error("A policy statement needs either Action or NotAction");
  }
  const variable = /\$\{[^}]*\}/.exec(JSON.stringify(statement))?.[0];
  if (variable !== undefined)
    throw new Error(`The simulated IAM does not evaluate the policy variable ${variable}`);
  for (const operator of Object.keys(statement.Condition ?? {})) parseOperator(operator);
}

import type { ExpressionError, ExpressionEvaluator, ExpressionScope } from "./expression.ts";
import { isJsonObject, type Json } from "./json.ts";

/** Where an expression stands within its state, as AWS reports it: `Arguments/FunctionName`. */
type FieldPath = string;

/**
 * Evaluates every expression in a value: a string that begins with `{%` and ends with `%}`, at any depth.
 *
 * @param onError turns a failed expression into what the caller throws
 */
export async function evaluateTemplate(
  template: Json,
  path: FieldPath,
  scope: ExpressionScope,
  evaluator: ExpressionEvaluator,
  onError: (error: ExpressionError, path: FieldPath) => Error,
): Promise<Json> {
  const inner = (value: Json, key: string) =>
    evaluateTemplate(value, `${path}${key}`, scope, evaluator, onError);

  if (typeof template === "string") {
    const source = expressionIn(template);
    if (source === undefined) return template;
    return evaluator.evaluate(source, scope).catch((error: ExpressionError) => {
      throw onError(error, path);
    });
  }
  if (Array.isArray(template)) {
    const values: Json[] = [];
    for (const [index, value] of template.entries()) values.push(await inner(value, `[${index}]`));
    return values;
  }
  if (isJsonObject(template)) {
    const entries: [string, Json][] = [];
    for (const [key, value] of Object.entries(template)) entries.push([key, await inner(value, `/${key}`)]);
    return Object.fromEntries(entries);
  }
  return template;
}

/** The JSONata inside `{% … %}`; undefined when the string is a literal. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith("{%") && text.endsWith("%}") && text.length >= 4
    ? text.slice(2, -2).trim()
    : undefined;
}

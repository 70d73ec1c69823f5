import jsonata from "jsonata";
import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../kernel/random.ts";
import { type ExpressionFunction, expressionFunctions } from "./expression-functions.ts";
import type { Json, JsonObject } from "./json.ts";

/** What `$states` holds in one evaluation; `result` and `errorOutput` only where AWS gives them. */
export interface StatesVariable {
  readonly input: Json;
  readonly context: JsonObject;
  readonly result?: Json;
  readonly errorOutput?: Json;
}

export interface ExpressionScope {
  readonly states: StatesVariable;
  readonly variables: JsonObject;
}

/** An expression that failed; `message` ends the sentence "The JSONata expression '…' specified for the field '…'". */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly source: string;

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.source = source;
  }
}

/** Evaluates JSONata 2.0.6 as Step Functions does, on the region's clock and randomness. Compiled expressions are kept. */
export class ExpressionEvaluator {
  readonly #functions: readonly ExpressionFunction[];
  readonly #compiled = new Map<string, jsonata.Expression>();

  constructor(kernel: Kernel, random: Random) {
    this.#functions = expressionFunctions(kernel, random);
  }

  /** @throws ExpressionError in the words of AWS [localstack AWS snapshots, `EvaluationFailed`] */
  async evaluate(source: string, { states, variables }: ExpressionScope): Promise<Json> {
    const result = await this.#run(source, { ...variables, states });
    if (result === undefined) throw new ExpressionError(source, "returned nothing (undefined).");
    if (holdsFunction(result)) throw new ExpressionError(source, "returned an unsupported result type.");
    // Plain JSON, without the marks that jsonata leaves on its sequences and without sharing with the scope.
    return JSON.parse(JSON.stringify(result));
  }

  async #run(source: string, bindings: Record<string, unknown>): Promise<unknown> {
    try {
      return await this.#compile(source).evaluate(undefined, bindings);
    } catch (error) {
      throw new ExpressionError(source, `threw an error during evaluation. ${jsonataMessage(error)}`, {
        cause: error,
      });
    }
  }

  #compile(source: string): jsonata.Expression {
    const known = this.#compiled.get(source);
    if (known) return known;
    const compiled = jsonata(source);
    for (const { name, signature, implementation } of this.#functions) {
      compiled.registerFunction(name, implementation, signature);
    }
    // "$eval is not available" [AWS transforming-data page]: unknown, like any other name.
    compiled.assign("eval", undefined);
    this.#compiled.set(source, compiled);
    return compiled;
  }
}

/** jsonata throws plain objects as well as errors: `{ code, message, position, … }`. */
export function jsonataMessage(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return [code, message].filter((part) => typeof part === "string").join(": ");
}

function holdsFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) return true;
  return Object.values(value).some(holdsFunction);
}

import type { Json, JsonObject } from "./json.ts";
import { fitting } from "./states-error.ts";

/**
 * The workflow variables of the machine, one branch or one iteration: an inner scope reads the outer variables and
 * never writes them, and nothing leaks out [AWS workflow-variables page].
 */
export class VariableScope {
  readonly #outer: VariableScope | undefined;
  #own: JsonObject = {};

  constructor(outer?: VariableScope) {
    this.#outer = outer;
  }

  /** Everything an expression here can read. */
  visible(): JsonObject {
    return { ...this.#outer?.visible(), ...this.#own };
  }

  /** Takes the values of one `Assign`; together they may have 256 KiB [AWS workflow-variables page, limits]. */
  assign(values: JsonObject, state: string): void {
    for (const name of Object.keys(values)) {
      // The static check refuses this; a definition that came round it must not run on.
      if (this.#outer?.has(name)) throw new Error(`The state '${state}' assigns the outer variable ${name}`);
    }
    fitting(values, state);
    this.#own = { ...this.#own, ...values };
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#own, name) || (this.#outer?.has(name) ?? false);
  }
}

/** `assignedVariables` of a history event: each value as JSON text. */
export function assignedDetails(values: JsonObject): {
  readonly assignedVariables?: Record<string, string>;
  readonly assignedVariablesDetails?: { readonly truncated: boolean };
} {
  const entries = Object.entries(values).map(([name, value]: [string, Json]) => [
    name,
    JSON.stringify(value),
  ]);
  if (entries.length === 0) return {};
  return {
    assignedVariables: Object.fromEntries(entries),
    assignedVariablesDetails: { truncated: false },
  };
}

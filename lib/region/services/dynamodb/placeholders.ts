import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { acceptValue } from "./attribute-value.ts";
import type { ExpressionKind, TokenStream } from "./token-stream.ts";
import { validationError } from "./validation-error.ts";

export interface ExpressionInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>> | undefined;
}

/**
 * The `#names` and `:values` of one request. Every one must be used by some expression of the request and
 * every one used must be defined; `finish` is called when all expressions are parsed. Texts: dynalite's
 * suite.
 */
export class Placeholders {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Record<string, AttributeValue>>;
  readonly #unusedNames: Set<string>;
  readonly #unusedValues: Set<string>;

  /**
   * @param expressions the request's expressions, absent ones included: placeholders without any are refused
   */
  constructor(
    input: ExpressionInput,
    expressions: Readonly<Partial<Record<ExpressionKind, string | undefined>>>,
  ) {
    const kinds = Object.keys(expressions);
    const present = Object.values(expressions).some((text) => text !== undefined);
    if (!present && input.ExpressionAttributeNames !== undefined) {
      throw validationError("ExpressionAttributeNames can only be specified when using expressions");
    }
    if (!present && input.ExpressionAttributeValues !== undefined) {
      const missing = `${kinds.join(" and ")} ${kinds.length > 1 ? "are" : "is"} null`;
      throw validationError(
        `ExpressionAttributeValues can only be specified when using expressions: ${missing}`,
      );
    }
    checkKeys("ExpressionAttributeNames", "#", input.ExpressionAttributeNames);
    checkKeys("ExpressionAttributeValues", ":", input.ExpressionAttributeValues);
    this.#names = input.ExpressionAttributeNames ?? {};
    this.#values = acceptValues(input.ExpressionAttributeValues ?? {});
    this.#unusedNames = new Set(Object.keys(this.#names));
    this.#unusedValues = new Set(Object.keys(this.#values));
  }

  name(placeholder: string, stream: TokenStream): string {
    const name = Object.hasOwn(this.#names, placeholder) ? this.#names[placeholder] : undefined;
    if (name === undefined) {
      throw stream.error(
        `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    this.#unusedNames.delete(placeholder);
    return name;
  }

  value(placeholder: string, stream: TokenStream): AttributeValue {
    const value = Object.hasOwn(this.#values, placeholder) ? this.#values[placeholder] : undefined;
    if (value === undefined) {
      throw stream.error(
        `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    this.#unusedValues.delete(placeholder);
    return value;
  }

  finish(): void {
    refuseUnused("ExpressionAttributeNames", this.#unusedNames);
    refuseUnused("ExpressionAttributeValues", this.#unusedValues);
  }
}

function refuseUnused(member: string, unused: ReadonlySet<string>): void {
  if (unused.size === 0) return;
  throw validationError(
    `Value provided in ${member} unused in expressions: keys: {${[...unused].join(", ")}}`,
  );
}

function checkKeys(member: string, sigil: string, map: Readonly<Record<string, unknown>> | undefined): void {
  if (map === undefined) return;
  const keys = Object.keys(map);
  if (keys.length === 0) throw validationError(`${member} must not be empty`);
  const wrong = keys.find((key) => !new RegExp(`^${sigil}\\w+$`).test(key));
  if (wrong !== undefined) {
    throw validationError(`${member} contains invalid key: Syntax error; key: "${wrong}"`);
  }
}

function acceptValues(values: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
  const accepted = Object.entries(values).map(([key, value]) => {
    try {
      return [key, acceptValue(value)] as const;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw validationError(`ExpressionAttributeValues contains invalid value: ${reason} for key ${key}`);
    }
  });
  return Object.fromEntries(accepted);
}

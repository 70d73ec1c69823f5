import type { AttributeDefinition, AttributeValue, KeySchemaElement } from "@aws-sdk/client-dynamodb";
import { type Item, typeOf } from "./attribute-value.ts";
import { validationError } from "./validation-error.ts";

export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** The primary key of a table: what its items are found and ordered by. Texts: dynalite's suite. */
export class KeySchema {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;

  constructor(schema: readonly KeySchemaElement[], definitions: readonly AttributeDefinition[]) {
    const [first, second, ...others] = schema;
    if (first?.KeyType !== "HASH" || others.length > 0) {
      throw validationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    }
    if (second !== undefined && second.KeyType !== "RANGE") {
      throw validationError("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    }
    this.partition = keyAttribute(first, definitions);
    this.sort = second === undefined ? undefined : keyAttribute(second, definitions);
    if (definitions.length !== schema.length) {
      throw validationError(
        "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match " +
          "number of attributes defined in AttributeDefinitions",
      );
    }
  }

  get attributes(): readonly KeyAttribute[] {
    return this.sort === undefined ? [this.partition] : [this.partition, this.sort];
  }

  /** Checks a `Key` of a request: exactly the key attributes, of their types, not empty, not too long. */
  checkKey(key: Item): void {
    if (Object.keys(key).length !== this.attributes.length) throw keyMismatch();
    for (const attribute of this.attributes) {
      const value = Object.hasOwn(key, attribute.name) ? key[attribute.name] : undefined;
      if (value === undefined || typeOf(value) !== attribute.type) throw keyMismatch();
      if (isEmpty(value)) {
        throw validationError(`One or more parameter values were invalid: ${emptyKey(attribute)}`);
      }
      this.#checkLength(attribute, value);
    }
  }

  /** The key of a whole item that is about to be written. */
  keyOf(item: Item): Record<string, AttributeValue> {
    const entries = this.attributes.map((attribute) => {
      const value = Object.hasOwn(item, attribute.name) ? item[attribute.name] : undefined;
      if (value === undefined) {
        throw validationError(
          `One or more parameter values were invalid: Missing the key ${attribute.name} in the item`,
        );
      }
      if (typeOf(value) !== attribute.type) {
        throw validationError(
          `One or more parameter values were invalid: Type mismatch for key ${attribute.name} ` +
            `expected: ${attribute.type} actual: ${typeOf(value)}`,
        );
      }
      if (isEmpty(value)) {
        throw validationError(`One or more parameter values are not valid. ${emptyKey(attribute)}`);
      }
      this.#checkLength(attribute, value);
      return [attribute.name, value] as const;
    });
    return Object.fromEntries(entries);
  }

  /** One text for one key, whatever else the item holds. */
  identity(key: Item): string {
    return this.attributes.map(({ name }) => keyText(key[name])).join("\n");
  }

  /** 2048 bytes for a partition key, 1024 for a sort key (developer guide, "Service quotas"). */
  #checkLength(attribute: KeyAttribute, value: AttributeValue): void {
    const isPartition = attribute === this.partition;
    const limit = isPartition ? 2048 : 1024;
    const bytes = value.B?.byteLength ?? Buffer.byteLength(value.S ?? "");
    if (bytes <= limit) return;
    const which = isPartition ? "hashkey" : "rangekey";
    throw validationError(
      `One or more parameter values were invalid: Size of ${which} has exceeded ` +
        `the maximum size limit of ${limit} bytes`,
    );
  }
}

/** One text for one key value: numbers are canonical already, so equal keys have equal texts. */
export function keyText(value: AttributeValue | undefined): string {
  if (value?.B !== undefined) return `B${Buffer.from(value.B).toString("base64")}`;
  return value?.N === undefined ? `S${value?.S ?? ""}` : `N${value.N}`;
}

function keyAttribute(element: KeySchemaElement, definitions: readonly AttributeDefinition[]): KeyAttribute {
  const name = element.AttributeName ?? "";
  const type = definitions.find((definition) => definition.AttributeName === name)?.AttributeType;
  if (type !== "S" && type !== "N" && type !== "B") {
    const defined = definitions.map((definition) => definition.AttributeName);
    throw validationError(
      "One or more parameter values were invalid: Some index key attributes are not defined in " +
        `AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${defined.join(", ")}]`,
    );
  }
  return { name, type };
}

function isEmpty(value: AttributeValue): boolean {
  return value.S === "" || value.B?.byteLength === 0;
}

function emptyKey({ name, type }: KeyAttribute): string {
  const kind = type === "B" ? "binary" : "string";
  return `The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`;
}

function keyMismatch(): Error {
  return validationError("The provided key element does not match the schema");
}

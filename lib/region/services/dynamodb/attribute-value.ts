import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { compareDecimals, formatDecimal, parseDecimal } from "./decimal.ts";
import { validationError } from "./validation-error.ts";

/** An item, or a key, as DynamoDB keeps it: frozen, numbers in canonical form. */
export type Item = Readonly<Record<string, AttributeValue>>;

const ATTRIBUTE_TYPES = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"] as const;

export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

export function isAttributeType(text: string): text is AttributeType {
  return ATTRIBUTE_TYPES.some((type) => type === text);
}

export function typeOf(value: AttributeValue): AttributeType {
  const types = ATTRIBUTE_TYPES.filter((type) => value[type] !== undefined && value[type] !== null);
  const [type] = types;
  if (type === undefined) {
    throw validationError(
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    );
  }
  if (types.length > 1) {
    throw validationError(
      "Supplied AttributeValue has more than one datatypes set, " +
        "must contain exactly one of the supported datatypes",
    );
  }
  return type;
}

/**
 * Checks a value from a request and returns a frozen copy with canonical numbers. Texts: dynalite's suite.
 */
export function acceptValue(value: AttributeValue, depth = 1): AttributeValue {
  if (depth > 33) throw validationError("Nesting Levels have exceeded supported limits");
  typeOf(value);
  if (value.N !== undefined) return Object.freeze({ N: canonicalNumber(value.N) });
  if (value.B !== undefined) return Object.freeze({ B: Uint8Array.from(value.B) });
  if (value.SS !== undefined) return Object.freeze({ SS: acceptSet(value.SS, "string", (text) => text) });
  if (value.NS !== undefined) {
    return Object.freeze({ NS: acceptSet(value.NS.map(canonicalNumber), "number", (text) => text) });
  }
  if (value.BS !== undefined) {
    return Object.freeze({
      BS: acceptSet(
        value.BS.map((bytes) => Uint8Array.from(bytes)),
        "binary",
        base64,
      ),
    });
  }
  if (value.M !== undefined) return Object.freeze({ M: acceptItem(value.M, depth + 1) });
  if (value.L !== undefined) {
    return Object.freeze({ L: value.L.map((element) => acceptValue(element, depth + 1)) });
  }
  if (value.NULL !== undefined && !value.NULL) {
    throw validationError(
      "One or more parameter values were invalid: Null attribute value types must have the value of true",
    );
  }
  return Object.freeze({ ...value });
}

export function acceptItem(item: Item, depth = 1): Record<string, AttributeValue> {
  const entries = Object.entries(item).map(([name, value]) => [name, acceptValue(value, depth)] as const);
  return Object.freeze(Object.fromEntries(entries));
}

/** Deep equality: numbers by value, sets without regard to order. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  if (a.N !== undefined && b.N !== undefined) {
    return compareDecimals(parseDecimal(a.N), parseDecimal(b.N)) === 0;
  }
  if (a.M !== undefined && b.M !== undefined) return equalMaps(a.M, b.M);
  if (a.L !== undefined && b.L !== undefined) {
    const other = b.L;
    return a.L.length === other.length && a.L.every((element, index) => equalAt(element, other[index]));
  }
  const [left, right] = [setMembers(a), setMembers(b)];
  if (left && right) {
    return left.length === right.length && left.every((x) => right.some((y) => equalValues(x, y)));
  }
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B) === 0;
  return a.S === b.S && a.BOOL === b.BOOL && a.NULL === b.NULL;
}

/** Order of two strings (UTF-8 bytes), numbers or binaries (unsigned bytes); undefined for anything else. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if (a.N !== undefined && b.N !== undefined) return compareDecimals(parseDecimal(a.N), parseDecimal(b.N));
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B);
  return undefined;
}

/** The members of a set as single values; undefined when the value is not a set. */
export function setMembers(value: AttributeValue): AttributeValue[] | undefined {
  if (value.SS !== undefined) return value.SS.map((S) => ({ S }));
  if (value.NS !== undefined) return value.NS.map((N) => ({ N }));
  if (value.BS !== undefined) return value.BS.map((B) => ({ B }));
  return undefined;
}

function canonicalNumber(text: string): string {
  return formatDecimal(parseDecimal(text));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function acceptSet<T>(members: readonly T[], kind: string, identity: (member: T) => string): T[] {
  if (members.length === 0) {
    const reason = kind === "binary" ? "Binary sets should not be empty" : `An ${kind} set  may not be empty`;
    throw validationError(`One or more parameter values were invalid: ${reason}`);
  }
  const identities = members.map(identity);
  if (new Set(identities).size < members.length) {
    throw validationError(
      kind === "number"
        ? "Input collection contains duplicates"
        : "One or more parameter values were invalid: " +
            `Input collection [${identities.join(", ")}] contains duplicates.`,
    );
  }
  return [...members];
}

function equalMaps(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => equalAt(a[name], Object.hasOwn(b, name) ? b[name] : undefined))
  );
}

function equalAt(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && equalValues(a, b);
}

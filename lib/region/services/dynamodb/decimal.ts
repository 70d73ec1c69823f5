import { validationError } from "./validation-error.ts";

/** A DynamoDB number, exact: `coefficient` × 10^`exponent`, the coefficient without trailing zeros. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/**
 * Reads a number as DynamoDB takes it: up to 38 significant digits, magnitudes from 1E-130 to 9.99…E+125.
 *
 * Limits: developer guide, "Supported data types", Number. Texts: dynalite's suite, which was run against
 * AWS.
 */
export function parseDecimal(text: string): Decimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  const [, sign = "", whole = "", fraction = "", power = "0"] = match ?? [];
  if (match === null || whole + fraction === "") {
    throw validationError(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return ZERO;
  const exponent = Number(power) - fraction.length + (digits.length - significant.length);
  checkRange(significant.length, exponent);
  return { coefficient: BigInt(sign === "-" ? `-${significant}` : significant), exponent };
}

/**
 * The exact sum. A result that needs more than 38 digits is refused; whether AWS rounds there instead is
 * unverified.
 */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return normalise(scaled(a, exponent) + scaled(b, exponent), exponent);
}

export function negateDecimal({ coefficient, exponent }: Decimal): Decimal {
  return { coefficient: -coefficient, exponent };
}

/** Negative, zero or positive, like every comparator. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const difference = scaled(a, exponent) - scaled(b, exponent);
  if (difference === 0n) return 0;
  return difference > 0n ? 1 : -1;
}

/** Plain notation without an exponent and without superfluous zeros: how DynamoDB gives numbers back. */
export function formatDecimal({ coefficient, exponent }: Decimal): string {
  if (exponent >= 0) return `${coefficient}${coefficient === 0n ? "" : "0".repeat(exponent)}`;
  const negative = coefficient < 0n;
  const digits = `${negative ? -coefficient : coefficient}`.padStart(1 - exponent, "0");
  return `${negative ? "-" : ""}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

const ZERO: Decimal = { coefficient: 0n, exponent: 0 };

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

function normalise(coefficient: bigint, exponent: number): Decimal {
  if (coefficient === 0n) return ZERO;
  let [reduced, power] = [coefficient, exponent];
  while (reduced % 10n === 0n) {
    reduced /= 10n;
    power++;
  }
  checkRange(`${reduced < 0n ? -reduced : reduced}`.length, power);
  return { coefficient: reduced, exponent: power };
}

function checkRange(digits: number, exponent: number): void {
  const magnitude = digits + exponent - 1;
  if (magnitude > 125) {
    throw validationError(
      "Number overflow. Attempting to store a number with magnitude larger than supported range",
    );
  }
  if (magnitude < -130) {
    throw validationError(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range",
    );
  }
  if (digits > 38) throw validationError("Attempting to store more than 38 significant digits in a Number");
}

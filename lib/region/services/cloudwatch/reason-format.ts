/**
 * How CloudWatch, a Java program, writes numbers and moments into reasons and events.
 *
 * `50.0`, `0.0666851903306472`, `1.0E7`: `Double.toString`, whose exponents begin below 10⁻³ and at 10⁷.
 */
export function javaNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : `${value}`;
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}

/** `2019-10-02T17:04:40.989+0000`: not quite ISO 8601. */
export function eventTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "+0000");
}

/** `02/10/19 16:59:00`, UTC: a datapoint in a reason. */
export function datapointTime(at: number): string {
  const [, year, month, day, time] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]+)/.exec(new Date(at).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}

/** `Friday 22 July, 2022 15:57:45 UTC`: a moment in a composite alarm's reason. */
export function spokenTime(at: number): string {
  const date = new Date(at);
  const [day, clock] = [date.toISOString().slice(8, 10), date.toISOString().slice(11, 19)];
  return `${weekdays[date.getUTCDay()]} ${day} ${months[date.getUTCMonth()]}, ${date.getUTCFullYear()} ${clock} UTC`;
}

/** `1 datapoint was`, `3 datapoints were`. */
export function counted(count: number, noun: string, verb = true): string {
  const words = `${count} ${noun}${count === 1 ? "" : "s"}`;
  return verb ? `${words} ${count === 1 ? "was" : "were"}` : words;
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const months = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

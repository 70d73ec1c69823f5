import type { JsonObject } from "../json.ts";
import { reservedErrorNames } from "../states-error.ts";
import type { Report } from "./finding.ts";
import { objects, type RawState } from "./raw-definition.ts";

/** Retriers and catchers: error names that exist, States.ALL alone and last, numbers in their ranges. */
export function checkHandlers({ fields, location }: RawState, report: Report): void {
  for (const key of ["Retry", "Catch"]) {
    const handlers = objects(fields[key]);
    for (const [index, handler] of handlers.entries()) {
      const at = `${location}/${key}[${index}]`;
      checkNames(errorNames(handler), at, index === handlers.length - 1, report);
      if (key === "Retry") checkNumbers(handler, at, report);
    }
  }
}

/** "The reserved name States.ALL … must appear alone … and in the last retrier/catcher" [AWS error-handling page]. */
function checkNames(names: readonly string[], at: string, last: boolean, report: Report): void {
  if (names.includes("States.ALL") && (names.length > 1 || !last)) {
    report.error(
      "states-all",
      `${at}/ErrorEquals`,
      "States.ALL stands alone and in the last entry of its list",
    );
  }
  for (const name of names) {
    // "Error names … must not begin with the prefix States." [states-language.net, Error representation]
    if (name.startsWith("States.") && !reservedErrorNames.has(name)) {
      report.error(
        "unknown-error-name",
        `${at}/ErrorEquals`,
        `'${name}' is not an error of the states language`,
      );
    }
  }
}

/** The ranges of the AWS error-handling page, "Retrier fields". */
function checkNumbers(retrier: JsonObject, at: string, report: Report): void {
  const {
    IntervalSeconds = 1,
    MaxAttempts = 3,
    BackoffRate = 2,
    MaxDelaySeconds,
    JitterStrategy = "NONE",
  } = retrier;
  const invalid = (field: string, message: string) =>
    report.error("invalid-value", `${at}/${field}`, message);
  const whole = (value: unknown, from: number) =>
    typeof value === "number" && Number.isInteger(value) && value >= from && value <= 99_999_999;
  if (!whole(IntervalSeconds, 1))
    invalid("IntervalSeconds", "IntervalSeconds is an integer from 1 to 99999999");
  if (!whole(MaxAttempts, 0)) invalid("MaxAttempts", "MaxAttempts is an integer from 0 to 99999999");
  if (typeof BackoffRate !== "number" || BackoffRate < 1)
    invalid("BackoffRate", "BackoffRate is at least 1.0");
  if (
    MaxDelaySeconds !== undefined &&
    !(whole(MaxDelaySeconds, 1) && Number(MaxDelaySeconds) > Number(IntervalSeconds))
  ) {
    invalid("MaxDelaySeconds", "MaxDelaySeconds is an integer greater than IntervalSeconds");
  }
  if (JitterStrategy !== "NONE" && JitterStrategy !== "FULL") {
    invalid("JitterStrategy", "JitterStrategy is FULL or NONE");
  }
}

function errorNames({ ErrorEquals }: JsonObject): readonly string[] {
  return Array.isArray(ErrorEquals) ? ErrorEquals.filter((name) => typeof name === "string") : [];
}

import type { Comparison, Criterion, StateName } from "./alarm.ts";

/** One period of the evaluation range. */
export interface Point {
  /** Start of the period, epoch milliseconds. */
  readonly at: number;
  /** Undefined when the period has no datapoint. */
  readonly value: number | undefined;
  /** How many samples the value stands for; undefined for the result of an expression. */
  readonly samples?: number | undefined;
}

export interface Datapoint extends Point {
  readonly value: number;
}

/** What an evaluation comes to, and from what. */
export interface Decision {
  readonly state: StateName;
  /** The real datapoints that were evaluated, newest first. */
  readonly evaluated: readonly Datapoint[];
  /** How many of the N datapoints had to be filled in. */
  readonly missing: number;
  /** The datapoints that speak for `state`: breaching for ALARM, not breaching for OK. */
  readonly crossing: readonly Datapoint[];
}

/**
 * Periods that an evaluation looks back beyond N. AWS says only that it fetches more than N; its one worked
 * example fetches 5 for N = 3 [user guide, "How alarm state is evaluated when data is missing"]. Other N:
 * unverified.
 */
export const extraPeriods = 2;

/**
 * Decides an alarm's state from its evaluation range, or that the state stays as it is (undefined).
 *
 * With N real datapoints in the range the newest N decide; with fewer, all of them do and `treatMissingData`
 * fills up to N ["How alarm state is evaluated when data is missing", whose tables are the tests of this
 * function].
 *
 * @param range newest first
 */
export function decideState(range: readonly Point[], criterion: Criterion): Decision | undefined {
  const real = range.flatMap((point, age) => (isDatapoint(point) ? [{ point, age }] : []));
  const evaluated = real.slice(0, criterion.evaluationPeriods).map(({ point }) => point);
  const missing = criterion.evaluationPeriods - evaluated.length;
  const samples = evaluated.reduce((sum, point) => sum + (point.samples ?? 0), 0);
  if (evaluated.length > 0 && samples < criterion.samplesNeeded) return undefined;

  const breaching = evaluated.filter(({ value }) => breaches(value, criterion));
  const state = stateFor(breaching.length, evaluated.length, real.at(-1)?.age ?? -1, criterion);
  if (state === undefined) return undefined;
  const crossing = state === "ALARM" ? breaching : evaluated.filter((point) => !breaching.includes(point));
  return { state, evaluated, missing, crossing };
}

function stateFor(
  breaching: number,
  evaluated: number,
  oldestAge: number,
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: Criterion,
): StateName | undefined {
  const missing = evaluationPeriods - evaluated;
  if (breaching >= datapointsToAlarm) return "ALARM";
  if (missing === 0 || treatMissingData === "notBreaching") return "OK";
  if (treatMissingData === "breaching") return breaching + missing >= datapointsToAlarm ? "ALARM" : "OK";
  if (evaluated === 0) return treatMissingData === "missing" ? "INSUFFICIENT_DATA" : undefined;
  if (breaching < evaluated) return "OK";
  // Only breaching datapoints, fewer than M: ALARM once the oldest of them is M periods old ["Avoiding
  // premature transitions to alarm state"; that a good datapoint anywhere in the range rules this out follows
  // from the row "0 - X - -"]. Until then the page only says "not immediately ALARM"; that the state stays is
  // unverified.
  const old = oldestAge + 1 >= datapointsToAlarm;
  return old && treatMissingData === "missing" ? "ALARM" : undefined;
}

const comparisons: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

function breaches(value: number, { comparison, threshold }: Criterion): boolean {
  return comparisons[comparison](value, threshold);
}

function isDatapoint(point: Point): point is Datapoint {
  return point.value !== undefined;
}

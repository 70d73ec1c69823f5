import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Criterion, TreatMissingData } from "../../../lib/region/services/cloudwatch/alarm.ts";
import { decideState, type Point } from "../../../lib/region/services/cloudwatch/alarm-decision.ts";

const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;

/** Data as the user guide draws it: oldest on the left, 0 fine, X breaching, - missing. */
function pointsOf(drawing: string): Point[] {
  const values: Readonly<Record<string, number>> = { "0": 0, X: 100 };
  return [...drawing.replaceAll(" ", "")]
    .map((sign, index) => ({ at: index * 60_000, value: values[sign] }))
    .reverse();
}

function makeCriterion(overrides: Partial<Criterion> = {}): Criterion {
  return {
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    threshold: 50,
    comparison: "GreaterThanThreshold",
    treatMissingData: "missing",
    samplesNeeded: 0,
    ...overrides,
  };
}

function outcomes(drawing: string, datapointsToAlarm: number): string[] {
  return treatments.map((treatMissingData: TreatMissingData) => {
    const criterion = makeCriterion({ datapointsToAlarm, treatMissingData });
    return decideState(pointsOf(drawing), criterion)?.state ?? "retain";
  });
}

// CloudWatch user guide, "How alarm state is evaluated when data is missing"; columns in the order of
// `treatments`.
describe("an alarm that misses data", () => {
  it.each([
    ["0 - X - X", "OK", "OK", "OK", "OK"],
    ["0 - - - -", "OK", "OK", "OK", "OK"],
    ["- - - - -", "INSUFFICIENT_DATA", "retain", "ALARM", "OK"],
    ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["- - X - -", "ALARM", "retain", "ALARM", "OK"],
  ])("decides %s of 3 out of 3 as the user guide's first table", (drawing, ...expected) => {
    expect(outcomes(drawing, 3)).toEqual(expected);
  });

  it.each([
    ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 - X - -", "OK", "OK", "ALARM", "OK"],
    ["- - - - 0", "OK", "OK", "ALARM", "OK"],
    ["- - - X -", "ALARM", "retain", "ALARM", "OK"],
  ])("decides %s of 2 out of 3 as the user guide's second table", (drawing, ...expected) => {
    expect(outcomes(drawing, 2)).toEqual(expected);
  });

  it.each(["- - - - X", "- - - X -"])("does not go to ALARM prematurely on %s", (drawing) => {
    expect(outcomes(drawing, 3).slice(0, 2)).toEqual(["retain", "retain"]);
  });
});

describe("an alarm with all its data", () => {
  it("needs M of the newest N datapoints to breach", () => {
    const criterion = makeCriterion({ evaluationPeriods: 6, datapointsToAlarm: 5 });

    expect(decideState(pointsOf("X X X X X 0 X X"), criterion)?.state).toBe("ALARM");
    expect(decideState(pointsOf("X X X X 0 0 X X"), criterion)?.state).toBe("OK");
    expect(decideState(pointsOf("X X 0 0 0 0 0 0"), criterion)?.state).toBe("OK");
  });

  it.each([
    ["GreaterThanThreshold", "OK"],
    ["GreaterThanOrEqualToThreshold", "ALARM"],
    ["LessThanThreshold", "OK"],
    ["LessThanOrEqualToThreshold", "ALARM"],
  ] as const)("compares a value equal to the threshold by %s", (comparison, state) => {
    const criterion = makeCriterion({ comparison, evaluationPeriods: 1, datapointsToAlarm: 1 });

    expect(decideState([{ at: 0, value: 50 }], criterion)?.state).toBe(state);
  });

  it("keeps its state while a percentile has too few samples", () => {
    const criterion = makeCriterion({ evaluationPeriods: 2, datapointsToAlarm: 2, samplesNeeded: 200 });
    const range = (samples: number) => [
      { at: 60_000, value: 100, samples },
      { at: 0, value: 100, samples: 100 },
    ];

    expect(decideState(range(99), criterion)).toBeUndefined();
    expect(decideState(range(100), criterion)?.state).toBe("ALARM");
  });
});

it("never lets a good datapoint push an alarm from OK to ALARM", () => {
  const sign = fc.constantFrom("0", "X", "-");
  const cases = fc.record({
    data: fc.array(sign, { minLength: 5, maxLength: 5 }),
    position: fc.nat(4),
    datapointsToAlarm: fc.integer({ min: 1, max: 3 }),
    treatMissingData: fc.constantFrom("missing" as const, "breaching" as const, "notBreaching" as const),
  });

  fc.assert(
    fc.property(cases, ({ data, position, ...rule }) => {
      const before = decideState(pointsOf(data.join("")), makeCriterion(rule))?.state;
      const better = data[position] === "X" ? data.with(position, "0") : data;
      const after = decideState(pointsOf(better.join("")), makeCriterion(rule))?.state;

      if (before === "OK") expect(after).not.toBe("ALARM");
    }),
  );
});

import { describe, expect, it } from "vitest";
import { MetricQueries } from "../../../lib/region/services/cloudwatch/metric-query.ts";
import { MetricStore } from "../../../lib/region/services/cloudwatch/metric-store.ts";

type Data = readonly (number | undefined)[];

/** Evaluates an expression over series of one-minute values, oldest first. */
function evaluate(
  expression: string,
  series: Readonly<Record<string, Data>>,
  others: Record<string, string> = {},
) {
  const store = new MetricStore(() => 0);
  const metrics = Object.entries(series).map(([id, values]) => {
    const metric = { namespace: "N", name: id, dimensions: {} };
    for (const [index, value] of values.entries()) {
      if (value === undefined) continue;
      store.put({ metric, at: index * 60_000, unit: "None", resolutionSeconds: 60, values: [[value, 1]] });
    }
    return { Id: id, MetricStat: { Metric: { Namespace: "N", MetricName: id }, Period: 60, Stat: "Sum" } };
  });
  const expressions = Object.entries({ ...others, result: expression });
  const queries = [...metrics, ...expressions.map(([Id, Expression]) => ({ Id, Expression }))];
  const length = Object.values(series)[0]?.length ?? 0;
  const value = MetricQueries.parse(queries).evaluate(
    "result",
    { start: 0, periodSeconds: 60, length },
    store,
  );
  return value.kind === "series" ? value.values : value;
}

const no = undefined;
const m1 = [30, 20, 0, 0];
const m2 = [20, no, 20, no];

// Expected values marked "guide" are the examples of the CloudWatch user guide, "Using metric math".
describe("metric math", () => {
  it.each<[string, Data]>([
    ["m1 < m2", [0, 0, 1, 0]], // guide
    ["m1 >= 30", [1, 0, 0, 0]], // guide
    ["m1 > 15 AND m2 > 15", [1, 0, 0, 0]], // guide
    ["m1 > 15 && m2 > 15 || m1 == 0", [1, 0, 1, 1]],
    ["m1 + m2", [50, 20, 20, 0]],
    ["m2 + 1", [21, no, 21, no]],
    ["100 * m1 / m2", [150, no, 0, no]],
    ["m1 - 2 * 3 ^ 2 / 9", [28, 18, -2, -2]],
    ["-(m1 - 10) / 2", [-10, -5, 5, 5]],
    ["m1 != 0 OR m2 != 0", [1, 1, 1, 0]],
  ])("computes %s", (expression, expected) => {
    expect(evaluate(expression, { m1, m2 })).toEqual(expected);
  });

  it.each<[string, Data]>([
    ["FILL(m2, 7)", [20, 7, 20, 7]],
    ["FILL(m2, m1)", [20, 20, 20, 0]],
    ["FILL(m2, REPEAT)", [20, 20, 20, 20]],
    ["FILL(gaps, REPEAT)", [no, 2, 2, 6]],
    ["FILL(gaps, LINEAR)", [no, 2, 4, 6]],
    ["SUM(METRICS())", [50, 22, 20, 6]],
    ['SUM(METRICS("m"))', [50, 20, 20, 0]],
    ["SUM([m1, m2 * 2])", [70, 20, 40, 0]],
    ["AVG([m1, m2])", [25, 10, 10, 0]],
    ["MAX([m1, m2])", [30, 20, 20, 0]],
    ["MIN([m1, m2])", [20, 20, 0, 0]],
    ["m1 - MAX(m1)", [0, -10, -30, -30]],
    ["m1 / SUM(m1) * 100", [60, 40, 0, 0]],
    ["MAX(METRICS() / 10)", [3, 2, 2, 0.6]],
    ["ABS(m1 - 25)", [5, 5, 25, 25]],
    ["CEIL(m1 / 7)", [5, 3, 0, 0]],
    ["FLOOR(m1 / 7)", [4, 2, 0, 0]],
    ["DIFF(m2)", [no, no, 0, no]],
    ["RATE(gaps)", [no, no, no, 4 / 120]],
    ["m1 / PERIOD(m1)", [0.5, 20 / 60, 0, 0]],
  ])("computes %s", (expression, expected) => {
    expect(evaluate(expression, { m1, m2, gaps: [no, 2, no, 6] })).toEqual(expected);
  });

  it.each<[string, Data]>([
    ["IF(c, m2, m3)", [30, 0, 20, no, no]], // guide
    ["IF(c, 5, m3)", [5, 5, 20, no, no]], // guide
    ["IF(c, m2, 5)", [30, 0, 5, 5, no]], // guide
    ["IF(c, m2)", [30, 0, no, no, no]],
    ["IF(1, m2, m3)", [30, no, 0, 0, 30]],
  ])("computes %s as the guide's tables", (expression, expected) => {
    const series = { c: [1, 1, 0, 0, no], m2: [30, no, 0, 0, 30], m3: [0, 0, 20, no, 20] };

    expect(evaluate(expression, series)).toEqual(expected);
  });

  it("computes the rate of server errors from sparse counts and a floor of traffic", () => {
    const series = { t5: [no, 30, 60, no, 5], e5: [no, no, 20, 40, no], req: [100, 100, 80, no, 10] };
    const parts = { bad: "FILL(t5,0)+FILL(e5,0)", tot: "FILL(req,0)+FILL(e5,0)" };

    expect(evaluate("IF(tot>=20,100*bad/tot,0)", series, parts)).toEqual([0, 30, 80, 100, 0]);
  });

  it.each([
    ["m1 +", "it ends too early"],
    ["m1 m2", 'unexpected "m2"'],
    ["(m1", '")" is missing'],
    ["m1 ? 2", 'unexpected "?"'],
    ["Metric", "is not an id"],
    ["ANOMALY_DETECTION_BAND(m1, 2)", "does not model the function ANOMALY_DETECTION_BAND"],
    ["constructor(m1)", "does not model the function constructor"],
    ["ABS(m1, m2)", "does not take 2 arguments"],
    ["m1 + other", 'Undefined metric or expression id "other"'],
    ["result + m1", "refers to itself"],
    ["PERIOD(m1 + m2)", "needs the id of a metric"],
    ["METRICS() > 5", "does not work on arrays"],
    ["[m1] + [m2]", "between two arrays"],
    ["ABS(5)", "needs a time series"],
  ])("refuses %s", (expression, problem) => {
    expect(() => evaluate(expression, { m1, m2 })).toThrow(problem);
  });
});

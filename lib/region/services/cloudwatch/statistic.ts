import { AwsError } from "../../service-model.ts";
import type { Distribution } from "./distribution.ts";

/** How the samples of one period become one number. `name` is the text as AWS writes it: `Sum`, `p95`. */
export interface Statistic {
  readonly name: string;
  /** For a percentile: 0 to 100. */
  readonly percent?: number;
  readonly of: (samples: Distribution) => number | undefined;
}

const simple: Readonly<Record<string, Statistic["of"]>> = {
  SampleCount: (samples) => samples.sampleCount,
  Sum: (samples) => samples.sum,
  Average: (samples) => samples.sum / samples.sampleCount,
  Minimum: (samples) => samples.minimum,
  Maximum: (samples) => samples.maximum,
};

/**
 * Reads `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `pNN.N`; trimmed and winsorised statistics
 * are refused.
 */
export function statisticNamed(name: string): Statistic {
  const of = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (of) return { name, of };
  const percent = Number(/^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(name)?.[1]);
  if (percent >= 0 && percent <= 100) {
    return { name, percent, of: (samples) => samples.percentile(percent) };
  }
  throw new AwsError(
    "InvalidParameterValueException",
    `The value ${name} for parameter Statistic is invalid: the simulated region knows ` +
      `${Object.keys(simple).join(", ")} and percentiles such as p95.`,
  );
}

/**
 * Samples needed for a percentile to mean something: 10/(1-p) from the median up, 10/p below it [CloudWatch
 * user guide, "Percentile-based CloudWatch alarms and low data samples"]. None for other statistics.
 */
export function samplesNeeded({ percent }: Statistic): number {
  if (percent === undefined) return 0;
  const share = percent / 100;
  return 10 / (share >= 0.5 ? 1 - share : share);
}

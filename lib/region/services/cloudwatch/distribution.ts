import type { StatisticSet } from "@aws-sdk/client-cloudwatch";

/** Samples that were summarised before they were published: their single values are not known. */
export type Summary = { readonly [Member in keyof StatisticSet]: number };

/**
 * The samples of one metric in one stretch of time.
 *
 * Samples are (value, count) pairs. Every statistic is computed over the sorted values, never in order of
 * arrival, so that the same samples give the same floating-point number in whatever order they came.
 */
export class Distribution {
  readonly #counts = new Map<number, number>();
  readonly #summaries: Summary[] = [];
  #sorted: readonly (readonly [value: number, count: number])[] | undefined;

  /** The samples of several stretches taken together; undefined when there are none. */
  static union(parts: readonly Distribution[]): Distribution | undefined {
    const [first, ...rest] = parts;
    if (!first || rest.length === 0) return first;
    const whole = new Distribution();
    for (const part of parts) {
      for (const [value, count] of part.#counts) whole.add(value, count);
      for (const summary of part.#summaries) whole.#summaries.push(summary);
    }
    return whole;
  }

  add(value: number, count: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    this.#sorted = undefined;
  }

  /**
   * A summary of equal samples is as good as the samples: percentiles stay available when minimum and maximum
   * are equal and the sum fits [PutMetricData, "CloudWatch needs raw data points to calculate percentile
   * statistics"].
   */
  addSummary(summary: Summary): void {
    const { SampleCount, Sum, Minimum, Maximum } = summary;
    if (Minimum === Maximum && Sum === Minimum * SampleCount) this.add(Minimum, SampleCount);
    else this.#summaries.push(summary);
  }

  get sampleCount(): number {
    return total(this.#ascending().map(([, count]) => count)) + this.#summed("SampleCount");
  }

  get sum(): number {
    return total(this.#ascending().map(([value, count]) => value * count)) + this.#summed("Sum");
  }

  get minimum(): number {
    const smallest = this.#ascending()[0]?.[0] ?? Number.POSITIVE_INFINITY;
    return Math.min(smallest, ...this.#summaries.map(({ Minimum }) => Minimum));
  }

  get maximum(): number {
    const largest = this.#ascending().at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
    return Math.max(largest, ...this.#summaries.map(({ Maximum }) => Maximum));
  }

  /**
   * The smallest sample that at least `percent` of the samples do not exceed; undefined when a summary hides
   * values. Nearest rank is this model's choice: how CloudWatch interpolates is unverified.
   */
  percentile(percent: number): number | undefined {
    if (this.#summaries.length > 0) return undefined;
    let remaining = Math.max((percent / 100) * this.sampleCount, Number.MIN_VALUE);
    for (const [value, count] of this.#ascending()) {
      remaining -= count;
      if (remaining <= 1e-9) return value;
    }
    return this.#ascending().at(-1)?.[0];
  }

  #ascending(): readonly (readonly [value: number, count: number])[] {
    this.#sorted ??= [...this.#counts].sort(([a], [b]) => a - b);
    return this.#sorted;
  }

  #summed(member: "SampleCount" | "Sum"): number {
    return total(this.#summaries.map((summary) => summary[member]).sort((a, b) => a - b));
  }
}

function total(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

import { Distribution, type Summary } from "./distribution.ts";
import { type MetricId, metricKey } from "./metric-id.ts";

/** What one publication says about one metric. */
export interface Sample {
  readonly metric: MetricId;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly unit: string;
  /** 1 keeps the second of `at`; 60 only its minute [PutMetricData, StorageResolution]. */
  readonly resolutionSeconds: 1 | 60;
  readonly values: readonly (readonly [value: number, count: number])[];
  readonly summaries?: readonly Summary[];
}

/** A stretch of time [from, to), epoch milliseconds. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Series {
  readonly metric: MetricId;
  /** Samples by unit, then by the moment that the storage resolution keeps of them. */
  readonly units: Map<string, Map<number, Distribution>>;
  stepMs: 1_000 | 60_000;
  newest: number;
}

const hour = 3_600_000;

/**
 * The account's metrics. It remembers samples for a day, and for as long as some alarm looks back beyond that
 * (`keepFor`); a reader that asks for what was forgotten is told so with `forgotUntil`.
 */
export class MetricStore {
  readonly #clock: () => number;
  readonly #series = new Map<string, Series>();
  /** Alarms ask with the same object every minute: its key is computed once. */
  readonly #asked = new WeakMap<MetricId, Series>();
  #longestRange = 0;
  #forgotUntil = Number.NEGATIVE_INFINITY;
  #sweptAt: number;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#sweptAt = clock();
  }

  /** Everything before this moment has been forgotten; -Infinity while nothing has. */
  get forgotUntil(): number {
    return this.#forgotUntil;
  }

  /** The metrics that have received samples, in order of first sight. */
  *metrics(): Iterable<MetricId & { readonly newest: number }> {
    for (const { metric, newest } of this.#series.values()) yield { ...metric, newest };
  }

  /** Some alarm looks back this far: what it can see is not forgotten. */
  keepFor(rangeMs: number): void {
    this.#longestRange = Math.max(this.#longestRange, rangeMs);
  }

  put({ metric, at, unit, resolutionSeconds, values, summaries = [] }: Sample): void {
    this.#forget();
    const series = this.#seriesOf(metric);
    const stepMs = resolutionSeconds === 1 ? 1_000 : 60_000;
    if (stepMs < series.stepMs) series.stepMs = stepMs;
    series.newest = Math.max(series.newest, at);
    const moments = series.units.get(unit) ?? new Map<number, Distribution>();
    series.units.set(unit, moments);
    const moment = Math.floor(at / stepMs) * stepMs;
    const samples = moments.get(moment) ?? new Distribution();
    moments.set(moment, samples);
    for (const [value, count] of values) samples.add(value, count);
    for (const summary of summaries) samples.addSummary(summary);
  }

  /**
   * The samples of a metric in a span, in one unit or in all of them together. What CloudWatch answers for a
   * metric published in several units when none is asked for "is not defined" [PutMetricAlarm, Unit].
   */
  read(metric: MetricId, unit: string | undefined, { from, to }: Span): Distribution | undefined {
    const series = this.#asked.get(metric) ?? this.#series.get(metricKey(metric));
    if (!series) return undefined;
    this.#asked.set(metric, series);
    const parts: Distribution[] = [];
    for (const [name, moments] of series.units) {
      if (unit !== undefined && name !== unit) continue;
      const first = Math.ceil(from / series.stepMs) * series.stepMs;
      for (let moment = first; moment < to; moment += series.stepMs) {
        const samples = moments.get(moment);
        if (samples) parts.push(samples);
      }
    }
    return Distribution.union(parts);
  }

  #seriesOf(metric: MetricId): Series {
    const key = metricKey(metric);
    const known = this.#series.get(key);
    if (known) return known;
    const series: Series = { metric, units: new Map(), stepMs: 60_000, newest: Number.NEGATIVE_INFINITY };
    this.#series.set(key, series);
    return series;
  }

  /** Once an hour of virtual time, drops the moments that nobody may ask for any more. */
  #forget(): void {
    if (this.#clock() - this.#sweptAt < hour) return;
    this.#sweptAt = this.#clock();
    const horizon = this.#sweptAt - 24 * hour - this.#longestRange;
    this.#forgotUntil = Math.max(this.#forgotUntil, horizon);
    for (const { units } of this.#series.values()) {
      for (const moments of units.values()) {
        for (const moment of moments.keys()) if (moment < horizon) moments.delete(moment);
      }
    }
  }
}

import type { Kernel } from "../../kernel/kernel.ts";
import type { Random } from "../../kernel/random.ts";
import type { Timer } from "../../kernel/timer-queue.ts";
import type { Alarm, MetricAlarmSettings } from "./alarm.ts";
import type { AlarmBook } from "./alarm-book.ts";
import { type Decision, decideState, extraPeriods, type Point } from "./alarm-decision.ts";
import { alarmRangeMs } from "./alarm-settings.ts";
import { type Grid, samplesOver } from "./metric-query.ts";
import type { MetricStore } from "./metric-store.ts";
import { stateReason, stateReasonData } from "./state-reason.ts";

/**
 * How long after a period's end an evaluation counts on its data. AWS says "a few seconds" [facts A1]; in
 * captured alarms an evaluation 8.4 s after the minute did not yet see that minute and one 9.5 s after it did
 * (queryDate 2024-02-17T11:53:08.423 with startDate 11:51:00; 2025-11-20T02:36:09.521, period 300, with
 * startDate 02:31:00).
 */
export const dataAvailabilityMs = 9_000;

/** Evaluates each metric alarm at its own fixed moment of every minute, ten seconds or hour. */
export class AlarmEvaluator {
  readonly #kernel: Kernel;
  readonly #book: AlarmBook;
  readonly #store: MetricStore;
  readonly #random: Random;
  readonly #timers = new Map<string, Timer>();

  constructor(kernel: Kernel, book: AlarmBook, store: MetricStore) {
    this.#kernel = kernel;
    this.#book = book;
    this.#store = store;
    this.#random = kernel.random.fork("alarm evaluation");
  }

  /** Starts, or after a change of settings restarts, the evaluation of an alarm. */
  watch(alarm: Alarm): void {
    const { settings } = alarm;
    if (settings.kind !== "metric") return;
    this.#store.keepFor(alarmRangeMs(settings));
    const stepMs = evaluationEveryMs(settings);
    const offset = this.#random.fork(alarm.name).integer(0, stepMs - 1);
    const wait = stepMs - ((this.#kernel.now - offset) % stepMs);
    this.#timers.get(alarm.name)?.cancel();
    this.#schedule(alarm, wait, stepMs);
  }

  forget(alarm: Alarm): void {
    this.#timers.get(alarm.name)?.cancel();
    this.#timers.delete(alarm.name);
  }

  #schedule(alarm: Alarm, wait: number, stepMs: number): void {
    const timer = this.#kernel.schedule(wait, () => {
      this.#schedule(alarm, stepMs, stepMs);
      if (alarm.settings.kind === "metric") this.#evaluate(alarm, alarm.settings);
    });
    this.#timers.set(alarm.name, timer);
  }

  #evaluate(alarm: Alarm, settings: MetricAlarmSettings): void {
    const range = evaluationRange(settings, this.#store, this.#kernel.now);
    const decision = decideState(range, settings);
    if (!decision || decision.state === alarm.state.value) return;
    const reason = stateReason(decision, settings);
    const missingAt = newestMissing(range, decision);
    const data = stateReasonData(decision, settings, { now: this.#kernel.now, missingAt });
    this.#book.setState(alarm, decision.state, reason, data);
  }
}

/**
 * The datapoints of a sliding window that ends at the last whole minute (ten seconds for high-resolution
 * alarms) whose data is there, newest first. Captured alarms slide by the minute, not by the period: one with
 * a period of 300 s evaluated at 17:04:40 starts at 16:59:00 [user guide, "Alarm events and EventBridge"].
 */
function evaluationRange(settings: MetricAlarmSettings, store: MetricStore, now: number): readonly Point[] {
  const { queries, watched, periodSeconds, evaluationPeriods } = settings;
  const alignMs = periodSeconds < 60 ? 10_000 : 60_000;
  const end = Math.floor((now - dataAvailabilityMs) / alignMs) * alignMs;
  const length = evaluationPeriods + extraPeriods;
  const periodMs = periodSeconds * 1_000;
  const grid: Grid = { start: end - length * periodMs, periodSeconds, length };
  const points: Point[] = [];
  if (watched.kind === "metric") {
    for (const [index, samples] of samplesOver(watched, grid, store).entries()) {
      const value = samples && watched.statistic.of(samples);
      points.push({ at: grid.start + index * periodMs, value, samples: samples?.sampleCount });
    }
  } else {
    const value = queries.evaluate(watched.id, grid, store);
    for (let index = 0; index < length; index++) {
      const found = value.kind === "series" ? value.values[index] : undefined;
      points.push({ at: grid.start + index * periodMs, value: found });
    }
  }
  return points.reverse();
}

/**
 * Ten seconds for high-resolution alarms [facts A1; PutMetricAlarm, Period], an hour for alarms over more
 * than a day, else a minute [user guide, "Alarm evaluation"].
 */
function evaluationEveryMs({ periodSeconds, evaluationPeriods }: MetricAlarmSettings): number {
  if (periodSeconds < 60) return 10_000;
  return periodSeconds * evaluationPeriods > 86_400 ? 3_600_000 : 60_000;
}

function newestMissing(range: readonly Point[], { missing }: Decision): readonly number[] {
  return range
    .filter(({ value }) => value === undefined)
    .slice(0, missing)
    .map(({ at }) => at);
}

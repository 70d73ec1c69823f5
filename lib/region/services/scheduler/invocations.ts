import type { Random } from "../../kernel/random.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { occurrencesOf } from "./occurrences.ts";
import { DEFAULT_RETRY, type Schedule, type ScheduleSettings } from "./schedule.ts";
import { queueUrlOf, schedulePrincipal, targetCall } from "./target-call.ts";

/** "All schedule types invoke their targets with 60 second precision" (user guide, "Schedule types"). */
const PRECISION_MS = 60_000;
/** Unverified: how long the scheduler waits before it tries again. */
const RETRY_MS = 60_000;

/** Wakes schedules when they are due and invokes their targets, in virtual time. */
export class Invocations {
  readonly #context: RegionContext;
  readonly #random: Random;
  readonly #completed: (schedule: Schedule) => void;

  /** @param completed told of a schedule that has invoked its target for the last time */
  constructor(context: RegionContext, completed: (schedule: Schedule) => void) {
    this.#context = context;
    this.#random = context.kernel.random.fork("scheduler");
    this.#completed = completed;
  }

  disarm(schedule: Schedule): void {
    for (const timer of schedule.timers.splice(0)) timer.cancel();
  }

  /** Waits for the next occurrence, from now on; whatever was waited for before is forgotten. */
  arm(schedule: Schedule): void {
    this.disarm(schedule);
    if (schedule.settings.State === "ENABLED") this.#await(schedule, this.#context.kernel.now);
  }

  #await(schedule: Schedule, from: number): void {
    const { kernel } = this.#context;
    const next = occurrencesOf(schedule.settings, schedule.modifiedAt.getTime());
    const at = next(from);
    if (at === undefined) return;
    const due = () => {
      const isLast = next(at + 1) === undefined;
      const window = schedule.settings.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0;
      this.#wait(schedule, this.#random.between(0, window * 60_000), () => this.#pickUp(schedule, isLast));
      this.#await(schedule, at + 1);
    };
    this.#wait(schedule, at - kernel.now, due);
  }

  /** Unverified: what became due is invoked within the minute, even when somebody disables the schedule meanwhile. */
  #pickUp(schedule: Schedule, isLast: boolean): void {
    const { kernel } = this.#context;
    const { settings } = schedule;
    const dueAt = kernel.now;
    kernel.schedule(this.#random.between(0, PRECISION_MS), () => {
      if (isLast) this.#completed(schedule);
      this.#invoke(schedule, settings, dueAt, 0);
    });
  }

  #invoke(schedule: Schedule, { Target }: ScheduleSettings, dueAt: number, retries: number): void {
    const { kernel } = this.#context;
    kernel.launch(`invocation of ${schedule.arn}`, async () => {
      const { principal, service, operation, input } = targetCall(this.#context, schedule, Target);
      try {
        await this.#context.call(principal, service, operation, input);
        this.#log("target invoked", schedule, retries === 0 ? {} : { retries });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        this.#log("invocation failed", schedule, { code: error.code, retries });
        await this.#failed(schedule, { Target }, error, dueAt, retries);
      }
    });
  }

  /** Trouble that passes is tried again; the rest, and what is too old, goes to the dead-letter queue if there is one. */
  async #failed(
    schedule: Schedule,
    { Target }: Pick<ScheduleSettings, "Target">,
    error: AwsError,
    dueAt: number,
    retries: number,
  ): Promise<void> {
    const { kernel } = this.#context;
    const {
      MaximumEventAgeInSeconds: age = DEFAULT_RETRY.MaximumEventAgeInSeconds,
      MaximumRetryAttempts: attempts = DEFAULT_RETRY.MaximumRetryAttempts,
    } = Target.RetryPolicy ?? {};
    const passes = (error.status ?? 400) >= 500 || /Thrott|TooManyRequests/.test(error.code);
    const inTime = kernel.now + RETRY_MS - dueAt <= age * 1_000;
    if (passes && error.code !== "NotImplemented" && inTime && retries < attempts) {
      kernel.schedule(RETRY_MS, () =>
        this.#invoke(schedule, { ...schedule.settings, Target }, dueAt, retries + 1),
      );
      return;
    }
    const queue = Target.DeadLetterConfig?.Arn;
    if (queue === undefined) return;
    const letter = { QueueUrl: queueUrlOf(queue), MessageBody: Target.Input ?? "{}" };
    const principal = schedulePrincipal(this.#context, schedule, Target);
    await this.#context.call(principal, "sqs", "SendMessage", letter).catch((refusal: unknown) => {
      if (!(refusal instanceof AwsError)) throw refusal;
      this.#log("dead letter dropped", schedule, { code: refusal.code });
    });
  }

  #wait(schedule: Schedule, delayMs: number, action: () => void): void {
    const timer = this.#context.kernel.schedule(delayMs, () => {
      schedule.timers = schedule.timers.filter((one) => one !== timer);
      action();
    });
    schedule.timers.push(timer);
  }

  #log(event: string, { name, group }: Schedule, facts: Readonly<Record<string, unknown>>): void {
    this.#context.kernel.log.write("scheduler", event, { schedule: `${group}/${name}`, ...facts });
  }
}

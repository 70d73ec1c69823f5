import type { AlarmMuteRuleStatus, PutAlarmMuteRuleInput } from "@aws-sdk/client-cloudwatch";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Timer } from "../../kernel/timer-queue.ts";
import { AwsError } from "../../service-model.ts";

interface MuteRule {
  readonly name: string;
  readonly arn: string;
  readonly input: PutAlarmMuteRuleInput;
  readonly targets: readonly string[];
  /** The one window of an `at(…)` schedule, epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly updatedAt: number;
}

/**
 * The account's alarm mute rules. A rule in its window keeps the actions of its alarms from running; when the
 * window ends or the rule is deleted, `unmuted` hears which alarms may act again [DeleteAlarmMuteRule].
 */
export class MuteRules {
  readonly #kernel: Kernel;
  readonly #unmuted: (alarmNames: readonly string[]) => void;
  readonly #rules = new Map<string, { readonly rule: MuteRule; readonly timer: Timer }>();

  constructor(kernel: Kernel, unmuted: (alarmNames: readonly string[]) => void) {
    this.#kernel = kernel;
    this.#unmuted = unmuted;
  }

  put(arn: string, input: PutAlarmMuteRuleInput): void {
    const { Name: name = "", Rule, MuteTargets, StartDate, ExpireDate } = input;
    if (name === "") invalid("Name is required");
    const { Expression = "", Duration = "", Timezone = "UTC" } = Rule?.Schedule ?? {};
    if (Timezone !== "UTC") invalid(`The simulated region mutes alarms in UTC only, not in ${Timezone}`);
    const from = scheduledTime(Expression);
    const start = Math.max(from, StartDate?.getTime() ?? from);
    const end = Math.min(from + durationMs(Duration), ExpireDate?.getTime() ?? Number.POSITIVE_INFINITY);
    const targets = MuteTargets?.AlarmNames ?? [];
    if (targets.length > 100) invalid("A mute rule targets at most 100 alarms");
    const rule: MuteRule = { name, arn, input, targets, start, end, updatedAt: this.#kernel.now };
    const replaced = this.#rules.get(name);
    replaced?.timer.cancel();
    const timer = this.#kernel.schedule(end - this.#kernel.now, () => this.#unmuted(targets));
    this.#rules.set(name, { rule, timer });
    if (replaced && this.#active(replaced.rule)) this.#unmuted(replaced.rule.targets);
  }

  get(name: string): MuteRule | undefined {
    return this.#rules.get(name)?.rule;
  }

  /** Deleting what is not there succeeds. */
  delete(name: string): void {
    const found = this.#rules.get(name);
    if (!found) return;
    found.timer.cancel();
    this.#rules.delete(name);
    if (this.#active(found.rule)) this.#unmuted(found.rule.targets);
  }

  status({ start, end }: MuteRule): AlarmMuteRuleStatus {
    if (this.#kernel.now < start) return "SCHEDULED";
    return this.#kernel.now < end ? "ACTIVE" : "EXPIRED";
  }

  /** The rule that mutes an alarm now, if any. */
  muting(alarmName: string): MuteRule | undefined {
    for (const { rule } of this.#rules.values()) {
      if (rule.targets.includes(alarmName) && this.#active(rule)) return rule;
    }
    return undefined;
  }

  #active(rule: MuteRule): boolean {
    return this.status(rule) === "ACTIVE";
  }
}

/** `at(2026-11-21T03:04)`; recurring `cron(…)` schedules are not modelled. */
function scheduledTime(expression: string): number {
  const time = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2})\)$/.exec(expression)?.[1];
  const at = Date.parse(`${time}:00Z`);
  if (time !== undefined && !Number.isNaN(at)) return at;
  return invalid(
    `The simulated region models mute schedules of the form at(yyyy-MM-ddThh:mm), not ${expression}`,
  );
}

/** ISO 8601 days, hours and minutes, from PT1M to P15D [PutAlarmMuteRule, Schedule.Duration]. */
function durationMs(duration: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration);
  const [days = 0, hours = 0, minutes = 0] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
  const total = ((days * 24 + hours) * 60 + minutes) * 60_000;
  if (total >= 60_000 && total <= 15 * 86_400_000) return total;
  return invalid(`Duration ${duration} is not between PT1M and P15D`);
}

function invalid(message: string): never {
  throw new AwsError("ValidationException", message);
}

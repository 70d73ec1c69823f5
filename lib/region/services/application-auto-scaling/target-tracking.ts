import type { TargetTrackingScalingPolicyConfiguration } from "@aws-sdk/client-application-auto-scaling";
import type { AutoScalingOptions } from "./auto-scaling-options.ts";
import type { ScalableTargets, TargetRecord } from "./scalable-targets.ts";

const PERIOD_MS = 60_000;
/**
 * The alarms of a target tracking policy: above the target for 3 minutes, below 90 % of it for 15; and the cooldown
 * unless configured. All from memory, unverified.
 */
const HIGH_MINUTES = 3;
const LOW_MINUTES = 15;
const LOW_SHARE = 0.9;
const COOLDOWN_SECONDS = 300;
/** An alarm without data keeps its state for as long as its evaluation range. */
const BLIND_MINUTES = 3;

export interface PolicyRecord {
  readonly name: string;
  readonly arn: string;
  readonly target: TargetRecord;
  readonly createdAt: number;
  readonly alarmId: string;
  configuration: TargetTrackingScalingPolicyConfiguration;
  highMinutes: number;
  lowMinutes: number;
  blindMinutes: number;
  scaledAt: { out: number; in: number };
}

/** Looks at the load of every service with a policy once a minute, and changes the count unless that is suspended. */
export class TargetTracking {
  readonly #targets: ScalableTargets;
  readonly #options: AutoScalingOptions;
  readonly #policies: PolicyRecord[] = [];

  constructor(targets: ScalableTargets, options: AutoScalingOptions) {
    this.#targets = targets;
    this.#options = options;
  }

  get policies(): readonly PolicyRecord[] {
    return this.#policies;
  }

  add(policy: PolicyRecord): void {
    this.#policies.push(policy);
    if (this.#policies.length === 1) this.#run();
  }

  #run(): void {
    this.#targets.context.kernel.schedule(PERIOD_MS, () => {
      for (const policy of this.#policies) this.#look(policy);
      this.#run();
    });
  }

  #look(policy: PolicyRecord): void {
    const { target, configuration } = policy;
    const count = this.#options.services.count(target.cluster, target.service);
    if (!count) return;
    const goal = configuration.TargetValue ?? 0;
    const metric = configuration.PredefinedMetricSpecification?.PredefinedMetricType ?? "";
    const load = this.#options.load(target, metric);
    this.#remember(policy, load, goal);
    if (policy.highMinutes >= HIGH_MINUTES) {
      this.#scaleOut(policy, count.desiredCount, (load ?? 0) / goal);
    } else if (policy.lowMinutes >= LOW_MINUTES && load !== undefined && !count.deploying) {
      // "Scale-in is off during deployments, scale-out continues" (docs/facts/ecs.md §2.3).
      this.#scaleIn(policy, count.desiredCount, load / goal);
    }
  }

  #remember(policy: PolicyRecord, load: number | undefined, goal: number): void {
    policy.blindMinutes = load === undefined ? policy.blindMinutes + 1 : 0;
    if (load === undefined && policy.blindMinutes < BLIND_MINUTES) return;
    policy.highMinutes = load !== undefined && load > goal ? policy.highMinutes + 1 : 0;
    policy.lowMinutes = load !== undefined && load < goal * LOW_SHARE ? policy.lowMinutes + 1 : 0;
  }

  /** "A scale-out alarm lifts a below-min service to MinCapacity" (docs/facts/ecs.md §6.3). */
  #scaleOut({ target, ...policy }: PolicyRecord, desired: number, ratio: number): void {
    const seconds = policy.configuration.ScaleOutCooldown ?? COOLDOWN_SECONDS;
    const isResting = desired >= target.min && this.#now - policy.scaledAt.out < seconds * 1000;
    if (target.suspended.DynamicScalingOutSuspended || isResting) return;
    const wanted = Math.min(target.max, Math.max(target.min, Math.ceil(desired * ratio)));
    if (wanted <= desired) return;
    policy.scaledAt.out = this.#now;
    this.#targets.scale(target, wanted, causeOf(policy.name, target, "AlarmHigh", policy.alarmId));
  }

  #scaleIn({ target, ...policy }: PolicyRecord, desired: number, ratio: number): void {
    const seconds = policy.configuration.ScaleInCooldown ?? COOLDOWN_SECONDS;
    const isResting = this.#now - policy.scaledAt.in < seconds * 1000;
    if (target.suspended.DynamicScalingInSuspended || policy.configuration.DisableScaleIn || isResting)
      return;
    const wanted = Math.max(target.min, Math.ceil(desired * ratio));
    if (wanted >= desired) return;
    policy.scaledAt.in = this.#now;
    this.#targets.scale(target, wanted, causeOf(policy.name, target, "AlarmLow", policy.alarmId));
  }

  get #now(): number {
    return this.#targets.context.kernel.now;
  }
}

/** The wording of the examples in the ECS and Application Auto Scaling guides. */
function causeOf(policy: string, { resourceId }: TargetRecord, alarm: string, id: string): string {
  return `monitor alarm TargetTracking-${resourceId}-${alarm}-${id} in state ALARM triggered policy ${policy}`;
}

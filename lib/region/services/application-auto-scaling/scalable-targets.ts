import type {
  RegisterScalableTargetRequest,
  ScalableTarget,
  ScalingActivity,
  SuspendedState,
} from "@aws-sdk/client-application-auto-scaling";
import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { AutoScalingOptions, ScalableService } from "./auto-scaling-options.ts";

/** How soon a capacity outside new bounds is put inside; unverified. */
const ADJUST_SECONDS = [1, 5] as const;
const DIMENSION = "ecs:service:DesiredCount";

export interface TargetRecord extends ScalableService {
  readonly resourceId: string;
  readonly arn: string;
  readonly createdAt: number;
  min: number;
  max: number;
  suspended: Required<SuspendedState>;
  /** Newest first. */
  readonly activities: ScalingActivity[];
}

/** The scalable targets of the namespace `ecs`, and the one way in which they change a service's count. */
export class ScalableTargets {
  readonly context: RegionContext;
  readonly random: Random;
  readonly #options: AutoScalingOptions;
  readonly #targets = new Map<string, TargetRecord>();

  constructor(context: RegionContext, options: AutoScalingOptions) {
    this.context = context;
    this.#options = options;
    this.random = context.kernel.random.fork("application-autoscaling");
  }

  all(): readonly TargetRecord[] {
    return [...this.#targets.values()];
  }

  find(resourceId: string | undefined): TargetRecord | undefined {
    return this.#targets.get(resourceId ?? "");
  }

  /**
   * "Any parameters that you don't specify are not changed"; yet every call puts the current capacity inside the
   * bounds, "even if you don't include the MinCapacity or MaxCapacity" [dts RegisterScalableTarget]: a service that was
   * scaled to 0 goes back to its minimum, also when the call is the one that suspends scaling (unverified).
   *
   * Attributes left out of a SuspendedState become false, their default: the reading that punishes a partial request.
   * Whether AWS leaves them is unverified.
   */
  register(request: RegisterScalableTargetRequest): TargetRecord {
    const target = this.find(request.ResourceId) ?? this.#create(request);
    target.min = request.MinCapacity ?? target.min;
    target.max = request.MaxCapacity ?? target.max;
    if (request.SuspendedState) target.suspended = { ...NOT_SUSPENDED, ...request.SuspendedState };
    this.context.kernel.log.write("application-autoscaling", "scalable target registered", {
      resource: target.resourceId,
      min: target.min,
      max: target.max,
      ...target.suspended,
    });
    const [least, most] = ADJUST_SECONDS;
    this.context.kernel.schedule(this.random.between(least, most) * 1000, () => this.#intoBounds(target));
    return target;
  }

  /** Sets the count and remembers why. The wording is that of the examples of DescribeScalingActivities. */
  scale(target: TargetRecord, count: number, cause: string): void {
    this.#options.services.setDesiredCount(target.cluster, target.service, count);
    const now = this.context.kernel.date();
    target.activities.unshift({
      ActivityId: this.random.uuid(),
      ServiceNamespace: "ecs",
      ResourceId: target.resourceId,
      ScalableDimension: DIMENSION,
      Description: `Setting desired count to ${count}.`,
      Cause: cause,
      StartTime: now,
      EndTime: now,
      StatusCode: "Successful",
      StatusMessage: `Successfully set desired count to ${count}. Change successfully fulfilled by ecs.`,
    });
    this.context.kernel.log.write("application-autoscaling", "desired count set", {
      resource: target.resourceId,
      count,
    });
  }

  describe(target: TargetRecord): ScalableTarget {
    return {
      ServiceNamespace: "ecs",
      ResourceId: target.resourceId,
      ScalableDimension: DIMENSION,
      MinCapacity: target.min,
      MaxCapacity: target.max,
      RoleARN:
        `arn:aws:iam::${this.context.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/` +
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
      CreationTime: new Date(target.createdAt),
      SuspendedState: { ...target.suspended },
      ScalableTargetARN: target.arn,
    };
  }

  #create({ ResourceId = "", MinCapacity, MaxCapacity }: RegisterScalableTargetRequest): TargetRecord {
    if (MinCapacity === undefined || MaxCapacity === undefined) {
      invalid("MinCapacity and MaxCapacity are required when registering a new scalable target");
    }
    const [, cluster = "", service = ""] = /^service\/([^/]+)\/([^/]+)$/.exec(ResourceId) ?? [];
    if (!this.#options.services.count(cluster, service)) invalid(`ECS service doesn't exist: ${ResourceId}`);
    const target: TargetRecord = {
      resourceId: ResourceId,
      cluster,
      service,
      arn: arnOf(this.context, "application-autoscaling", `scalable-target/${this.random.hex(35)}`),
      createdAt: this.context.kernel.now,
      min: MinCapacity,
      max: MaxCapacity,
      suspended: NOT_SUSPENDED,
      activities: [],
    };
    this.#targets.set(ResourceId, target);
    return target;
  }

  #intoBounds(target: TargetRecord): void {
    const desired = this.#options.services.count(target.cluster, target.service)?.desiredCount;
    if (desired === undefined) return;
    if (desired < target.min) this.scale(target, target.min, `minimum capacity was set to ${target.min}`);
    if (desired > target.max) this.scale(target, target.max, `maximum capacity was set to ${target.max}`);
  }
}

const NOT_SUSPENDED = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

/** Refuses what is not the count of an ECS service: nothing else is modelled. */
export function checkDimension(namespace: string | undefined, dimension: string | undefined): void {
  if (namespace === "ecs" && (dimension === undefined || dimension === DIMENSION)) return;
  const what = `${namespace ?? "no namespace"} ${dimension ?? ""}`.trim();
  throw new AwsError("NotImplemented", `The simulated region does not scale ${what}, only ${DIMENSION}`, 501);
}

export function checkBounds({ min, max }: { min: number | undefined; max: number | undefined }): void {
  if ((min ?? 0) < 0 || (max ?? 0) < 0) invalid("Capacity cannot be negative");
  if (min !== undefined && max !== undefined && min > max) {
    invalid("MinCapacity cannot be greater than MaxCapacity");
  }
}

function invalid(message: string): never {
  throw new AwsError("ValidationException", message);
}

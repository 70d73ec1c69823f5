import type { Kernel } from "./kernel/kernel.ts";
import type { Principal } from "./service-model.ts";

/** An event as a service puts it on the account's default event bus. */
export interface AwsEvent {
  /** `aws.ecs`, `aws.cloudwatch`, `aws.states` … */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A datum that an AWS service itself publishes (vended metrics need no permission). */
export interface VendedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** How many samples this value stands for, all equal to `value`; 1 unless told. */
  readonly count?: number;
  readonly unit?: string;
  /** Epoch milliseconds; now unless told. */
  readonly at?: number;
}

/** What the services of a region share. Services never import one another: they meet here. */
export interface RegionContext {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly kernel: Kernel;
  /** Puts an AWS event on the default bus; the bus stamps id, time, account and region and delivers at least once. */
  emit(event: AwsEvent): void;
  publishMetric(metric: VendedMetric): void;
  /**
   * Calls an operation the way a service calls another on somebody's behalf: through authorisation, injected faults,
   * latency and the call log, without the wire encoding. Input and output are the SDK's shapes. Rejects with AwsError.
   */
  call(
    principal: Principal,
    service: string,
    operation: string,
    input: object,
  ): Promise<Record<string, unknown>>;
}

/** `arn:aws:<service>:<region>:<account>:<rest>` of this region. */
export function arnOf(
  context: Pick<RegionContext, "account" | "region">,
  service: string,
  rest: string,
): string {
  return `arn:aws:${service}:${context.region}:${context.account}:${rest}`;
}

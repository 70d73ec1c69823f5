import type {
  AlarmHistoryItem,
  CompositeAlarm,
  MetricAlarm,
  MetricDataResult,
  PutMetricAlarmInput,
} from "@aws-sdk/client-cloudwatch";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { AwsEvent, RegionContext } from "../../../lib/region/region-context.ts";
import type { AwsError, OperationModel, Principal } from "../../../lib/region/service-model.ts";
import { cloudWatchService } from "../../../lib/region/services/cloudwatch/cloudwatch-service.ts";

export const start = Date.parse("2026-11-21T01:00:00Z");
export const minute = 60_000;

interface Published {
  readonly principal: Principal;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the operations answer, as far as these tests look. */
interface Answer {
  readonly MetricAlarms: MetricAlarm[];
  readonly CompositeAlarms: CompositeAlarm[];
  readonly AlarmHistoryItems: AlarmHistoryItem[];
  readonly MetricDataResults: MetricDataResult[];
  readonly Datapoints: Readonly<Record<string, unknown>>[];
  readonly Metrics: unknown[];
  readonly Tags: unknown[];
  readonly Status: string;
  readonly NextToken?: string;
}

/** A CloudWatch on a real kernel; its events and SNS messages are collected instead of delivered. */
export function makeCloudwatch({ seed = 1, topicFails }: { seed?: number; topicFails?: AwsError } = {}) {
  const kernel = new Kernel({ seed, start });
  const events: AwsEvent[] = [];
  const published: Published[] = [];
  const context: RegionContext = {
    account: "123456789012",
    region: "eu-west-1",
    kernel,
    emit: (event) => events.push(event),
    publishMetric: () => undefined,
    call: async (principal, _service, _operation, input) => {
      if (topicFails) throw topicFails;
      published.push({ principal, input: { ...input } });
      return {};
    },
  };
  const service = cloudWatchService(context);
  const operation = (name: string) => {
    const found = service.model.operations.get(name);
    if (!found) throw new Error(`No operation ${name}`);
    // The map holds operations of every shape; the wire layer decodes what each takes.
    return found as unknown as OperationModel<object, Answer>;
  };
  const caller = { arn: "arn:aws:iam::123456789012:role/test", type: "role" } as const;
  const callOf = (name: string) => ({
    service: "monitoring",
    operation: name,
    principal: caller,
    requestId: "r",
  });
  return {
    kernel,
    service,
    events,
    published,
    request: async (name: string, input: object = {}): Promise<Answer> =>
      operation(name).handle(input, callOf(name)),
    permissions: (name: string, input: object = {}) => operation(name).authorize(input, callOf(name)),
    stateChanges: () => events.filter(({ detailType }) => detailType === "CloudWatch Alarm State Change"),
    minutes: (count: number) => kernel.runUntil(kernel.now + count * minute),
  };
}

export type Cloudwatch = ReturnType<typeof makeCloudwatch>;

export function makeMetricAlarm(overrides: Partial<PutMetricAlarmInput> = {}): PutMetricAlarmInput {
  return {
    AlarmName: "rb-errors",
    Namespace: "Shop",
    MetricName: "Errors",
    Dimensions: [{ Name: "Service", Value: "api" }],
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 50,
    ComparisonOperator: "GreaterThanThreshold",
    ...overrides,
  };
}

/** Publishes one value in the middle of each of the next minutes, `undefined` for a minute without data. */
export async function feed(
  { service, kernel }: Cloudwatch,
  values: readonly (number | undefined)[],
  metricName = "Errors",
): Promise<void> {
  for (const value of values) {
    if (value !== undefined) {
      const at = kernel.now + 30_000;
      service.publish({ namespace: "Shop", metricName, dimensions: { Service: "api" }, value, at });
    }
    await kernel.runUntil(kernel.now + minute);
  }
}

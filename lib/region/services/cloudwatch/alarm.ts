import type {
  ActionConfiguration,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
} from "@aws-sdk/client-cloudwatch";
import type { AlarmRule } from "./alarm-rule.ts";
import type { MetricQueries, MetricQuery } from "./metric-query.ts";

export type StateName = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface AlarmState {
  readonly value: StateName;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData?: string | undefined;
  /** When it was last set, epoch milliseconds: `StateUpdatedTimestamp`. */
  readonly at: number;
}

/** What metric and composite alarms have in common of their settings. */
export interface AlarmSettings {
  readonly description?: string | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs by the state whose entry triggers them. */
  readonly actions: Readonly<Record<StateName, readonly string[]>>;
  readonly actionConfiguration?: ActionConfiguration | undefined;
}

export type TreatMissingData = "missing" | "ignore" | "breaching" | "notBreaching";

export type Comparison =
  | "GreaterThanOrEqualToThreshold"
  | "GreaterThanThreshold"
  | "LessThanOrEqualToThreshold"
  | "LessThanThreshold";

/** When a number of datapoints makes an alarm. */
export interface Criterion {
  /** N. */
  readonly evaluationPeriods: number;
  /** M. */
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatMissingData: TreatMissingData;
  /** Fewer samples than this over the evaluated datapoints leave the state alone; 0: always evaluate. */
  readonly samplesNeeded: number;
}

export interface MetricAlarmSettings extends AlarmSettings, Criterion {
  readonly kind: "metric";
  /** The request as it was made: what DescribeAlarms echoes. */
  readonly input: PutMetricAlarmInput;
  readonly queries: MetricQueries;
  readonly watched: MetricQuery;
  readonly periodSeconds: number;
}

export interface CompositeAlarmSettings extends AlarmSettings {
  readonly kind: "composite";
  readonly input: PutCompositeAlarmInput;
  readonly rule: AlarmRule;
}

/** An alarm as it is now. Settings are replaced whole; the state outlives them. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  settings: MetricAlarmSettings | CompositeAlarmSettings;
  state: AlarmState;
  /** When the state's value last changed, epoch milliseconds. */
  transitionedAt: number;
  configuredAt: number;
  readonly tags: Map<string, string>;
}

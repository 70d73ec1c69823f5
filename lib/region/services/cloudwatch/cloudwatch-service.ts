import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import { arnOf, type RegionContext, type VendedMetric } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import type { StateName } from "./alarm.ts";
import { AlarmBook } from "./alarm-book.ts";
import { AlarmEvaluator } from "./alarm-evaluator.ts";
import { addAlarmOperations } from "./alarm-operations.ts";
import { addCloudwatchResources } from "./cloudwatch-resources.ts";
import { addMetricOperations } from "./metric-operations.ts";
import { MetricStore } from "./metric-store.ts";
import { addMuteOperations } from "./mute-operations.ts";
import { addTagOperations } from "./tag-operations.ts";

export interface CloudwatchService {
  readonly model: ServiceModel;
  /** Takes in what an AWS service publishes about itself, at one-minute resolution. */
  readonly publish: (metric: VendedMetric) => void;
  /** An alarm's present state; undefined when there is no such alarm. */
  readonly stateOf: (alarmName: string) => StateName | undefined;
}

/**
 * CloudWatch metrics and alarms: alarms watch the metrics in virtual time and say on the event bus when they
 * change.
 */
export function cloudWatchService(context: RegionContext): CloudwatchService {
  const { kernel, region } = context;
  const client = new cloudwatch.CloudWatchClient({
    region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("monitoring", cloudwatch, client);
  const store = new MetricStore(() => kernel.now);
  const book = new AlarmBook(context);
  const evaluator = new AlarmEvaluator(kernel, book, store);
  addMetricOperations(model, store, kernel);
  addAlarmOperations(model, book, evaluator);
  addMuteOperations(model, book, (name) => arnOf(context, "cloudwatch", `alarm-mute-rule:${name}`));
  addTagOperations(model, book);
  addCloudwatchResources(model, book, evaluator);
  return {
    model,
    publish: ({
      namespace,
      metricName: name,
      dimensions,
      value,
      count = 1,
      unit = "None",
      at = kernel.now,
    }) => {
      if (count <= 0) return;
      const metric = { namespace, name, dimensions };
      store.put({ metric, at, unit, resolutionSeconds: 60, values: [[value, count]] });
    },
    stateOf: (alarmName) => book.get(alarmName)?.state.value,
  };
}

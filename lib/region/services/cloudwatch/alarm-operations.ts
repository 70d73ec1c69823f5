import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import type { Alarm } from "./alarm.ts";
import type { AlarmBook } from "./alarm-book.ts";
import { describeCompositeAlarm, describeMetricAlarm } from "./alarm-description.ts";
import type { AlarmEvaluator } from "./alarm-evaluator.ts";
import { page } from "./page.ts";

/** Request members that both kinds of alarm take. */
const sharedMembers = [
  ...[
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
  ],
  ...["Tags", "ActionConfiguration"],
];

/** What PutMetricAlarm and AWS::CloudWatch::Alarm honour. */
export const metricAlarmMembers: readonly string[] = [
  ...sharedMembers,
  ...["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit"],
  ...["EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData"],
  "EvaluateLowSampleCountPercentile",
  ...["Id", "MetricStat", "Expression", "Label", "ReturnData", "Period"].map((member) => `Metrics.${member}`),
];

/** What PutCompositeAlarm and AWS::CloudWatch::CompositeAlarm honour: no suppressors. */
export const compositeAlarmMembers: readonly string[] = [...sharedMembers, "AlarmRule"];

/** Declares the operations on metric and composite alarms. */
export function addAlarmOperations(model: ServiceModel, book: AlarmBook, evaluator: AlarmEvaluator): void {
  addPuts(model, book, evaluator);
  addReads(model, book);
  const onAlarm = (action: string, name: string | undefined): Permission => ({
    action: `cloudwatch:${action}`,
    resource: book.arn(name ?? ""),
  });
  model
    .on(cloudwatch.SetAlarmStateCommand, {
      accepts: ["AlarmName", "StateValue", "StateReason", "StateReasonData"],
      authorize: ({ AlarmName }) => [onAlarm("SetAlarmState", AlarmName)],
      handle: (input) => setAlarmState(book, input),
    })
    .on(cloudwatch.DeleteAlarmsCommand, {
      accepts: ["AlarmNames"],
      authorize: ({ AlarmNames }) => (AlarmNames ?? []).map((name) => onAlarm("DeleteAlarms", name)),
      handle: ({ AlarmNames = [] }) => {
        // Unknown names are passed over [DeleteAlarms, "the alarms you specify with correct names are still
        // deleted"].
        const alarms = AlarmNames.flatMap((name) => book.get(name) ?? []);
        if (AlarmNames.length > 100) invalid("At most 100 alarms can be deleted in one request");
        if (alarms.filter(({ settings }) => settings.kind === "composite").length > 1) {
          invalid("At most one composite alarm can be deleted in one request");
        }
        for (const alarm of alarms) {
          book.delete(alarm);
          evaluator.forget(alarm);
        }
        return {};
      },
    })
    .on(cloudwatch.EnableAlarmActionsCommand, {
      accepts: ["AlarmNames"],
      authorize: ({ AlarmNames }) => (AlarmNames ?? []).map((name) => onAlarm("EnableAlarmActions", name)),
      handle: ({ AlarmNames }) => switchActions(book, AlarmNames, true),
    })
    .on(cloudwatch.DisableAlarmActionsCommand, {
      accepts: ["AlarmNames"],
      authorize: ({ AlarmNames }) => (AlarmNames ?? []).map((name) => onAlarm("DisableAlarmActions", name)),
      handle: ({ AlarmNames }) => switchActions(book, AlarmNames, false),
    });
}

function addPuts(model: ServiceModel, book: AlarmBook, evaluator: AlarmEvaluator): void {
  model
    .on(cloudwatch.PutMetricAlarmCommand, {
      accepts: metricAlarmMembers,
      authorize: ({ AlarmName, Tags, ActionConfiguration }) => {
        const resource = book.arn(AlarmName ?? "");
        const actions = ["PutMetricAlarm"];
        // [PutMetricAlarm, Tags; AlarmTagsPropagation, Enabled]
        if (Tags && Tags.length > 0) actions.push("TagResource");
        if (ActionConfiguration?.AlarmTagsPropagation?.Enabled) actions.push("ListTagsForResource");
        return actions.map((action) => ({ action: `cloudwatch:${action}`, resource }));
      },
      handle: (input) => {
        evaluator.watch(book.putMetricAlarm(input));
        return {};
      },
    })
    .on(cloudwatch.PutCompositeAlarmCommand, {
      accepts: compositeAlarmMembers,
      // "You can't create composite alarms if your permission has a narrower scope" than *
      // [PutCompositeAlarm].
      authorize: () => [{ action: "cloudwatch:PutCompositeAlarm", resource: "*" }],
      handle: (input) => {
        book.putCompositeAlarm(input);
        return {};
      },
    });
}

function addReads(model: ServiceModel, book: AlarmBook): void {
  model
    .on(cloudwatch.DescribeAlarmsCommand, {
      accepts: [
        ...[
          "AlarmNames",
          "AlarmNamePrefix",
          "AlarmTypes",
          "StateValue",
          "ActionPrefix",
          "MaxRecords",
          "NextToken",
        ],
      ],
      authorize: ({ AlarmNames = [], AlarmTypes }) => {
        // Without names, or for composite alarms, only a permission on * will do [DescribeAlarms; facts J].
        const wide = AlarmNames.length === 0 || AlarmTypes?.includes("CompositeAlarm");
        const resources = wide ? ["*"] : AlarmNames.map((name) => book.arn(name));
        return resources.map((resource) => ({ action: "cloudwatch:DescribeAlarms", resource }));
      },
      handle: (input) => describeAlarms(book, input),
    })
    .on(cloudwatch.DescribeAlarmHistoryCommand, {
      accepts: [
        ...[
          "AlarmName",
          "AlarmTypes",
          "HistoryItemType",
          "StartDate",
          "EndDate",
          "ScanBy",
          "MaxRecords",
          "NextToken",
        ],
      ],
      authorize: ({ AlarmName, AlarmTypes }) => {
        // Composite alarms need the permission on * [DescribeAlarmHistory].
        const wide = AlarmName === undefined || AlarmTypes?.includes("CompositeAlarm");
        return [{ action: "cloudwatch:DescribeAlarmHistory", resource: wide ? "*" : book.arn(AlarmName) }];
      },
      handle: (input) => describeHistory(book, input),
    });
}

function setAlarmState(book: AlarmBook, input: cloudwatch.SetAlarmStateInput): Record<string, never> {
  const { AlarmName = "", StateValue, StateReason, StateReasonData } = input;
  const alarm = book.get(AlarmName);
  if (!alarm) throw new AwsError("ResourceNotFound", `Unknown alarm ${AlarmName}`);
  if (StateValue !== "OK" && StateValue !== "ALARM" && StateValue !== "INSUFFICIENT_DATA") {
    return invalid(`StateValue ${StateValue} is not one of OK, ALARM and INSUFFICIENT_DATA`);
  }
  if (StateReason === undefined || StateReason.length > 1_023) {
    return invalid("StateReason is required and has at most 1023 characters");
  }
  if (StateReasonData !== undefined) checkJson(StateReasonData);
  book.setState(alarm, StateValue, StateReason, StateReasonData);
  return {};
}

function checkJson(text: string): void {
  if (text.length > 4_000) invalid("StateReasonData has at most 4000 characters");
  try {
    JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AwsError("InvalidFormatFault", "StateReasonData was not syntactically valid JSON");
  }
}

function switchActions(
  book: AlarmBook,
  names: readonly string[] = [],
  enabled: boolean,
): Record<string, never> {
  for (const alarm of names.flatMap((name) => book.get(name) ?? [])) book.setActionsEnabled(alarm, enabled);
  return {};
}

function describeAlarms(book: AlarmBook, input: cloudwatch.DescribeAlarmsInput) {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, ActionPrefix, NextToken } = input;
  if (AlarmNames && AlarmNamePrefix !== undefined)
    invalid("AlarmNamePrefix cannot be given together with AlarmNames");
  if (AlarmNames && AlarmNames.length > 100) invalid("AlarmNames has at most 100 members");
  // Only metric alarms come back unless AlarmTypes asks for others [DescribeAlarms, AlarmTypes].
  const types = AlarmTypes ?? ["MetricAlarm"];
  const fits = ({ name, settings, state }: Alarm): boolean =>
    types.includes(settings.kind === "metric" ? "MetricAlarm" : "CompositeAlarm") &&
    (AlarmNames?.includes(name) ?? true) &&
    name.startsWith(AlarmNamePrefix ?? "") &&
    (StateValue === undefined || state.value === StateValue) &&
    (ActionPrefix === undefined ||
      Object.values(settings.actions)
        .flat()
        .some((arn) => arn.startsWith(ActionPrefix)));
  const { items, ...next } = page(book.all().filter(fits), {
    size: recordsPerPage(input, 50),
    token: NextToken,
  });
  return {
    MetricAlarms: items.flatMap((alarm) =>
      alarm.settings.kind === "metric" ? [describeMetricAlarm(alarm, alarm.settings)] : [],
    ),
    CompositeAlarms: items.flatMap((alarm) =>
      alarm.settings.kind === "composite" ? [describeCompositeAlarm(alarm, alarm.settings)] : [],
    ),
    ...next,
  };
}

/**
 * Newest first unless ScanBy says otherwise, as the CLI's examples show (no default is documented:
 * unverified).
 */
function describeHistory(book: AlarmBook, input: cloudwatch.DescribeAlarmHistoryInput) {
  const { AlarmName, HistoryItemType, StartDate, EndDate, ScanBy, NextToken } = input;
  const types = input.AlarmTypes ?? ["MetricAlarm"];
  const found = book.history.items().filter(({ Timestamp: at = new Date(0), ...item }) => {
    const named =
      AlarmName === undefined ? types.some((type) => type === item.AlarmType) : item.AlarmName === AlarmName;
    const typed = HistoryItemType === undefined || item.HistoryItemType === HistoryItemType;
    return named && typed && (!StartDate || at >= StartDate) && (!EndDate || at <= EndDate);
  });
  const ordered = ScanBy === "TimestampAscending" ? found : found.toReversed();
  const { items, ...next } = page(ordered, { size: recordsPerPage(input, 100), token: NextToken });
  return { AlarmHistoryItems: items, ...next };
}

function recordsPerPage({ MaxRecords }: { readonly MaxRecords?: number | undefined }, usual: number): number {
  const size = MaxRecords ?? usual;
  return size >= 1 && size <= 100 ? size : invalid("MaxRecords must be between 1 and 100");
}

function invalid(message: string): never {
  throw new AwsError("ValidationError", message);
}

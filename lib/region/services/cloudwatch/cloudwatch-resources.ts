import type { PutCompositeAlarmInput, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { AwsError, type CreatedResource, type ServiceModel } from "../../service-model.ts";
import type { Alarm } from "./alarm.ts";
import type { AlarmBook } from "./alarm-book.ts";
import type { AlarmEvaluator } from "./alarm-evaluator.ts";
import { compositeAlarmMembers, metricAlarmMembers } from "./alarm-operations.ts";

/**
 * Declares the CloudFormation resources: alarms, whose properties are the members of the requests, and
 * dashboards.
 */
export function addCloudwatchResources(
  model: ServiceModel,
  book: AlarmBook,
  evaluator: AlarmEvaluator,
): void {
  model
    .provides("AWS::CloudWatch::Alarm", {
      accepts: metricAlarmMembers,
      namedBy: "AlarmName",
      create: (_, properties) => {
        // The template's properties have the shape of the request; what they hold is checked where the
        // request is.
        const input = { ...properties, ...numbersOf(properties) } as unknown as PutMetricAlarmInput;
        const alarm = book.putMetricAlarm(input);
        evaluator.watch(alarm);
        return created(alarm);
      },
    })
    .provides("AWS::CloudWatch::CompositeAlarm", {
      accepts: compositeAlarmMembers,
      namedBy: "AlarmName",
      create: (_, properties) =>
        created(book.putCompositeAlarm(properties as unknown as PutCompositeAlarmInput)),
    })
    .provides("AWS::CloudWatch::Dashboard", {
      accepts: ["DashboardName", "DashboardBody"],
      namedBy: "DashboardName",
      create: (_, { DashboardName, DashboardBody }) => {
        checkDashboard(DashboardBody);
        return { ref: String(DashboardName), attributes: {} };
      },
    });
}

function created({ name, arn }: Alarm): CreatedResource {
  return { ref: name, attributes: { Arn: arn } };
}

/** CloudFormation takes `"5"` for 5. */
function numbersOf(properties: Readonly<Record<string, unknown>>): Record<string, number> {
  const numeric = ["Period", "EvaluationPeriods", "DatapointsToAlarm", "Threshold"];
  return Object.fromEntries(
    numeric
      .filter((name) => typeof properties[name] === "string")
      .map((name) => [name, Number(properties[name])]),
  );
}

function checkDashboard(body: unknown): void {
  try {
    JSON.parse(String(body));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AwsError(
      "DashboardInvalidInputError",
      `The field DashboardBody must be a valid JSON object: ${cause.message}`,
    );
  }
}

import type { InvocationResult } from "../../lambda-runtime/lambda-runtime.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { ConnectionLost } from "../../wire/connection-lost.ts";
import type { DeployedFunction } from "./function-registry.ts";

export interface AsyncResult {
  readonly fn: DeployedFunction;
  readonly event: string;
  readonly requestId: string;
  readonly attempts: number;
  readonly condition: "Success" | "RetriesExhausted" | "EventAgeExceeded";
  /** The last attempt's; undefined when the event never reached the function. */
  readonly result: InvocationResult | undefined;
}

/**
 * Sends what became of an asynchronous event to the function's destination and, when it failed, to its dead-letter
 * queue or topic, with the execution role's permissions
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
 */
export async function deliverRecord(context: RegionContext, done: AsyncResult): Promise<void> {
  const { fn, event, condition } = done;
  const success = condition === "Success";
  const destination = success ? fn.asyncSettings?.onSuccessArn : fn.asyncSettings?.onFailureArn;
  if (destination !== undefined) {
    await deliver(context, fn, destination, JSON.stringify(invocationRecord(context, done)));
  }
  // A dead letter is the event itself; Lambda adds the request id and the error as attributes, which are not modelled.
  if (!success && fn.deadLetterArn !== undefined) await deliver(context, fn, fn.deadLetterArn, event);
}

/** The services a record can go to here; EventBridge and Lambda destinations are not modelled. */
export function destinationKind(arn: string): "sqs" | "sns" | undefined {
  const service = arn.split(":")[2];
  return service === "sqs" || service === "sns" ? service : undefined;
}

async function deliver(
  context: RegionContext,
  fn: DeployedFunction,
  target: string,
  body: string,
): Promise<void> {
  const role = { arn: fn.roleArn, type: "role", session: fn.name } as const;
  try {
    if (destinationKind(target) === "sns") {
      await context.call(role, "sns", "Publish", { TopicArn: target, Message: body });
    } else {
      const [, , , region, account, name] = target.split(":");
      const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
      await context.call(role, "sqs", "SendMessage", { QueueUrl, MessageBody: body });
    }
  } catch (error) {
    if (!(error instanceof AwsError) && !(error instanceof ConnectionLost)) throw error;
    // AWS drops the record and counts it (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
    const facts = { function: fn.name, target, error: error.code };
    context.kernel.log.write("lambda", "record not delivered", facts);
    const metricName = target === fn.deadLetterArn ? "DeadLetterErrors" : "DestinationDeliveryFailures";
    const dimensions = { FunctionName: fn.name };
    context.publishMetric({ namespace: "AWS/Lambda", metricName, dimensions, value: 1, unit: "Count" });
  }
}

/** The record's members as the page above names them; those of `responseContext` unverified. */
function invocationRecord(
  context: RegionContext,
  { fn, event, requestId, attempts, condition, result }: AsyncResult,
): object {
  return {
    version: "1.0",
    timestamp: context.kernel.date().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${fn.arn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(event),
    ...(result
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            ...(result.failed ? { functionError: "Unhandled" } : {}),
          },
          responsePayload: JSON.parse(result.payload),
        }
      : {}),
  };
}

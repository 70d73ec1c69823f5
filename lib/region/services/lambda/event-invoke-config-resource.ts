import { AwsError, type ResourceModel } from "../../service-model.ts";
import { destinationKind } from "./deliver-record.ts";
import type { FunctionRegistry } from "./function-registry.ts";

/** `AWS::Lambda::EventInvokeConfig`: retries, age and destinations of asynchronous invocations. */
export function eventInvokeConfigResource(registry: FunctionRegistry): ResourceModel {
  return {
    accepts: [
      "FunctionName",
      "Qualifier",
      "MaximumRetryAttempts",
      "MaximumEventAgeInSeconds",
      "DestinationConfig.OnFailure.Destination",
      "DestinationConfig.OnSuccess.Destination",
    ],
    create: (logicalId, properties) => {
      const fn = registry.find(String(properties["FunctionName"]), String(properties["Qualifier"]));
      const destinations = properties["DestinationConfig"] as Destinations | undefined;
      const onFailureArn = destinations?.OnFailure?.Destination;
      const onSuccessArn = destinations?.OnSuccess?.Destination;
      for (const arn of [onFailureArn, onSuccessArn]) {
        if (arn !== undefined && destinationKind(arn) === undefined) {
          throw new AwsError("NotImplemented", `${logicalId}: no asynchronous destination ${arn}`, 501);
        }
      }
      fn.asyncSettings = {
        retries: Number(properties["MaximumRetryAttempts"] ?? 2),
        maximumAgeSeconds: Number(properties["MaximumEventAgeInSeconds"] ?? 21_600),
        onFailureArn,
        onSuccessArn,
      };
      return { ref: `${fn.arn}|$LATEST`, attributes: {} };
    },
  };
}

interface Destinations {
  readonly OnFailure?: { readonly Destination?: string };
  readonly OnSuccess?: { readonly Destination?: string };
}

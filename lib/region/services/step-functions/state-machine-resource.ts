import type { EncryptionConfiguration, LoggingConfiguration } from "@aws-sdk/client-sfn";
import { AwsError, type ResourceModel } from "../../service-model.ts";
import { isJsonObject, type JsonObject } from "../../states-language/json.ts";
import type { MachineSettings, StateMachines } from "./state-machines.ts";

/** `AWS::StepFunctions::StateMachine`: a Standard machine whose definition has passed every check. */
export function stateMachineResource(machines: StateMachines): ResourceModel {
  return {
    accepts: [
      "Definition",
      "DefinitionString",
      "EncryptionConfiguration",
      "LoggingConfiguration",
      "RoleArn",
      "StateMachineName",
      "StateMachineType",
      "Tags",
      "TracingConfiguration",
    ],
    namedBy: "StateMachineName",
    create: (logicalId, properties) => {
      const given = Object(properties) as JsonObject; // Resolved template properties are JSON.
      if ((given["StateMachineType"] ?? "STANDARD") !== "STANDARD") {
        throw new AwsError("ValidationException", `${logicalId}: the region models STANDARD workflows only`);
      }
      const { arn, name, revisionId } = machines.create({
        name: text(given, "StateMachineName", logicalId),
        roleArn: text(given, "RoleArn", logicalId),
        definitionText: isJsonObject(given["Definition"])
          ? JSON.stringify(given["Definition"])
          : text(given, "DefinitionString", logicalId),
        settings: settingsOf(given),
        tags: list(given["Tags"]).map(({ Key, Value }) => ({ key: String(Key), value: String(Value) })),
      });
      return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } };
    },
  };
}

function settingsOf({
  LoggingConfiguration,
  TracingConfiguration,
  EncryptionConfiguration,
}: JsonObject): MachineSettings {
  return {
    loggingConfiguration: loggingOf(LoggingConfiguration),
    tracingConfiguration: {
      enabled: isJsonObject(TracingConfiguration) && TracingConfiguration["Enabled"] === true,
    },
    ...(isJsonObject(EncryptionConfiguration) && {
      encryptionConfiguration: encryptionOf(EncryptionConfiguration),
    }),
  };
}

function loggingOf(given: unknown): LoggingConfiguration {
  if (!isJsonObject(given)) return { level: "OFF", includeExecutionData: false };
  const { Level = "OFF", IncludeExecutionData, Destinations } = given;
  if (Level !== "OFF" && Level !== "ALL" && Level !== "ERROR" && Level !== "FATAL") {
    throw new AwsError(
      "InvalidLoggingConfiguration",
      `Invalid Logging Configuration: level ${String(Level)}`,
    );
  }
  const destinations = list(Destinations).map(({ CloudWatchLogsLogGroup: group }) => ({
    cloudWatchLogsLogGroup: { logGroupArn: isJsonObject(group) ? String(group["LogGroupArn"]) : "" },
  }));
  return {
    level: Level,
    includeExecutionData: IncludeExecutionData === true,
    ...(destinations.length > 0 && { destinations }),
  };
}

function encryptionOf({ Type, KmsKeyId, KmsDataKeyReusePeriodSeconds }: JsonObject): EncryptionConfiguration {
  return {
    type: Type === "CUSTOMER_MANAGED_KMS_KEY" ? Type : "AWS_OWNED_KEY",
    ...(typeof KmsKeyId === "string" && { kmsKeyId: KmsKeyId }),
    ...(typeof KmsDataKeyReusePeriodSeconds === "number" && {
      kmsDataKeyReusePeriodSeconds: KmsDataKeyReusePeriodSeconds,
    }),
  };
}

function list(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function text(properties: JsonObject, key: string, logicalId: string): string {
  const value = properties[key];
  if (typeof value === "string") return value;
  throw new AwsError("ValidationException", `${logicalId}: the property ${key} is missing or not a string`);
}

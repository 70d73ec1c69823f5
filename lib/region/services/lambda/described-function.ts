import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { DeployedFunction } from "./function-registry.ts";

/** A function as GetFunctionConfiguration shows it. */
export function describedFunction(fn: DeployedFunction): FunctionConfiguration {
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: "nodejs24.x",
    Role: fn.roleArn,
    Handler: fn.handler,
    CodeSize: fn.bundle.size,
    CodeSha256: fn.bundle.sha256,
    Description: fn.description,
    Timeout: fn.timeoutSeconds,
    MemorySize: fn.memoryMb,
    // Lambda's own form: no `Z`, a zone offset without a colon.
    LastModified: fn.lastModified.toISOString().replace("Z", "+0000"),
    Version: "$LATEST",
    RevisionId: fn.revisionId,
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: [fn.architecture === "arm64" ? "arm64" : "x86_64"],
    TracingConfig: { Mode: fn.traced ? "Active" : "PassThrough" },
    LoggingConfig: {
      LogFormat: fn.logFormat,
      LogGroup: fn.logGroup,
      ...(fn.logFormat === "JSON" ? { ApplicationLogLevel: fn.logLevel } : {}),
    },
    ...(Object.keys(fn.environment).length > 0 ? { Environment: { Variables: { ...fn.environment } } } : {}),
    ...(fn.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: fn.deadLetterArn } }),
    ...(fn.kmsKeyArn === undefined ? {} : { KMSKeyArn: fn.kmsKeyArn }),
  };
}

import { type Bundle, bundleIn, inlineBundle } from "../../lambda-runtime/bundle.ts";
import type { LogLevel } from "../../lambda-runtime/log-level.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type ResourceModel } from "../../service-model.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import type { LambdaOptions } from "./lambda-service.ts";

/** `AWS::Lambda::Function`: a zip archive of one Node.js 24 bundle. Layers, images, VPCs and snapshots are refused. */
export function functionResource(
  context: RegionContext,
  registry: FunctionRegistry,
  options: Pick<LambdaOptions, "identities" | "codeDirectory">,
): ResourceModel {
  return {
    namedBy: "FunctionName",
    accepts: [
      "FunctionName",
      "Code.S3Bucket",
      "Code.S3Key",
      "Code.ZipFile",
      "Handler",
      "Runtime",
      "Architectures",
      "PackageType",
      "Role",
      "MemorySize",
      "Timeout",
      "Environment.Variables",
      "TracingConfig.Mode",
      "LoggingConfig.LogFormat",
      "LoggingConfig.ApplicationLogLevel",
      "LoggingConfig.SystemLogLevel",
      "LoggingConfig.LogGroup",
      "ReservedConcurrentExecutions",
      "Description",
      "DeadLetterConfig.TargetArn",
      "KmsKeyArn",
      "Tags",
    ],
    create: (_logicalId, raw) => {
      // A true seam: the paths were checked against `accepts`, and CloudFormation itself checks no more than the shape.
      const properties = raw as unknown as FunctionProperties;
      const { FunctionName: name, Handler: handler = "", Role: roleArn } = properties;
      checkProperties(properties);
      if (!options.identities.assumable(roleArn, "lambda.amazonaws.com")) {
        const message = "The role defined for the function cannot be assumed by Lambda.";
        throw new AwsError("InvalidParameterValueException", message, 400);
      }
      const logging = properties.LoggingConfig ?? {};
      const arn = registry.arn(name);
      registry.add({
        name,
        arn,
        bundle: bundleOf(properties, handler, options),
        handler,
        roleArn,
        // The defaults of CreateFunction: 3 seconds, 128 MB.
        timeoutSeconds: Number(properties.Timeout ?? 3),
        memoryMb: Number(properties.MemorySize ?? 128),
        environment: strings(properties.Environment?.Variables),
        logGroup: logging.LogGroup ?? `/aws/lambda/${name}`,
        logFormat: logging.LogFormat ?? "Text",
        logLevel: logging.ApplicationLogLevel ?? "INFO",
        traced: properties.TracingConfig?.Mode === "Active",
        description: properties.Description ?? "",
        architecture: properties.Architectures?.[0] ?? "x86_64",
        kmsKeyArn: properties.KmsKeyArn,
        tags: Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
        reservedConcurrency: optionalNumber(properties.ReservedConcurrentExecutions),
        deadLetterArn: properties.DeadLetterConfig?.TargetArn,
        lastModified: context.kernel.date(),
        revisionId: context.kernel.random.uuid(),
        policy: [],
        urlId: undefined,
        asyncSettings: undefined,
      });
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
interface FunctionProperties {
  readonly FunctionName: string;
  readonly Code: { readonly S3Bucket?: string; readonly S3Key?: string; readonly ZipFile?: string };
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Architectures?: readonly string[];
  readonly PackageType?: string;
  readonly Role: string;
  readonly MemorySize?: number | string;
  readonly Timeout?: number | string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly TracingConfig?: { readonly Mode?: string };
  readonly LoggingConfig?: {
    readonly LogFormat?: "Text" | "JSON";
    readonly ApplicationLogLevel?: LogLevel;
    readonly LogGroup?: string;
  };
  readonly ReservedConcurrentExecutions?: number | string;
  readonly Description?: string;
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly KmsKeyArn?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

function checkProperties({ Runtime, PackageType, Timeout, FunctionName }: FunctionProperties): void {
  if (Runtime !== "nodejs24.x" || (PackageType ?? "Zip") !== "Zip") {
    throw new Error(
      `${FunctionName} is ${PackageType ?? "Zip"} on ${Runtime}: the region runs zip archives on nodejs24.x`,
    );
  }
  if (Number(Timeout ?? 3) > 900) {
    throw new AwsError("InvalidParameterValueException", `Timeout ${Timeout} is more than 900 seconds`, 400);
  }
}

function bundleOf(
  { Code, FunctionName }: FunctionProperties,
  handler: string,
  { codeDirectory }: Pick<LambdaOptions, "codeDirectory">,
): Bundle {
  if (Code.ZipFile !== undefined) return inlineBundle(Code.ZipFile);
  const { S3Bucket = "", S3Key = "" } = Code;
  const directory = codeDirectory(S3Bucket, S3Key);
  if (directory) return bundleIn(directory, handler);
  throw new Error(`The code of ${FunctionName}, s3://${S3Bucket}/${S3Key}, is no asset of the assembly`);
}

function strings(values: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function optionalNumber(value: number | string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

import { existsSync } from "node:fs";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

export interface StepFunctionProps {
  /** The bundle's folder in `dist/`: the name of the step's file. */
  readonly step: string;
  /** @default 1 minute */
  readonly timeout?: Duration;
  /** @default 512 MB */
  readonly memoryMb?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly description: string;
}

/** 512 MB gives a third of a vCPU: the SDK's start and TLS are CPU-bound, memory use stays far below. */
const MEMORY_MB = 512;

/**
 * A whole vCPU ("At 1,769 MB, a function has the equivalent of one vCPU", Lambda developer guide, "Configure Lambda
 * function memory"). Thousands of signed requests are bound by the processor, and Node has no use for a second one. What
 * is three times as fast at three times the price a second costs the same.
 */
export const ONE_VCPU_MB = 1_769;

/**
 * A Lambda function that runs one step: its own role, which may write its own log and nothing else until it is
 * granted something, and its own log group.
 */
export class StepFunction extends Construct {
  readonly fn: lambda.Function;

  constructor(scope: Construct, id: string, props: StepFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    // Its own log group's streams.
    logGroup.grantWrite(role);
    // X-Ray has no resource-level permissions (Service Authorization Reference, AWS X-Ray); segments only.
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        resources: ["*"],
      }),
    );
    this.fn = new lambda.Function(this, "Function", {
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: "index.handler",
      code: lambda.Code.fromAsset(bundleOf(props.step)),
      description: props.description,
      timeout: props.timeout ?? Duration.minutes(1),
      memorySize: props.memoryMb ?? MEMORY_MB,
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      environment: {
        ...props.environment,
        NODE_OPTIONS: "--enable-source-maps",
        POWERTOOLS_TRACE_ENABLED: "false",
      },
    });
  }
}

function bundleOf(step: string): string {
  const directory = `${import.meta.dirname}/../../dist/${step}`;
  if (existsSync(directory)) return directory;
  throw new Error(
    `The bundle dist/${step} does not exist: run through bin/app.ts, or call bundle() of scripts/bundle.ts first`,
  );
}

/** The stack's partition-independent ARN of something in its own account and region. */
export function arnIn(scope: Construct, service: string, resource: string): string {
  const stack = Stack.of(scope);
  return `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${resource}`;
}

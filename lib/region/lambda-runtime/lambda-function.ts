import type { Bundle } from "./bundle.ts";
import type { LogLevel } from "./log-level.ts";

/** What the runtime knows of a deployed function. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly bundle: Bundle;
  /** `index.handler` */
  readonly handler: string;
  readonly roleArn: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: "Text" | "JSON";
  /** The least level that `console` writes, in JSON format. */
  readonly logLevel: LogLevel;
  /** Whether active tracing is on: every invocation is then sampled. */
  readonly traced: boolean;
}

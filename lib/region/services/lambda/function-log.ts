import type { OutputLine } from "../../lambda-runtime/output-capture.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { LambdaOptions } from "./lambda-service.ts";

/**
 * Sends what functions write to their log streams with the execution role's permissions: without
 * `logs:CreateLogStream` and `logs:PutLogEvents` on the group a function runs, and its output is lost
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html).
 */
export class FunctionLog {
  readonly #context: RegionContext;
  readonly #options: Pick<LambdaOptions, "identities" | "appendLog">;
  readonly #allowed = new Map<string, boolean>();

  constructor(context: RegionContext, options: Pick<LambdaOptions, "identities" | "appendLog">) {
    this.#context = context;
    this.#options = options;
  }

  write(line: OutputLine): void {
    if (this.#mayWrite(line)) this.#options.appendLog?.(line.logGroup, line.logStream, line.text);
  }

  /** Asked once per stream, as Lambda makes its stream once per environment. */
  #mayWrite(line: OutputLine): boolean {
    const known = this.#allowed.get(line.logStream);
    if (known !== undefined) return known;
    const allowed = this.#judge(line);
    this.#allowed.set(line.logStream, allowed);
    return allowed;
  }

  #judge({ function: name, roleArn, logGroup, logStream }: OutputLine): boolean {
    const resource = arnOf(this.#context, "logs", `log-group:${logGroup}:log-stream:${logStream}`);
    const permissions = ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({ action, resource }));
    try {
      this.#options.identities.authorize({ arn: roleArn, type: "role", session: name }, permissions);
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.kernel.log.write("lambda", "output lost", {
        function: name,
        logGroup,
        error: error.code,
      });
      return false;
    }
  }
}

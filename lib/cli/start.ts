import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Command } from "commander";
import { Request } from "../../lambdas/contracts/request.ts";
import { AUTHORIZATIONS, MODES } from "../../lambdas/contracts/vocabulary.ts";
import { explain } from "../../lambdas/domain/explain.ts";
import { type AwsOptions, clientOptionsOf, machineArnOf, withAwsOptions } from "./aws-options.ts";
import { UsageError } from "./usage-error.ts";

interface StartOptions extends AwsOptions {
  readonly reason: string;
  readonly mode?: string;
  readonly authorization?: string;
  readonly scope?: string;
  readonly target?: string;
  readonly undoes?: string;
  readonly wait?: boolean;
}

const POLL_MS = 5_000;

/** `stepback start`: a person starts a rollback; the same input that the console takes. */
export function startCommand(): Command {
  return withAwsOptions(new Command("start"))
    .description("Start a rollback, a plan or an undo in a deployed environment")
    .requiredOption("--reason <text>", "why, for the people who read the report")
    .option("--mode <mode>", `one of ${MODES.join(", ")}`)
    .option("--authorization <level>", `one of ${AUTHORIZATIONS.join(", ")}`)
    .option("--scope <components>", "component names, separated by commas")
    .option("--target <target>", 'proven, previous, or JSON like {"components":{"api":"boardroom-api:41"}}')
    .option("--undoes <rollback>", "with --mode undo: which rollback to reverse")
    .option("--no-wait", "do not wait for the end")
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const { environment, client } = clientOptionsOf(options);
  const identity = await new STSClient(client).send(new GetCallerIdentityCommand({}));
  const input = requestOf(options, identity.Arn);
  const sfn = new SFNClient(client);
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machineArnOf(environment), input: JSON.stringify(input) }),
  );
  process.stdout.write(`${executionArn}\n`);
  if (options.wait === false) return;
  for (;;) {
    const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === "RUNNING") {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      continue;
    }
    const ended = JSON.parse(output ?? "{}") as { outcome?: string; sentence?: string };
    process.stdout.write(`${ended.outcome ?? error ?? status}: ${ended.sentence ?? cause ?? ""}\n`);
    process.exitCode = status === "SUCCEEDED" ? 0 : 1;
    return;
  }
}

function requestOf(
  { reason, mode, authorization, scope, target, undoes }: StartOptions,
  requestedBy: string | undefined,
): object {
  const input = {
    reason,
    ...(mode ? { mode } : {}),
    ...(authorization ? { authorization } : {}),
    ...(scope ? { scope: scope.split(",").map((name) => name.trim()) } : {}),
    ...(target ? { target: targetOf(target) } : {}),
    ...(undoes ? { undoes } : {}),
    ...(requestedBy ? { requestedBy } : {}),
  };
  const parsed = Request.safeParse(input);
  if (!parsed.success) throw new UsageError(`Nothing was started: ${explain(parsed.error)}.`);
  return input;
}

function targetOf(text: string): unknown {
  if (!text.startsWith("{")) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`Nothing was started: --target is not JSON: ${text}`);
  }
}

import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Command } from "commander";
import * as z from "zod";
import { Request } from "../../lambdas/contracts/request.ts";
import { AUTHORIZATIONS, MODES } from "../../lambdas/contracts/vocabulary.ts";
import { explain } from "../../lambdas/domain/explain.ts";
import { type AwsOptions, clientOptionsOf, machineArnOf, withAwsOptions } from "./aws-options.ts";
import { durationLines } from "./durations.ts";
import { UsageError } from "./usage-error.ts";
import { waitForEnd } from "./wait-for-end.ts";

interface StartOptions extends AwsOptions {
  readonly reason: string;
  readonly mode?: string;
  readonly authorization?: string;
  readonly scope?: string;
  readonly target?: string;
  readonly undoes?: string;
  readonly wait?: boolean;
}

/**
 * `stepback start`: a person starts a rollback; the same input that the console takes. Waits for the end and exits 0
 * only when the execution succeeded (recovered, planned, joined), 1 otherwise.
 */
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
    .addHelpText(
      "after",
      `
Examples:
  stepback start --environment example --reason "5xx after 2.10.0"
  stepback start --environment example --reason "what would happen?" --mode plan
  stepback start --environment example --reason "maintenance window" --authorization planned
The exit code is 0 when the rollback succeeded, 1 when it did not, 2 when nothing was started.`,
    )
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const { environment, client } = clientOptionsOf(options);
  const request = requestOf(options);
  const { Arn: requestedBy } = await new STSClient(client).send(new GetCallerIdentityCommand({}));
  const input = { ...request, ...(requestedBy ? { requestedBy } : {}) };
  const sfn = new SFNClient(client);
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machineArnOf(environment), input: JSON.stringify(input) }),
  );
  process.stdout.write(`${executionArn}\n`);
  if (options.wait === false) return;
  process.stdout.write("Waiting for the end. Ctrl-C ends the waiting, not the rollback.\n");
  const { status, output, error, cause } = await waitForEnd(sfn, executionArn);
  const { outcome, sentence, durations, report } = endingOf(output);
  const lines = [`${outcome ?? error ?? status}: ${sentence ?? cause ?? ""}`, ...durationLines(durations)];
  process.stdout.write(`${[...lines, ...(report ? [`  report  ${report}`] : [])].join("\n")}\n`);
  process.exitCode = status === "SUCCEEDED" ? 0 : 1;
}

/** Of the workflow's output, what is for people. */
const Ending = z
  .object({
    outcome: z.string(),
    sentence: z.string(),
    report: z.string(),
    durations: z.record(z.string(), z.number()),
  })
  .partial();

/** An execution that failed has no output. */
function endingOf(output: string | undefined): z.infer<typeof Ending> {
  return output === undefined ? {} : (Ending.safeParse(JSON.parse(output)).data ?? {});
}

/** Checked here as well, so that a slip of the pen starts nothing. */
function requestOf({ reason, mode, authorization, scope, target, undoes }: StartOptions): object {
  const input = {
    reason,
    ...(mode ? { mode } : {}),
    ...(authorization ? { authorization } : {}),
    ...(scope ? { scope: scope.split(",").map((name) => name.trim()) } : {}),
    ...(target ? { target: targetOf(target) } : {}),
    ...(undoes ? { undoes } : {}),
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

import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { Command } from "commander";
import * as z from "zod";
import { cleanUpMachineName } from "../../lambdas/contracts/environment.ts";
import { type AwsOptions, clientOptionsOf, machineArnOf, withAwsOptions } from "./aws-options.ts";
import { waitForEnd } from "./wait-for-end.ts";

interface FinishOptions extends AwsOptions {
  readonly asItIs?: boolean;
  readonly wait?: boolean;
}

/**
 * `stepback finish`: what a rollback could not put right is tried again, once what stopped it is mended. Waits for the end
 * and exits 0 only when nothing is left, 1 otherwise.
 */
export function finishCommand(): Command {
  return withAwsOptions(new Command("finish"))
    .description("Put right what a finished rollback could not: writers run again, users are let in")
    .argument("<rollback>", "its id, from the message or `stepback list`")
    .option("--as-it-is", "what could not be put right is in order by now: leave it alone, do the rest")
    .option("--no-wait", "do not wait for the end")
    .action(finish);
}

async function finish(rollbackId: string, options: FinishOptions): Promise<void> {
  const { environment, client } = clientOptionsOf(options);
  const sfn = new SFNClient(client);
  const input = { finish: { rollbackId, asItIs: options.asItIs === true } };
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: machineArnOf(environment, cleanUpMachineName),
      input: JSON.stringify(input),
    }),
  );
  process.stdout.write(`${executionArn}\n`);
  if (options.wait === false) return;
  process.stdout.write("Waiting for the end. Ctrl-C ends the waiting, not the work.\n");
  const { status, output, error, cause } = await waitForEnd(sfn, executionArn);
  const ending = output === undefined ? undefined : Ending.parse(JSON.parse(output));
  const lines = ending ? linesOf(rollbackId, ending) : [`${error ?? status}: ${cause ?? ""}`];
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = ending && !ending.problem && ending.left.length === 0 ? 0 : 1;
}

/** Of the machine's output, what is for people. */
const Ending = z.object({
  tidied: z.array(z.string()),
  left: z.array(z.string()),
  problem: z.string().optional(),
});

function linesOf(rollbackId: string, { tidied, left, problem }: z.infer<typeof Ending>): readonly string[] {
  if (problem) return [problem];
  const head =
    left.length === 0 ? `${rollbackId} is finished.` : `${rollbackId} is not finished: ${left.join(", ")}.`;
  return [head, ...tidied.map((line) => `- ${line}`)];
}

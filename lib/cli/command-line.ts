import { Command } from "commander";
import { FileError } from "../yaml/checked-yaml.ts";
import { answerCommand } from "./answer.ts";
import { demoCommand } from "./demo.ts";
import { drillCommand } from "./drill.ts";
import { listCommand } from "./list.ts";
import { localCommand } from "./local.ts";
import { schemasCommand } from "./schemas.ts";
import { startCommand } from "./start.ts";
import { UsageError } from "./usage-error.ts";

/** `stepback <command>`: everything that a person types. Wrong input is answered with a sentence and exit code 2. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = new Command("stepback")
    .description("Puts an application on AWS back to its last known-good state, together, and proves it.")
    .showHelpAfterError("(stepback --help shows all commands)");
  const commands = [
    demoCommand(),
    drillCommand(),
    localCommand(),
    startCommand(),
    answerCommand("approve"),
    answerCommand("reject"),
    listCommand(),
    schemasCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof FileError || error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

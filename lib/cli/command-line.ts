import { Command, CommanderError } from "commander";
import { FileError } from "../files/checked-yaml.ts";
import { answerCommand } from "./answer.ts";
import { awsTrouble } from "./aws-trouble.ts";
import { demoCommand } from "./demo.ts";
import { drillCommand } from "./drill.ts";
import { finishCommand } from "./finish.ts";
import { listCommand } from "./list.ts";
import { localCommand } from "./local.ts";
import { schemasCommand } from "./schemas.ts";
import { startCommand } from "./start.ts";
import { UsageError } from "./usage-error.ts";

/**
 * `stepback <command>`: everything that a person types. Wrong input is answered with a sentence and exit code 2, a
 * refusal of AWS with a sentence and exit code 1; anything else that is thrown is a bug and shows its stack.
 */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = new Command("stepback")
    .description("Puts an application on AWS back to its last known-good state, together, and proves it.")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${sentenceOf(text)}\n`) });
  const commands = [
    demoCommand(),
    drillCommand(),
    localCommand(),
    startCommand(),
    answerCommand("approve"),
    answerCommand("reject"),
    finishCommand(),
    listCommand(),
    schemasCommand(),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has said what is wrong, or shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const trouble = awsTrouble(error);
  const wrongInput = error instanceof FileError || error instanceof UsageError;
  if (!wrongInput && trouble === undefined) throw error;
  process.stderr.write(`${wrongInput ? error.message : trouble}\n`);
  return wrongInput ? 2 : 1;
}

/** `error: unknown command 'dmo'\n(Did you mean demo?)` becomes one sentence that says where to look. */
function sentenceOf(text: string): string {
  const words = text
    .replace(/^error: /, "")
    .trim()
    .replaceAll("\n", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}; add --help to see what can be typed.`;
}

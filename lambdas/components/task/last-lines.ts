import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { asked } from "../aws-call.ts";
import type { Running } from "./running.ts";

/**
 * What a task wrote last, as the end of a sentence; empty when it is not configured or cannot be read. People see these
 * lines, and nobody can tell what an application writes: so few and short ones only, and none in the journal.
 */
export async function lastLines<Name extends string>(
  { logs, run }: Pick<Running<Name>, "logs" | "run">,
  taskId: string,
): Promise<string> {
  const { logGroup, logStreamPrefix, container } = run;
  if (!logs || logGroup === undefined || logStreamPrefix === undefined) return "";
  // The awslogs driver's stream (docs/facts/ecs.md §6.1; from memory there: unverified).
  const logStreamName = `${logStreamPrefix}/${container}/${taskId}`;
  const command = new GetLogEventsCommand({
    logGroupName: logGroup,
    logStreamName,
    limit: LINES,
    startFromHead: false,
  });
  // A missing stream or permission must not hide how the task ended.
  const events = await asked(`Reading ${logStreamName}`, logs.send(command)).then(
    (answer) => answer.events ?? [],
    () => [],
  );
  const lines = events.flatMap(({ message }) => cleaned(message ?? ""));
  return lines.length === 0 ? "" : ` Its last lines: ${lines.map((line) => `"${line}"`).join(" ")}`;
}

const LINES = 5;
const LINE_LENGTH = 200;

/** Without control characters, which terminals would obey. */
function cleaned(message: string): string[] {
  const line = message.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  return line === "" ? [] : [line.slice(0, LINE_LENGTH)];
}

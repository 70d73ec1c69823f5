import { Console } from "node:console";
import { format } from "node:util";
import { traceOf } from "./invocation-outcome.ts";
import { LOG_LEVELS, type LogLevel } from "./log-level.ts";
import type { OutputCapture } from "./output-capture.ts";
import { refuse } from "./stand-in-module.ts";

export interface ConsoleSettings {
  readonly stdout: OutputCapture;
  readonly format: "Text" | "JSON";
  /** The least level that is written, in JSON format. */
  readonly level: LogLevel;
  readonly now: () => number;
  readonly requestId: () => string;
}

/**
 * `console` as the Node.js runtime patches it: every call one line, with time, request id and level
 * (aws/aws-lambda-nodejs-runtime-interface-client, src/logging/formatter.ts and log-patch.ts).
 */
export function virtualConsole(settings: ConsoleSettings): Record<string, unknown> {
  const least = settings.format === "JSON" ? LOG_LEVELS.indexOf(settings.level) : 0;
  const writer =
    (level: LogLevel) =>
    (message: unknown, ...more: unknown[]) => {
      if (LOG_LEVELS.indexOf(level) < least) return;
      const line = settings.format === "JSON" ? jsonLine : textLine;
      const text = line(new Date(settings.now()).toISOString(), settings.requestId(), level, message, more);
      settings.stdout.write(`${text.replaceAll("\n", "\r")}\n`);
    };
  const { stdout } = settings;
  return {
    ...new Console({ stdout, stderr: stdout }),
    trace: writer("TRACE"),
    debug: writer("DEBUG"),
    info: writer("INFO"),
    log: writer("INFO"),
    warn: writer("WARN"),
    error: writer("ERROR"),
    fatal: writer("FATAL"),
    // These read the system's clock.
    time: refuse("console.time"),
    timeEnd: refuse("console.timeEnd"),
    timeLog: refuse("console.timeLog"),
  };
}

function textLine(at: string, requestId: string, level: LogLevel, message: unknown, more: unknown[]): string {
  return [at, requestId, level, format(message, ...more)].join("\t");
}

function jsonLine(at: string, requestId: string, level: LogLevel, message: unknown, more: unknown[]): string {
  const fields = { timestamp: at, level, requestId };
  if (more.length === 0) return JSON.stringify({ ...fields, message }, errorsAsObjects);
  const error = more.find((value) => value instanceof Error);
  const facts = error
    ? { errorType: error.constructor.name, errorMessage: error.message, stackTrace: traceOf(error) }
    : {};
  return JSON.stringify({ ...fields, message: format(message, ...more), ...facts });
}

function errorsAsObjects(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { message: errorMessage } = value;
  return { errorType: value.constructor.name, errorMessage, stackTrace: traceOf(value), ...value };
}

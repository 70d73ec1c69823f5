import type { Environment } from "../../lambdas/contracts/environment.ts";
import { BOARDROOM } from "../region/application/boardroom-names.ts";
import type { LogEntry } from "../region/kernel/region-log.ts";
import { DeploymentNarrator } from "./deployment-narrator.ts";
import { FunctionNarrator } from "./function-narrator.ts";
import { WorkflowNarrator } from "./workflow-narrator.ts";

/** One line of the story, at a virtual time (epoch milliseconds). */
export interface TimelineEntry {
  readonly at: number;
  /** Whose doing it is: people, the sample application, AWS, or Stepback. */
  readonly who: "people" | "application" | "aws" | "stepback";
  readonly text: string;
  /** The lines of a message that people got. */
  readonly details?: readonly string[];
}

export type Told = Omit<TimelineEntry, "at">;
export type Facts = LogEntry["facts"];

/** Tells the entries of the region's log that mean something to a person, each in one sentence; keeps quiet about the rest. */
export type Narrator = (entry: LogEntry) => TimelineEntry | undefined;

interface Message {
  readonly messageId: string;
  readonly subject: string | undefined;
  readonly message: string;
}

interface NarratorOptions {
  readonly environment: Environment;
  /** Where the text of a message is looked up. */
  readonly region: { readonly sns: { published(): readonly Message[] } };
  /** What people call is part of the story; in a drill its steps tell that already. @default false */
  readonly tellPeoplesCalls?: boolean;
}

export function narratorOf({ environment, region, tellPeoplesCalls = false }: NarratorOptions): Narrator {
  const deployments = new DeploymentNarrator(environment);
  const workflow = new WorkflowNarrator();
  const functions = new FunctionNarrator();
  const stepback = `Stepback-${environment.name}-`;

  const told = ({ source, event, facts }: LogEntry): Told | undefined => {
    if (event === "api call") {
      const byStepback = text(facts["principal"]).startsWith(stepback);
      if (byStepback) return deployments.call(facts, "stepback");
      return tellPeoplesCalls ? (deployments.call(facts, "people") ?? peoplesCall(source, facts)) : undefined;
    }
    if (event === "message published") return mail(region, facts);
    if (event === "model failed")
      return { who: "aws", text: `The simulated region has a bug: ${text(facts["error"])}` };
    if (source === "ecs" || source === "codedeploy") return deployments.tell(event, facts);
    if (source === "states") return workflow.tell(event, facts);
    if (source === "lambda-output" && facts["function"] === BOARDROOM.noticeFunction)
      return { who: "application", text: text(facts["text"]).split("\t").at(-1)?.trim() ?? "" };
    if (source === "lambda-output") return functions.tell(text(facts["text"]));
    return TELLERS[`${source} ${event}`]?.(facts);
  };
  return (entry) => {
    const one = told(entry);
    return one && { at: entry.at, ...one };
  };
}

const text = (value: unknown) => (typeof value === "string" ? value : String(value ?? ""));

const TELLERS: Readonly<Record<string, (facts: Facts) => Told | undefined>> = {
  "drill step": ({ who, text: words }) => ({
    who: who === "application" || who === "aws" ? who : "people",
    text: text(words),
  }),
  "drill answer": ({ sentence }) => ({ who: "people", text: `are answered: ${text(sentence)}` }),
  "drill start refused": ({ code }) => ({ who: "aws", text: `Step Functions starts nothing: ${text(code)}` }),
  "application serving only": ({ component, release }) => ({
    who: "application",
    text: `${text(component)}: every new request is answered by ${text(release)}`,
  }),
  "monitoring alarm changed": ({ alarm, from, to, reason }) => ({
    who: "aws",
    text: `alarm ${text(alarm)}: ${text(from)} -> ${text(to)} (${shortReason(text(reason))})`,
  }),
  "events sent to dead-letter queue": ({ rule }) => ({
    who: "aws",
    text: `an event of the rule ${text(rule)} could not be delivered and lies in the dead-letter queue`,
  }),
  "fault fault struck": ({ service, operation, effect }) => ({
    who: "aws",
    text: `fault: ${text(service)}:${text(operation)} (${text(effect)})`,
  }),
};

/** CloudWatch lists every datapoint; its first sentences say enough. */
function shortReason(reason: string): string {
  return reason
    .replace(/^Threshold Crossed: /, "")
    .replace(/ The most recent datapoints? .*$/s, "")
    .replace(/ \(minimum .*$/s, "")
    .replace(/ \[[\d(][^\]]*\]/, "")
    .replace(/\.$/, "");
}

/** Nobody gets mail in a simulated region, so its text is part of the story. */
function mail(region: NarratorOptions["region"], { id }: Facts): Told {
  const message = region.sns.published().findLast(({ messageId }) => messageId === id);
  const lines = (message?.message ?? "").split("\n").filter((line) => line.trim() !== "");
  return { who: "people", text: `get a message: ${message?.subject ?? "(no subject)"}`, details: lines };
}

/** What the command line calls the services whose signing names differ. */
const COMMANDS: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  states: "stepfunctions",
  s3: "s3api",
};
const READS =
  /^(Describe|List|Get|Batch(Get|Check)|Head|Query|Scan|TransactGet|Filter|Test|Validate|AssumeRole|Receive)/;

/** A call that changes something, or that failed, as somebody would type it. */
function peoplesCall(service: string, facts: Facts): Told | undefined {
  const operation = text(facts["operation"]);
  const outcome = text(facts["outcome"]);
  const isService = text(facts["principal"]).endsWith(".amazonaws.com");
  if (isService || (READS.test(operation) && outcome === "ok")) return undefined;
  const typed = operation.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
  const end = outcome === "ok" ? "" : ` is answered ${outcome}`;
  return { who: "people", text: `aws ${COMMANDS[service] ?? service} ${typed}${end}` };
}

/** `00:04:05` since a moment; after a day `24:04:05`. */
export function clockTime(at: number, since: number): string {
  const seconds = Math.floor(Math.max(0, at - since) / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

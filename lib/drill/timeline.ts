import type { LogEntry } from "../region/kernel/region-log.ts";

/** One line of the story, at a virtual time (epoch milliseconds). */
export interface TimelineEntry {
  readonly at: number;
  /** Who acts: the application, AWS, or Stepback. */
  readonly who: "people" | "application" | "aws" | "stepback";
  readonly text: string;
}

type Facts = LogEntry["facts"];
type Teller = (facts: Facts) => Omit<TimelineEntry, "at"> | undefined;

const text = (value: unknown) => (typeof value === "string" ? value : String(value ?? ""));
const lastPart = (value: unknown) => text(value).split(/[/:]/).at(-1) ?? "";

/** What each happening of the region means to a person who watches; what is not here is for the log only. */
const TELLERS: Readonly<Record<string, Teller>> = {
  "drill step": ({ what }) => ({ who: "people", text: text(what) }),
  "application release changed": ({ component, release }) => ({
    who: "application",
    text: `${text(component)} ${text(release)} changes its behaviour`,
  }),
  "application serving only": ({ component, release }) => ({
    who: "application",
    text: `${text(component)}: all new requests are answered by ${text(release)}`,
  }),
  "monitoring alarm changed": ({ alarm, from, to }) => ({
    who: "aws",
    text: `alarm ${text(alarm)}: ${text(from)} -> ${text(to)}`,
  }),
  "ecs service deployment changed": ({ service, status, from, to }) => ({
    who: "aws",
    text: `ECS deployment of ${lastPart(service)}: ${text(status ?? to ?? from)}`,
  }),
  "states execution started": ({ machine, execution }) => ({
    who: "stepback",
    text: `${machineName(machine)} starts (${text(execution).slice(0, 8)})`,
  }),
  "states execution ended": ({ machine, status, execution }) => ({
    who: "stepback",
    text: `${machineName(machine)} ends ${text(status)} (${text(execution).slice(0, 8)})`,
  }),
  "states state entered": ({ state, type }) => {
    const quiet =
      type === "Choice" || type === "Pass" || type === "Wait" || type === "Map" || type === "Parallel";
    return quiet ? undefined : { who: "stepback", text: text(state) };
  },
  "events sent to dead-letter queue": ({ rule }) => ({
    who: "aws",
    text: `undelivered event of ${text(rule)} kept`,
  }),
  "fault fault struck": ({ service, operation, effect }) => ({
    who: "aws",
    text: `fault: ${text(service)}:${text(operation)} (${text(effect)})`,
  }),
};

/** Calls of Stepback that change the application are part of the story; reads are not. */
const MUTATIONS: Readonly<Record<string, string>> = {
  UpdateService: "ECS is told to deploy the target",
  StopServiceDeployment: "ECS is told to roll the deployment in flight back",
  RegisterTaskDefinition: "a digest-pinned copy of the target is registered",
};

export function tell(entry: LogEntry): TimelineEntry | undefined {
  const told =
    entry.event === "api call" ? tellCall(entry) : TELLERS[`${entry.source} ${entry.event}`]?.(entry.facts);
  return told && { at: entry.at, ...told };
}

function tellCall({ facts }: LogEntry): Omit<TimelineEntry, "at"> | undefined {
  const meaning = MUTATIONS[text(facts["operation"])];
  const principal = text(facts["principal"]);
  if (!meaning || principal.includes("operator")) return undefined;
  const outcome = facts["outcome"] === "ok" ? "" : ` (answered ${text(facts["outcome"])})`;
  return { who: "stepback", text: `${meaning}${outcome}` };
}

const machineName = (machine: unknown) =>
  lastPart(machine).endsWith("checkpoint") ? "checkpoint" : "rollback";

/** `00:04:05.123` since a moment. */
export function clockTime(at: number, since: number): string {
  return new Date(Math.max(0, at - since)).toISOString().slice(11, 19);
}

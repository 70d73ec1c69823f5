import type { ActionArgument, ActionName, Step } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";

/** A step of a drill as a line of the story: who does it, and what, in words. */
export function stepWords(action: Step["do"]): Pick<TimelineEntry, "who" | "text"> {
  const [name, argument] = Object.entries(action)[0] ?? [];
  // The scenario's schema has matched name and argument.
  const text = WORDS[name as ActionName](argument as never);
  return { who: ACTORS[name as ActionName] ?? "people", text };
}

/** Whose doing a step stands for, when it is not a person's. */
const ACTORS: Readonly<Partial<Record<ActionName, TimelineEntry["who"]>>> = {
  behave: "application",
  duplicateEvents: "aws",
  delayEvents: "aws",
  sendEvent: "aws",
  fault: "aws",
  failTask: "application",
  failRestore: "aws",
  failSnapshot: "aws",
  firstBackup: "aws",
  flashBeforeBackup: "aws",
  crash: "aws",
};

type Words = { readonly [Name in ActionName]: (argument: ActionArgument<Name>) => string };

const WORDS: Words = {
  deploy: ({ component, version }) => `deploy ${component} ${version}`,
  behave: ({ component, version, as }) => `${component} ${version} begins to behave so: ${listed(as)}`,
  deregister: ({ component, version }) => `deregister the task definition of ${component} ${version}`,
  forget: ({ component, version }) =>
    `deregister the task definition of ${component} ${version}; ECS soon forgets it`,
  deleteImage: ({ component, version }) => `delete the image of ${component} ${version}`,
  archiveImage: ({ component, version }) => `archive the image of ${component} ${version}`,
  deployFrontend: ({ version, broken }) =>
    `deploy the frontend ${version}${broken ? ", which is broken" : ""}`,
  editDistribution: (changes) => `edit the distribution: ${listed(changes)}`,
  migrate: ({ revision }) => `migrate the schema to ${revision}`,
  moveTag: ({ component, version }) => `push another image of ${component} under the tag ${version}`,
  scale: ({ component, desired }) => `scale ${component} to ${desired} tasks`,
  setAlarm: ({ alarm, state }) => `set the alarm ${alarm} to ${state}`,
  duplicateEvents: (count) =>
    `EventBridge delivers the next ${count === 1 ? "event" : `${count} events`} twice`,
  delayEvents: (seconds) => `EventBridge delivers the next event ${seconds} s late`,
  sendEvent: ({ alarm, ageSeconds, account }) =>
    `an event of the alarm ${alarm} arrives, ${ageSeconds} s old${account ? `, from account ${account}` : ""}`,
  start: (input) => `start a rollback with ${typeof input === "string" ? input : JSON.stringify(input)}`,
  undo: () => "undo the last rollback",
  finish: () => "finish the last rollback",
  approve: ({ as }) => `${as} approves`,
  reject: ({ as }) => `${as} rejects`,
  abort: () => "stop the running execution",
  call: ({ operation, input }) => `call ${operation} with ${JSON.stringify(input)}`,
  failTask: ({ command, line }) => `the next task with "${command}" will fail${line ? `: ${line}` : ""}`,
  failRestore: ({ status, message }) =>
    `the next restore of a database will end as ${status}${message ? `: ${message}` : ""}`,
  failSnapshot: () => "the next snapshot of an instance will fail",
  firstBackup: (seconds) => `RDS takes ${seconds} s for the first backup of what it restores`,
  flashBeforeBackup: (seconds) => `RDS shows available for ${seconds} s before it backs up what it restores`,
  fault: ({ call, effect, by, skip, times, lasts }) =>
    `from now on ${[call].flat().join(", ")} goes wrong: ${listed({ effect, by, skip, times, seconds: lasts })}`,
  crash: ({ function: name, afterCalls }) => `${name} will be killed after ${afterCalls} calls`,
};

/** `errorRate 0.7, latencySeconds 2` */
function listed(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}

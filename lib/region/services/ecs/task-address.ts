import type { TaskState } from "./task-record.ts";

/**
 * The private IPv4 address of a task with a network interface of its own (`awsvpc`), once it has one: after PROVISIONING
 * [DG task-lifecycle-explanation]. Made of the task's id, so that no chance is drawn for it.
 */
export function addressOf({ definition, lastStatus, id }: TaskState): string | undefined {
  if (definition.networkMode !== "awsvpc" || lastStatus === "PROVISIONING") return undefined;
  const parts = [0, 2, 4].map((at) => Number.parseInt(id.slice(at, at + 2), 16));
  return `10.${parts.join(".")}`;
}

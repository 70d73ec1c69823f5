import type { TaskRecord } from "./task-record.ts";

/** What the main container is started with: the override's command, else the task definition's. */
export function containerCommand(task: TaskRecord): readonly string[] {
  return overrideOf(task)?.command ?? definitionOf(task)?.command ?? [];
}

/** "You can add new environment variables … or override the existing" [dts ContainerOverride.environment]. */
export function containerEnvironment(task: TaskRecord): Readonly<Record<string, string>> {
  const pairs = [...(definitionOf(task)?.environment ?? []), ...(overrideOf(task)?.environment ?? [])];
  return Object.fromEntries(pairs.map(({ name = "", value = "" }) => [name, value]));
}

function definitionOf({ definition, main }: TaskRecord) {
  return definition.containerDefinitions?.find(({ name }) => name === main.name);
}

function overrideOf({ overrides, main }: TaskRecord) {
  return overrides.containerOverrides?.find(({ name }) => name === main.name);
}

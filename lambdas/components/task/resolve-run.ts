import type { ECSClient, Service, TaskDefinition } from "@aws-sdk/client-ecs";
import type { Component } from "../../contracts/environment.ts";
import type { TaskComponent, TaskRun } from "../../contracts/kinds/task.ts";
import { nameOf } from "../ecs-service/content.ts";
import { describeCluster, describeServiceOf, describeTaskDefinition } from "./reads.ts";
import { type Command, obstacleTo } from "./run-obstacles.ts";

export interface Resolution {
  /** Runs this revision, whatever the configuration names. */
  readonly taskDefinition?: string;
  /** The configured command unless told: the reverse, for an undo. */
  readonly command?: Command;
  /** Where the services are looked up whose revision or network the task takes. */
  readonly neighbours: Readonly<Record<string, Component>>;
}

export type Resolved =
  | { readonly run: TaskRun; readonly warnings: readonly string[] }
  | { readonly problem: string };

/**
 * Turns the configuration of a task into one exact RunTask: the revision, the network, the command. A bare family means
 * the revision that its first service runs now, before the rollback: only the newer image holds the way down from the
 * newer schema (docs/facts/database.md §9). A problem is what ECS or IAM would refuse later, found before anything ran.
 */
export async function resolveRun(
  ecs: ECSClient,
  configuration: TaskComponent,
  { neighbours, command = configuration, ...wanted }: Resolution,
): Promise<Resolved> {
  const { cluster } = configuration;
  if ((await describeCluster(ecs, cluster))?.status !== "ACTIVE") {
    return { problem: `the cluster ${cluster} does not exist or is being deleted; correct the environment.` };
  }
  const service = await firstServiceOf(ecs, configuration, neighbours);
  const chosen = wanted.taskDefinition ?? revisionFor(configuration.taskDefinition, service);
  const definition = await describeTaskDefinition(ecs, chosen);
  const taskDefinition = definition?.taskDefinitionArn;
  if (!definition || taskDefinition === undefined) {
    return {
      problem: `the task definition ${nameOf(chosen)} does not exist any more; correct the environment.`,
    };
  }
  const network = networkFor(configuration, service);
  const problem = obstacleTo(configuration, command, definition, network);
  if (problem !== undefined) return { problem };
  const { launchType, safeToRepeat, logGroup, logStreamPrefix } = configuration;
  return {
    warnings: [...newestWarning(chosen, definition), ...relativeWarning(command)],
    run: {
      ...{ cluster, taskDefinition, launchType, safeToRepeat, ...network },
      container: command.container,
      command: command.command,
      environment: command.environment,
      ...(logGroup === undefined ? {} : { logGroup }),
      ...(logStreamPrefix === undefined ? {} : { logStreamPrefix }),
    },
  };
}

async function firstServiceOf(
  ecs: ECSClient,
  { services }: TaskComponent,
  neighbours: Resolution["neighbours"],
): Promise<Service | undefined> {
  const first = neighbours[services[0] ?? ""];
  return first?.kind === "ecs-service" ? describeServiceOf(ecs, first) : undefined;
}

/** The service's revision counts when it is one of the family that is wanted; else ECS takes the newest active one. */
function revisionFor(wanted: string, service: Service | undefined): string {
  if (isExact(wanted)) return wanted;
  const running = service?.deployments?.find(({ status }) => status === "PRIMARY")?.taskDefinition ?? "";
  return nameOf(running).replace(/:\d+$/, "") === wanted ? running : wanted;
}

const isExact = (taskDefinition: string): boolean => /:\d+$/.test(taskDefinition);

function networkFor(
  { subnets, securityGroups, assignPublicIp }: TaskComponent,
  service: Service | undefined,
): Pick<TaskRun, "subnets" | "securityGroups" | "assignPublicIp"> {
  const own = service?.networkConfiguration?.awsvpcConfiguration;
  if (subnets.length > 0 || !own) return { subnets, securityGroups, assignPublicIp };
  return {
    subnets: [...(own.subnets ?? [])],
    securityGroups: [...(securityGroups.length > 0 ? securityGroups : (own.securityGroups ?? []))],
    assignPublicIp: assignPublicIp || own.assignPublicIp === "ENABLED",
  };
}

function newestWarning(chosen: string, { taskDefinitionArn = "" }: TaskDefinition): string[] {
  if (isExact(chosen)) return [];
  return [
    `It runs ${nameOf(taskDefinitionArn)}, the newest revision: none of its services runs that family.`,
  ];
}

/** `alembic downgrade -1` goes two back when it is run twice; seed 001 does that (docs/facts/database.md §9). */
function relativeWarning({ command }: Command): string[] {
  const relative = command
    .flatMap((word) => word.split(/\s+/))
    .find((word) => /^(?:head|base)?[-+]\d+$/.test(word));
  if (relative === undefined) return [];
  return [
    `The command's target ${relative} is relative: it runs twice as far when it is repeated. Name the revision.`,
  ];
}

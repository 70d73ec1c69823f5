import { type Service, StopTaskCommand, type Task } from "@aws-sdk/client-ecs";
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  type RuleState,
} from "@aws-sdk/client-eventbridge";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import { tasksOf } from "../reads.ts";
import { noteStopped } from "./stopped-tasks.ts";
import { isPaused } from "./writers.ts";

/** Disables the rules that start tasks on the data, one a call; undefined when none is left that was enabled. */
export async function disableRules({ events, details, steps, answer }: Job): Promise<Tick | undefined> {
  for (const rule of details.connectedTasks?.rules ?? []) {
    const known = steps.text(`rule-${rule}`, "state");
    if (known === "disabled") continue;
    const state = await stateOf(events, rule);
    if (state === undefined)
      return answer.failed("NOT_ACTIVE", `The rule ${rule} does not exist; correct the environment.`);
    if (state !== "ENABLED" && state !== "DISABLED") {
      // EnableRule would bring it back as ENABLED, which is another state.
      return answer.failed(
        "NOT_UNDOABLE",
        `The rule ${rule} is ${state}, which cannot be put back; disable it yourself.`,
      );
    }
    if (state === "DISABLED" && known !== "disabling") continue;
    if (state === "ENABLED") {
      if (known !== "disabling") await steps.write(`rule-${rule}`, { state: "disabling" });
      await asked(`Disabling the rule ${rule}`, events.send(new DisableRuleCommand({ Name: rule })));
    }
    await steps.write(`rule-${rule}`, { state: "disabled" });
    return answer.working(`The rule ${rule} is disabled.`, 1);
  }
  return undefined;
}

/** Enables what this rollback disabled, one rule a call, once the service runs again. */
export async function enableRules(job: Job, service: Service): Promise<Tick | undefined> {
  const { events, details, steps, answer } = job;
  if (isPaused(job, service)) return undefined;
  for (const rule of details.connectedTasks?.rules ?? []) {
    const known = steps.text(`rule-${rule}`, "state");
    if (known !== "disabling" && known !== "disabled") continue;
    if ((await stateOf(events, rule)) === "DISABLED") {
      await asked(`Enabling the rule ${rule}`, events.send(new EnableRuleCommand({ Name: rule })));
    }
    await steps.write(`rule-${rule}`, { state: "enabled" });
    return answer.working(`The rule ${rule} is enabled again.`, 1);
  }
  return undefined;
}

async function stateOf(events: Job["events"], rule: string): Promise<RuleState | undefined> {
  try {
    const answer = await asked(
      `Reading the rule ${rule}`,
      events.send(new DescribeRuleCommand({ Name: rule })),
    );
    return answer.State;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return undefined;
    throw error;
  }
}

/** Stops standalone tasks that hold connections to the data, one a call; undefined when all were told to stop. */
export async function stopConnectedTasks(job: Job): Promise<Tick | undefined> {
  const { ecs, details, rollbackId, answer } = job;
  const { cluster } = details;
  for (const family of details.connectedTasks?.families ?? []) {
    const task = (await tasksOf(ecs, { cluster, family }, "RUNNING")).find(isStandalone);
    if (!task?.taskArn) continue;
    await noteStopped(job, family, task);
    try {
      const reason = `Stepback ${rollbackId}: writers are paused`;
      await asked(
        `Stopping a task of ${family}`,
        ecs.send(new StopTaskCommand({ cluster, task: task.taskArn, reason })),
      );
    } catch (error) {
      // It ended by itself since it was listed.
      if (!isNamed(error, "InvalidParameterException")) throw error;
    }
    return answer.working(`A task of ${family} is stopped.`, 1);
  }
  return undefined;
}

/** The tasks that could still write: of the service, and standalone ones of the connected families. */
export async function writersAlive({ ecs, details }: Job): Promise<Task[]> {
  const { cluster, service } = details;
  const alive = async (of: { readonly service: string } | { readonly family: string }) => {
    const lists = await Promise.all([
      tasksOf(ecs, { cluster, ...of }, "RUNNING"),
      tasksOf(ecs, { cluster, ...of }, "STOPPED"),
    ]);
    return lists.flat().filter(isAlive);
  };
  const families = details.connectedTasks?.families ?? [];
  const connected = await Promise.all(families.map((family) => alive({ family })));
  return [...(await alive({ service })), ...connected.flat().filter(isStandalone)];
}

/** Draining and stopping tasks still answer and write; `executionStoppedAt` is when their processes ended [SDK, Task]. */
const isAlive = (task: Task) => task.lastStatus !== "STOPPED" && task.executionStoppedAt === undefined;

/** A service's tasks are in the group `service:<name>` [docs/facts/ecs.md §3.4]. */
const isStandalone = (task: Task) => !task.group?.startsWith("service:");

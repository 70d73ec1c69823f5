import type { ECSClient } from "@aws-sdk/client-ecs";
import { type TaskComponent, TaskMove, type TaskRun } from "../../contracts/kinds/task.ts";
import type { Move, Verdict, Version } from "../../contracts/plan.ts";
import { measuredOf } from "../../domain/measured.ts";
import type { Assessment, Observer, Wish } from "../component.ts";
import { nameOf } from "../ecs-service/content.ts";
import { resolveRun } from "./resolve-run.ts";
import { NOT_RUN, runId, wishOf } from "./task-version.ts";

export interface ObserverServices {
  readonly ecs: ECSClient;
}

/** Says what running a task, or its declared reverse, would mean. Only reads. */
export function taskObserver({ ecs }: ObserverServices): Observer<"task"> {
  return {
    async assess(configuration, wish) {
      const wanted = wishOf(wish);
      return wanted.part === "undo"
        ? assessUndo(ecs, configuration, wish, wanted.ran)
        : assessRun(ecs, configuration, wish, wanted.taskDefinition);
    },
  };
}

async function assessRun(
  ecs: ECSClient,
  configuration: TaskComponent,
  wish: Wish,
  taskDefinition: string | undefined,
): Promise<Assessment> {
  const { neighbours } = wish;
  const exact = taskDefinition === undefined ? {} : { taskDefinition };
  const forward = await resolveRun(ecs, configuration, { neighbours, ...exact });
  if ("problem" in forward) return verdict(wish, "refuse", forward.problem);
  const { run, warnings } = forward;
  const reverse =
    configuration.undo &&
    (await resolveRun(ecs, configuration, {
      neighbours,
      taskDefinition: run.taskDefinition,
      command: configuration.undo,
    }));
  if (reverse && "problem" in reverse) {
    return verdict(wish, "refuse", `its undo could not be run: ${reverse.problem}`);
  }
  const irreversible = configuration.changesData && !configuration.undo;
  const notes = irreversible
    ? ["It declares no undo: what it changes stays, whatever happens afterwards."]
    : [];
  const move = moveOf(configuration, wish, run, {
    from: { id: NOT_RUN, label: "not run" },
    to: { id: runId(run.taskDefinition), label: labelOf(run) },
    reason: `runs ${commandOf(run)} in ${nameOf(run.taskDefinition)}.`,
    warnings: [...warnings, ...notes],
    ...(reverse ? { undo: reverse.run } : {}),
  });
  return rollBack(wish, move);
}

/**
 * The reverse runs in the revision that the task ran in: after the rollback its services run the older code, which does
 * not hold the newer schema.
 */
async function assessUndo(
  ecs: ECSClient,
  configuration: TaskComponent,
  wish: Wish,
  ran: string | undefined,
): Promise<Assessment> {
  const { undo: command, changesData } = configuration;
  if (!command) {
    return changesData
      ? verdict(
          wish,
          "refuse",
          "it changed data and declares no undo; reverse it by hand, or leave it out of the scope.",
        )
      : verdict(wish, "nothing-to-do", "it changes nothing, so there is nothing to undo.");
  }
  if (ran === undefined) {
    return verdict(
      wish,
      "refuse",
      "the ledger holds no rollback that ran it, so nobody knows in which revision.",
    );
  }
  const resolved = await resolveRun(ecs, configuration, {
    neighbours: wish.neighbours,
    taskDefinition: ran,
    command,
  });
  if ("problem" in resolved) return verdict(wish, "refuse", resolved.problem);
  const { run, warnings } = resolved;
  const move = moveOf(configuration, wish, run, {
    from: { id: runId(ran), label: `ran in ${nameOf(ran)}` },
    to: { id: NOT_RUN, label: `undone by ${commandOf(run)}` },
    reason: `its undo ${commandOf(run)} runs in ${nameOf(run.taskDefinition)}.`,
    warnings: [...warnings],
  });
  return rollBack(wish, move);
}

/** Starting a task on Fargate with a small image, and a short command (docs/facts/performance-reliability.md A2). */
const DEFAULT_SECONDS = 120;

function moveOf(
  { changesData, deadlineMinutes }: TaskComponent,
  { component, past }: Wish,
  run: TaskRun,
  {
    undo,
    ...rest
  }: { readonly from: Version; readonly to: Version; readonly reason: string } & {
    readonly warnings: string[];
    readonly undo?: TaskRun;
  },
): Move {
  const measured = [...measuredOf(past, component, "cutOver")].sort((a, b) => a - b);
  return {
    component,
    kind: "task",
    tier: changesData ? "data" : "reversible",
    verbs: ["cutOver"],
    estimateSeconds: measured[Math.floor(measured.length / 2)] ?? DEFAULT_SECONDS,
    prepareSeconds: 0,
    ...rest,
    details: TaskMove.parse({ run, deadlineSeconds: deadlineMinutes * 60, ...(undo ? { undo } : {}) }),
  };
}

const labelOf = (run: TaskRun) => `${commandOf(run)} in ${nameOf(run.taskDefinition)}`;

/** As a person would type it, cut to what fits into a sentence. */
function commandOf({ command }: TaskRun): string {
  const words = command.join(" ");
  return `"${words.length > 80 ? `${words.slice(0, 80)}…` : words}"`;
}

function rollBack(wish: Wish, move: Move): Assessment {
  const { verdict: said } = verdict(wish, "roll-back", move.reason);
  return { verdict: { ...said, warnings: move.warnings }, move };
}

function verdict(
  { component }: Wish,
  said: Verdict["verdict"],
  reason: string,
): { readonly verdict: Verdict } {
  return { verdict: { component, kind: "task", verdict: said, reason, warnings: [] } };
}

import type { ECSClient } from "@aws-sdk/client-ecs";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { DatabaseComponent } from "../../contracts/kinds/database.ts";
import type { TaskRun } from "../../contracts/kinds/task.ts";
import type { Verdict } from "../../contracts/plan.ts";
import type { Assessment, Clock, Observer, Wish } from "../component.ts";
import { resolveRun } from "../task/resolve-run.ts";
import { alreadyThere } from "./planning/already-there.ts";
import { cutOverProblem } from "./planning/cut-over-target.ts";
import { destinationOf } from "./planning/destination.ts";
import { findingsOf } from "./planning/feasibility.ts";
import { keptRoute } from "./planning/kept-route.ts";
import { lastBacktrackedFrom } from "./planning/last-backtrack.ts";
import { moveOf, type Route } from "./planning/plan-move.ts";
import { restorableSnapshots, restoreWindowOf } from "./planning/restore-window.ts";
import { surroundingsOf } from "./planning/surroundings.ts";
import { inSeconds } from "./planning/version-id.ts";
import { wayTo } from "./planning/way.ts";
import { findServing } from "./serving.ts";
import { addressOf, type Sight } from "./sight.ts";

export interface ObserverServices {
  readonly rds: RDSClient;
  readonly kms: KMSClient;
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
  readonly ecs: ECSClient;
  readonly clock: Clock;
}

/** Looks at a database and says to which moment and how it would go back, what that costs and what forbids it. Only reads. */
export function databaseObserver(services: ObserverServices): Observer<"database"> {
  return { assess: (configuration, wish) => assess(services, configuration, wish) };
}

async function assess(
  services: ObserverServices,
  configuration: DatabaseComponent,
  wish: Wish,
): Promise<Assessment> {
  const { shape, identifier } = addressOf(configuration);
  const serving = await findServing(services.rds, configuration);
  if (!serving) {
    const reason = `there is no database ${shape} ${identifier} in this account and region; correct the environment.`;
    return verdict(wish, "refuse", reason);
  }
  const destination = destinationOf(wish, serving.resourceId);
  const already = alreadyThere(wish, serving, destination);
  if (already) return verdict(wish, "nothing-to-do", already);
  switch (destination.go) {
    case "nowhere":
      return verdict(wish, destination.verdict, destination.reason);
    case "moment":
      return toMoment(services, configuration, wish, { serving, ...destination });
    case "anywhere":
      return anywhere(services, configuration, wish, serving);
    case "forward": {
      const { since } = destination;
      const at = await lastBacktrackedFrom(services.rds, serving, since);
      if (!at) return verdict(wish, "refuse", `${noBacktrackSince(since)} leave it out of the scope.`);
      return toMoment(services, configuration, wish, { serving, at, exact: true });
    }
    case "kept": {
      const route = await keptRoute(services.rds, {
        serving,
        resourceId: destination.resourceId,
        past: wish.past,
      });
      if (typeof route === "string") return verdict(wish, "refuse", route);
      return judge(services, configuration, wish, { serving, route, window: undefined, snapshots: [] });
    }
  }
}

const noBacktrackSince = (since: Date) =>
  `RDS knows of no finished backtrack of it since ${inSeconds(since)}, when the rollback began: its data was not taken back, or RDS has forgotten;`;

/**
 * For a rehearsal any moment will do: the latest, which measures a restore, or where the environment says so a clone, which
 * is of now only (docs/facts/database.md §3).
 */
async function anywhere(
  services: ObserverServices,
  configuration: DatabaseComponent,
  wish: Wish,
  serving: Sight,
): Promise<Assessment> {
  const now = services.clock();
  if (configuration.rehearseBy === "point-in-time") {
    return toMoment(services, configuration, wish, { serving, at: now, exact: false });
  }
  if (serving.shape === "instance") {
    const reason = `${serving.identifier} is an instance, and only Aurora clusters can be cloned; take rehearseBy out of the environment.`;
    return verdict(wish, "refuse", reason);
  }
  const route = { way: "clone", restoreTo: now, warnings: [] } as const;
  return judge(services, configuration, wish, { serving, route, window: undefined, snapshots: [] });
}

async function toMoment(
  services: ObserverServices,
  configuration: DatabaseComponent,
  wish: Wish,
  { serving, at, exact }: { readonly serving: Sight; readonly at: Date; readonly exact: boolean },
): Promise<Assessment> {
  const [window, snapshots] = await Promise.all([
    restoreWindowOf(services.rds, serving),
    restorableSnapshots(services.rds, serving),
  ]);
  // In place nothing can be rehearsed: what would be made is a snapshot, and that stays.
  const backtrack = wish.rehearsal ? "never" : configuration.backtrack;
  const route = wayTo({ now: services.clock(), serving, window, snapshots, at, exact, backtrack });
  if (route.way === "none") return verdict(wish, "refuse", route.reason);
  return judge(services, configuration, wish, { serving, route, window, snapshots });
}

/** Everything that could make the way fail, looked at before anything is stopped. */
async function judge(
  services: ObserverServices,
  configuration: DatabaseComponent,
  wish: Wish,
  seen: Pick<Parameters<typeof moveOf>[0], "serving" | "window" | "snapshots"> & { readonly route: Route },
): Promise<Assessment> {
  const { serving, route } = seen;
  const [surroundings, cutOver, checks] = await Promise.all([
    surroundingsOf(services, serving, configuration.kmsKeys),
    cutOverProblem(services, configuration.cutOver, {
      serving,
      configured: addressOf(configuration).identifier,
    }),
    checkTasks(services, configuration, wish.neighbours),
  ]);
  const { refusals, warnings } = findingsOf({
    way: route.way,
    configuration,
    serving,
    surroundings,
    cutOver,
    secretGoesAlong: Object.values(wish.neighbours).some(
      (other) => other.kind === "secret" && other.database === wish.component,
    ),
  });
  if (refusals.length > 0) return verdict(wish, "refuse", refusals.join(" Also, "));
  if ("problem" in checks) return verdict(wish, "refuse", checks.problem);
  const move = moveOf({
    wish,
    now: services.clock(),
    configuration,
    ...seen,
    tasks: checks.tasks,
    warnings: [...warnings, ...checks.warnings],
  });
  return { verdict: { ...of(wish, "roll-back", move.reason), warnings: move.warnings }, move };
}

/** Everything that the tasks of its checks need to be started later, by the name of their component. */
async function checkTasks(
  { ecs }: ObserverServices,
  { checks }: DatabaseComponent,
  neighbours: Wish["neighbours"],
): Promise<{ tasks: Record<string, TaskRun>; warnings: string[] } | { problem: string }> {
  const tasks: Record<string, TaskRun> = {};
  const warnings: string[] = [];
  for (const name of new Set(checks.map(({ task }) => task))) {
    const task = neighbours[name];
    if (task?.kind !== "task")
      return { problem: `its check runs ${name}, which is no component of kind task.` };
    const resolved = await resolveRun(ecs, task, { neighbours });
    if ("problem" in resolved) return { problem: `its check ${name} cannot run: ${resolved.problem}` };
    tasks[name] = resolved.run;
    warnings.push(...resolved.warnings.map((warning) => `${name}: ${warning}`));
  }
  return { tasks, warnings };
}

function verdict(wish: Wish, what: Verdict["verdict"], reason: string): Assessment {
  return { verdict: of(wish, what, reason) };
}

function of({ component }: Wish, what: Verdict["verdict"], reason: string): Verdict {
  return { component, kind: "database", verdict: what, reason, warnings: [] };
}

import type { EcsServiceComponent } from "../../../contracts/kinds/ecs-service.ts";
import type { Move } from "../../../contracts/plan.ts";
import { labelOf } from "../content.ts";
import { isRollingBack } from "../history.ts";
import { feasibilityOf } from "./feasibility.ts";
import {
  type Assembled,
  assemble,
  codeDeployIn,
  type MoveClients,
  type PlannedMove,
  versionOf,
} from "./plan-move.ts";
import type { Observed } from "./situation.ts";

/** Keeps its version and stands still while data moves; or why it cannot. */
export function holdMove(configuration: EcsServiceComponent, component: string, seen: Observed): PlannedMove {
  const problem = fight(configuration, seen, "paused");
  if (problem) return { problem };
  if (seen.service.schedulingStrategy === "DAEMON") {
    return {
      problem: `the service ${configuration.service} is a DAEMON service, which AWS does not scale to 0; take it from the database's writers, or stop what it writes yourself first.`,
    };
  }
  return stay(configuration, component, seen, {
    verbs: ["pause", "resume", "confirm"],
    reason: `keeps ${labelOf(seen.current)} and is paused while data goes back.`,
    details: { way: "hold", images: [...seen.current.images] },
  });
}

/** Keeps its version and starts fresh tasks, which read secrets and parameters again; or why it cannot. */
export async function restartMove(
  clients: MoveClients,
  configuration: EcsServiceComponent,
  component: string,
  seen: Observed,
): Promise<PlannedMove> {
  const problem = fight(configuration, seen, "restarted");
  if (problem) return { problem };
  // A forced deployment looks tags up again: what moved is pinned, so that a restart never changes the code [§6.2].
  const feasible = await feasibilityOf(clients, seen.service, seen.current, seen.current, undefined);
  if (feasible.problem !== undefined) return { problem: feasible.problem };
  const { images, needsCopy } = feasible;
  return stay(configuration, component, seen, {
    verbs: ["cutOver", "confirm"],
    reason: `keeps ${labelOf(seen.current)} and starts fresh tasks, which read secrets and parameters again.`,
    warnings: feasible.warnings,
    details: { way: "restart", images: [...images], ...(needsCopy ? { clone: needsCopy } : {}) },
  });
}

/** A deployment under way would be thrown over, or throw this over: who runs it must decide. */
function fight({ service }: EcsServiceComponent, { flight, deploymentInFlight }: Observed, what: string) {
  if (!flight && !deploymentInFlight) return undefined;
  const advice =
    flight && isRollingBack(flight)
      ? "ECS is rolling it back, wait until that has ended"
      : "wait until it has ended, stop it, or roll the service back too";
  return `a deployment of ${service} is in progress and would fight with being ${what}; ${advice}.`;
}

function stay(
  configuration: EcsServiceComponent,
  component: string,
  seen: Observed,
  {
    verbs,
    details,
    warnings = [],
    reason,
  }: Pick<Move, "verbs" | "reason"> & {
    readonly warnings?: readonly string[];
    readonly details: Pick<Assembled["details"], "way" | "images" | "clone">;
  },
): Move {
  const move = assemble(configuration, component, seen, {
    to: versionOf(seen.current),
    reason,
    warnings: [...warnings],
    details: {
      ...details,
      quietAlarms: false,
      autoScaling: configuration.autoScaling,
      taskDefinition: seen.current.taskDefinition,
      ...codeDeployIn(configuration, seen),
    },
  });
  return { ...move, verbs, to: move.from, stays: true };
}

import { type MaintenanceComponent, MaintenanceMove } from "../../contracts/kinds/maintenance.ts";
import type { Move, Verdict } from "../../contracts/plan.ts";
import type { Assessment, Observer, Wish } from "../component.ts";
import { assessIsolation } from "./assess-isolation.ts";
import { ISOLATED, OPEN } from "./isolation-version.ts";
import type { Clients } from "./job.ts";
import type { Proposal } from "./proposal.ts";
import { switchOf } from "./switches.ts";

/** Says whether users can be shown a page while data moves, or attackers be kept out. Only reads. */
export function maintenanceObserver(clients: Clients): Observer<"maintenance"> {
  return {
    async assess(configuration, wish) {
      const proposal = await proposalFor(clients, configuration, wish);
      if ("problem" in proposal) return said(wish, "refuse", proposal.problem);
      if ("nothing" in proposal) return said(wish, "nothing-to-do", proposal.nothing);
      const { mode, seconds, ...rest } = proposal;
      const { isolation } = configuration;
      const move: Move = {
        component: wish.component,
        kind: "maintenance",
        tier: "reversible",
        prepareSeconds: 0,
        estimateSeconds: seconds,
        ...rest,
        // The page is gone when the rollback is over; isolation is what an undo has to lift.
        ...(mode === "maintenance" ? { stays: true } : {}),
        details: MaintenanceMove.parse({
          mode,
          switch: configuration.switch,
          ...(isolation ? { isolation } : {}),
          deadlineSeconds: configuration.deadlineMinutes * 60,
        }),
      };
      const { verdict } = said(wish, "roll-back", move.reason);
      return { verdict: { ...verdict, warnings: move.warnings }, move };
    },
  };
}

async function proposalFor(
  clients: Clients,
  configuration: MaintenanceComponent,
  wish: Wish,
): Promise<Proposal> {
  const { target, component, authorization } = wish;
  const named =
    typeof target === "object" && "components" in target ? target.components[component] : undefined;
  const { isolation } = configuration;
  if (named === OPEN) {
    return isolation
      ? assessIsolation(clients, isolation, "lift")
      : { nothing: "no isolation is configured for it." };
  }
  if (authorization === "security" && isolation) return assessIsolation(clients, isolation, "shut");
  if (named === ISOLATED) {
    return {
      problem: "only a request with authorization security isolates, and only when isolation is configured.",
    };
  }
  return assessPage(clients, configuration);
}

async function assessPage(clients: Clients, configuration: MaintenanceComponent): Promise<Proposal> {
  const page = switchOf(clients, configuration.switch);
  const positions = await page.look();
  if ("problem" in positions) return positions;
  if (positions.includes("other")) {
    return {
      problem: `somebody changed ${page.name}: neither on nor off; set it to off, or correct the environment.`,
    };
  }
  if (positions.every((position) => position === "on")) {
    return { nothing: "the maintenance page is shown already; whoever turned it on has to turn it off." };
  }
  const half = positions.includes("on");
  return {
    mode: "maintenance",
    from: { id: "off", label: "off" },
    to: { id: "on", label: "on" },
    reason: "the maintenance page is shown while data moves.",
    warnings: half ? [`A part of ${page.name} is on already; all of it is off afterwards.`] : [],
    verbs: ["cutOver", "tidy"],
    seconds: page.settleSeconds + CHANGE_SECONDS * positions.length,
  };
}

/** One change, and the look before and after it. */
const CHANGE_SECONDS = 3;

function said({ component }: Wish, verdict: Verdict["verdict"], reason: string): Assessment {
  return { verdict: { component, kind: "maintenance", verdict, reason, warnings: [] } };
}

import type { FrontendComponent, FrontendVersion } from "../../contracts/kinds/frontend.ts";
import type { Verdict } from "../../contracts/plan.ts";
import { versionIdOf } from "../../contracts/version-id.ts";
import { chooseVersion, recordsOf, type VersionChoice } from "../choose-version.ts";
import type { Assessment, Observer, Wish } from "../component.ts";
import type { Clients } from "./job.ts";
import { labelOf, moveTo, type Target } from "./plan-move.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/** Looks at a frontend and says which release it would go back to, and what speaks against it. Only reads. */
export function frontendObserver(clients: Clients): Observer<"frontend"> {
  return { assess: (configuration, wish) => assess(strategyOf(clients, configuration), configuration, wish) };
}

async function assess(
  strategy: ReleaseStrategy,
  configuration: FrontendComponent,
  wish: Wish,
): Promise<Assessment> {
  if (wish.part !== "go-back") {
    return {
      verdict: verdictOf(wish, "nothing-to-do", "keeps its release: a frontend neither writes nor restarts."),
    };
  }
  const live = await strategy.live();
  if ("problem" in live) {
    return { verdict: verdictOf(wish, "refuse", `nobody can tell which release is live: ${live.problem}.`) };
  }
  const { version: current, changedAt, moving } = live;
  const answer = await judge(strategy, configuration, wish, current, moving ? [`Right now ${moving}.`] : []);
  return { ...answer, ...(changedAt ? { lastChangedAt: changedAt } : {}) };
}

async function judge(
  strategy: ReleaseStrategy,
  configuration: FrontendComponent,
  wish: Wish,
  current: FrontendVersion,
  warnings: readonly string[],
): Promise<Assessment> {
  const choice = chooseVersion({
    component: wish.component,
    wish: wish.target,
    current,
    records: recordsOf(wish.component, "frontend", wish.checkpoints),
    idOf: versionIdOf,
    labelOf,
  });
  const target = await targetOf(strategy, choice);
  if ("verdict" in target) return { verdict: verdictOf(wish, target.verdict, target.reason) };
  const label = labelOf(target.version);
  const feasible = await strategy.feasible(target.version, current);
  if ("problem" in feasible) {
    return { verdict: verdictOf(wish, "refuse", `cannot go back to ${label}: ${feasible.problem}.`) };
  }
  if ("same" in feasible) {
    return { verdict: verdictOf(wish, "nothing-to-do", `already is ${label}: ${feasible.same}.`) };
  }
  const all = { ...target, warnings: [...warnings, ...target.warnings, ...feasible.warnings] };
  const move = moveTo(wish.component, configuration, current, all, {
    past: wish.past,
    usual: strategy.usualSeconds,
  });
  return { verdict: { ...verdictOf(wish, "roll-back", move.reason), warnings: move.warnings }, move };
}

/** A release that the ledger does not know is good enough when a person names it and its entry points are there. */
async function targetOf(
  strategy: ReleaseStrategy,
  choice: VersionChoice<FrontendVersion>,
): Promise<Target | Pick<Verdict, "verdict" | "reason">> {
  if (choice.choice === "target") return choice;
  if (choice.choice !== "look-up") return { verdict: choice.choice, reason: choice.reason };
  const version = await strategy.lookUp(choice.name);
  if (!version) {
    return {
      verdict: "refuse",
      reason: `there is no release "${choice.name}"; name one that is still stored.`,
    };
  }
  const warning = `${labelOf(version)} is unproven: the ledger never saw it live.`;
  return { version, because: `${labelOf(version)}, as asked`, warnings: [warning] };
}

function verdictOf({ component }: Wish, verdict: Verdict["verdict"], reason: string): Verdict {
  return { component, kind: "frontend", verdict, reason, warnings: [] };
}

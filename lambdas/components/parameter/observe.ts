import type { ParameterComponent, ParameterMove, ParameterVersion } from "../../contracts/kinds/parameter.ts";
import type { Move, Verdict } from "../../contracts/plan.ts";
import { versionIdOf } from "../../contracts/version-id.ts";
import { measuredOf } from "../../domain/measured.ts";
import { recordsOf } from "../choose-version.ts";
import type { Assessment, Observer, Wish } from "../component.ts";
import { lookAt, type Sight, type SightServices, type Way } from "./sight.ts";
import { chooseTarget, differences, labelOf, type ParameterChoice, versionOf } from "./target.ts";

/** Looks at configuration and says which versions would be live, and how. Only reads, and no value. */
export function parameterObserver(services: SightServices): Observer<"parameter"> {
  return { assess: (configuration, wish) => assess(services, configuration, wish) };
}

async function assess(
  services: SightServices,
  configuration: ParameterComponent,
  wish: Wish,
): Promise<Assessment> {
  const sight = await lookAt(services, configuration.source);
  if ("obstacle" in sight) return { verdict: verdictOf(wish, "refuse", sight.obstacle) };
  const changed = sight.changedAt ? { lastChangedAt: sight.changedAt } : {};
  return { ...judge(configuration, wish, sight), ...changed };
}

function judge(configuration: ParameterComponent, wish: Wish, sight: Sight): Assessment {
  // A person may still name another version; "one back" has happened.
  if (sight.wentBack && typeof wish.target === "string") {
    return { verdict: verdictOf(wish, "nothing-to-do", sight.wentBack) };
  }
  const records = recordsOf(wish.component, "parameter", wish.checkpoints);
  const choice = chooseTarget({
    component: wish.component,
    wish: wish.target,
    records,
    versions: sight.versions,
  });
  if (choice.choice !== "target") return { verdict: verdictOf(wish, choice.choice, choice.reason) };
  const to = differences(choice.version.versions, sight.versions);
  const way = sight.wayTo(to);
  if (way.problem !== undefined) {
    return {
      verdict: verdictOf(wish, "refuse", `${labelOf(choice.version)} cannot go live: ${way.problem}`),
    };
  }
  const move = moveTo(configuration, wish, sight, { choice, way, to });
  return { verdict: { ...verdictOf(wish, "roll-back", move.reason), warnings: move.warnings }, move };
}

interface Chosen {
  readonly choice: ParameterChoice & { choice: "target" };
  readonly way: Way & { problem?: undefined };
  readonly to: Readonly<Record<string, string>>;
}

function moveTo(
  { source, readBy, deadlineMinutes }: ParameterComponent,
  { component, past }: Wish,
  { versions }: Sight,
  { choice, way, to }: Chosen,
): Move {
  const from = Object.fromEntries(Object.keys(to).map((name) => [name, versions[name] ?? ""]));
  const details: ParameterMove = {
    source,
    from,
    to: { ...to },
    ...(way.deployment ? { deployment: way.deployment } : {}),
    deadlineSeconds: deadlineMinutes * 60,
  };
  const [measured = way.seconds] = measuredOf(past, component, "cutOver");
  const current = versionOf(versions);
  return {
    component,
    kind: "parameter",
    tier: "configuration",
    verbs: ["prepare", "cutOver", "confirm"],
    from: nameOf(current),
    to: { ...nameOf(choice.version), ...(choice.checkpoint === "" ? {} : { checkpoint: choice.checkpoint }) },
    reason: `goes from ${labelOf(versionOf(from))} to ${labelOf(versionOf(to))}: ${choice.because}.`,
    estimateSeconds: measured,
    prepareSeconds: 0,
    warnings: [...choice.warnings, ...way.warnings, readerWarning(source.store, readBy)],
    details,
  };
}

const nameOf = (version: ParameterVersion) => ({ id: versionIdOf(version), label: labelOf(version) });

/** Who reads at start keeps what it read; who polls follows after its interval (docs/facts/frontend-secrets-config.md §C). */
function readerWarning(store: ParameterMove["source"]["store"], readBy: readonly string[]): string {
  if (store === "appconfig") return "Clients follow when they poll next and their cache is old.";
  if (readBy.length > 0) return "Whoever else reads it at start or caches it follows later.";
  return "No service is named that reads it: running tasks keep what they read at start.";
}

function verdictOf({ component }: Wish, verdict: Verdict["verdict"], reason: string): Verdict {
  return { component, kind: "parameter", verdict, reason, warnings: [] };
}

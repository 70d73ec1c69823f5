import type { ParameterSource } from "../../../contracts/kinds/parameter.ts";
import type { Sight, SightServices, Way } from "../sight.ts";
import { type History, historiesOf, holderOf } from "./history.ts";

/** Parameters that consumers read as `name:label`: the label says what is live. */
export async function lookAtLabels(
  { ssm }: Pick<SightServices, "ssm">,
  { names, label }: ParameterSource & { store: "ssm-label" },
): Promise<Sight | { readonly obstacle: string }> {
  const histories = await historiesOf(ssm, names);
  if ("obstacle" in histories) return histories;
  const versions: Record<string, string> = {};
  const dates: number[] = [];
  for (const [name, history] of histories) {
    const holder = holderOf(history, label);
    if (!holder) {
      return {
        obstacle: `no version of ${name} has the label ${label}: put it on the version that is live.`,
      };
    }
    versions[name] = String(holder.version);
    // When the label moved nobody tells; not before this version was written.
    if (holder.LastModifiedDate) dates.push(holder.LastModifiedDate.getTime());
  }
  return {
    versions,
    onTheWay: false,
    ...(dates.length > 0 ? { changedAt: new Date(Math.max(...dates)) } : {}),
    wayTo: (to) => wayTo(histories, label, Object.entries(to)),
  };
}

function wayTo(
  histories: ReadonlyMap<string, History>,
  label: string,
  to: readonly (readonly [string, string])[],
): Way {
  const warnings: string[] = [];
  for (const [name, wanted] of to) {
    const history = histories.get(name);
    const entry = history?.find(({ version }) => String(version) === wanted);
    if (!history || !entry) {
      const problem = `version ${wanted} of ${name} is gone: Parameter Store keeps 100. Name another version.`;
      return { problem, code: "TARGET_GONE" };
    }
    if (entry.labels.length >= LABELS_PER_VERSION) {
      const problem = `version ${wanted} of ${name} has ten labels already, there is no room for ${label}: remove one.`;
      return { problem, code: "REFUSED_BY_AWS" };
    }
    if (history.length >= NEARLY_FULL && entry === history[0]) {
      warnings.push(
        `Version ${wanted} is the oldest of ${name}: labelled, it blocks new versions once there are 100.`,
      );
    }
  }
  return { warnings, seconds: 2 * to.length };
}

/** docs/facts/frontend-secrets-config.md §C.1. */
const LABELS_PER_VERSION = 10;
const NEARLY_FULL = 90;

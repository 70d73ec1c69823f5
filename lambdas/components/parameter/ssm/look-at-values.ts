import type { ParameterSource } from "../../../contracts/kinds/parameter.ts";
import type { Sight, SightServices, Way } from "../sight.ts";
import { type History, type HistoryEntry, historiesOf, newestOf } from "./history.ts";
import { originOf, sourceOf } from "./origin.ts";

type Source = ParameterSource & { store: "ssm-value" };

/** Parameters that consumers read by name alone: the newest version is live. */
export async function lookAtValues(
  { ssm }: Pick<SightServices, "ssm">,
  source: Source,
): Promise<Sight | { readonly obstacle: string }> {
  const histories = await historiesOf(ssm, source.names);
  if ("obstacle" in histories) return histories;
  const newest = [...histories].map(([name, history]) => [name, newestOf(history)] as const);
  const dates = newest.flatMap(([, { LastModifiedDate }]) => LastModifiedDate?.getTime() ?? []);
  return {
    versions: Object.fromEntries(newest.map(([name, entry]) => [name, originOf(entry)])),
    onTheWay: false,
    ...(dates.length > 0 ? { changedAt: new Date(Math.max(...dates)) } : {}),
    wayTo: (to) => wayTo(histories, source, Object.entries(to)),
  };
}

function wayTo(
  histories: ReadonlyMap<string, History>,
  source: Source,
  to: readonly (readonly [string, string])[],
): Way {
  const warnings: string[] = [];
  for (const [name, wanted] of to) {
    const history = histories.get(name);
    const entry = history && sourceOf(history, wanted);
    if (!history || !entry) {
      const problem = `version ${wanted} of ${name} is gone: Parameter Store keeps 100. Name another version.`;
      return { problem, code: "TARGET_GONE" };
    }
    const problem = blocked(name, history) ?? unreadable(name, entry, source.kmsKeys);
    if (problem) return { problem, code: "REFUSED_BY_AWS" };
    warnings.push(...warningsOf(name, entry, newestOf(history)));
  }
  return { warnings, seconds: 4 * to.length };
}

/** A new version pushes the oldest of 100 out, which a label prevents (docs/facts/frontend-secrets-config.md §C.1). */
function blocked(name: string, history: History): string | undefined {
  const [oldest] = history;
  if (history.length < 100 || oldest.labels.length === 0) return undefined;
  return `${name} has 100 versions and the oldest, ${oldest.version}, is labelled ${oldest.labels.join(", ")}: remove the label.`;
}

/** Keys that the environment names are granted; an alias tells nothing, and AWS's own key serves everybody who may read. */
function unreadable(
  name: string,
  { version, KeyId = "" }: HistoryEntry,
  kmsKeys: readonly string[],
): string | undefined {
  const isArn = /^arn:[^:]+:kms:.*:key\//.test(KeyId);
  if (!isArn || kmsKeys.includes(KeyId)) return undefined;
  return `version ${version} of ${name} is encrypted with ${KeyId}, which the component's kmsKeys do not name: add it and deploy.`;
}

function warningsOf(name: string, target: HistoryEntry, newest: HistoryEntry): string[] {
  return [
    ...(target.KeyId === newest.KeyId
      ? []
      : [`${name} will be encrypted with ${target.KeyId} again, as version ${target.version} was.`]),
    ...policyWarnings(name, target, newest),
  ];
}

/** They stay with the parameter until somebody sends others, which Stepback never does [SDK PutParameterRequest.Policies]. */
function policyWarnings(name: string, target: HistoryEntry, newest: HistoryEntry): string[] {
  const [then, now] = [target, newest].map(({ Policies = [] }) =>
    Policies.map(({ PolicyText = "" }) => PolicyText).sort(),
  );
  if (JSON.stringify(then) !== JSON.stringify(now)) {
    return [`${name} keeps its parameter policies of now; those of version ${target.version} were others.`];
  }
  const expires = newest.Policies?.some(({ PolicyType }) => PolicyType === "Expiration") ?? false;
  return expires ? [`${name} has a policy by which AWS deletes it: look when that is.`] : [];
}

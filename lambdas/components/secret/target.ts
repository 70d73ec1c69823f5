import type { SecretVersion } from "../../contracts/kinds/secret.ts";
import { chooseVersion, recordedAt, type VersionChoice, type VersionSituation } from "../choose-version.ts";
import { isOwnLabel } from "./own-label.ts";
import { type SecretVersionSight, shortOf } from "./reads.ts";

/** What a target is chosen from. */
export interface SecretSituation extends VersionSituation<SecretVersion> {
  /** All that Secrets Manager still keeps. */
  readonly versions: readonly SecretVersionSight[];
  /** The moment that the secret's database goes back to; absent when it stays. */
  readonly cut?: Date;
}

export type SecretChoice = Exclude<VersionChoice<SecretVersion>, { choice: "look-up" }>;

/**
 * Chooses the version to go back to, and finds it among those that Secrets Manager still keeps. With restored data it is
 * the one that was live at the cut, because the database then has the password of that moment.
 */
export function chooseTarget(situation: SecretSituation): SecretChoice {
  const { wish, cut } = situation;
  const isNamed = typeof wish === "object" && "components" in wish;
  const choice = cut && !isNamed ? liveAtCut(situation, cut) : chooseVersion(situation);
  if (choice.choice === "look-up") return lookUp(situation, choice.name);
  return choice.choice === "target" ? stillThere(situation, choice) : choice;
}

/**
 * The ledger knows what was live at its checkpoints; between a checkpoint and the cut somebody may have stored or rotated
 * a value. Such a version counts when it is known to have been current: nobody can tell that of one without any label.
 */
function liveAtCut(situation: SecretSituation, cut: Date): SecretChoice {
  const { records, versions, current, labelOf } = situation;
  const moment = cut.toISOString();
  const record = recordedAt(records, cut);
  const recorded = record && Date.parse(record.checkpoint.recordedAt);
  const newest = versions
    .filter(
      ({ createdAt }) => createdAt && createdAt <= cut && (recorded === undefined || +createdAt > recorded),
    )
    .sort(newestFirst)[0];
  if (!newest || newest.id === record?.version.versionId) {
    if (record) return atCut(situation, record.version, `live at the cut ${moment}`, record.checkpoint.id);
    return refuse(situation, `neither the ledger nor its versions tell what was live at the cut ${moment}`);
  }
  if (!wasCurrent(situation, newest)) {
    const candidates = [versionOf(newest), ...(record ? [record.version] : [])].map(labelOf).join(" or ");
    const why = `nobody can tell whether ${candidates} was live at the cut ${moment}`;
    return refuse(situation, `${why}: name one of them as the target of this component`);
  }
  const choice = atCut(situation, versionOf(newest), `live at the cut ${moment}`, undefined);
  if (choice.choice !== "target" || newest.id === current.versionId) return choice;
  return {
    ...choice,
    warnings: [`${labelOf(choice.version)} is in no checkpoint: its labels say that it was live.`],
  };
}

function atCut(
  { current, labelOf }: SecretSituation,
  version: SecretVersion,
  because: string,
  checkpoint: string | undefined,
): SecretChoice {
  if (version.versionId === current.versionId) {
    return { choice: "nothing-to-do", reason: `already is ${labelOf(current)}, ${because}.` };
  }
  return { choice: "target", version, checkpoint: checkpoint ?? "", because, warnings: [] };
}

/** Labels that only a version can have that is or was current; a pending version may be empty (§B). */
function wasCurrent({ records }: SecretSituation, { id, labels }: SecretVersionSight): boolean {
  const known = labels.some(
    (label) => label === "AWSCURRENT" || label === "AWSPREVIOUS" || isOwnLabel(label),
  );
  return known || records.some(({ version }) => version.versionId === id);
}

/** By version id, or by the staging label that it has now: what counts from then on is the id. */
function lookUp(situation: SecretSituation, name: string): SecretChoice {
  const found = situation.versions.find(({ id, labels }) => id === name || labels.includes(name));
  if (!found) return refuse(situation, `Secrets Manager keeps no version "${name}" of it`);
  const version = versionOf(found);
  const label = situation.labelOf(version);
  if (found.id === situation.current.versionId) {
    return { choice: "nothing-to-do", reason: `already is ${label}, as asked.` };
  }
  if (found.labels.includes("AWSPENDING") && !wasCurrent(situation, found)) {
    return refuse(situation, `${label} was never current: a rotation left it, and it may be empty`);
  }
  const warnings = wasCurrent(situation, found)
    ? []
    : [`${label} is unproven: nobody knows that it ever was current.`];
  return { choice: "target", version, checkpoint: "", because: `${label}, as asked`, warnings };
}

/** Of the deprecated versions Secrets Manager keeps the 100 newest, and all of the last day (§B). */
function stillThere(situation: SecretSituation, choice: SecretChoice & { choice: "target" }): SecretChoice {
  if (situation.versions.some(({ id }) => id === choice.version.versionId)) return choice;
  return refuse(
    situation,
    `${situation.labelOf(choice.version)} is gone: Secrets Manager no longer keeps it`,
  );
}

function refuse({ versions, current, labelOf }: SecretSituation, why: string): SecretChoice {
  const kept = versions.filter(({ id }) => id !== current.versionId).sort(newestFirst);
  const names = kept.slice(0, 5).map((version) => `${version.id} (${labelOf(versionOf(version))})`);
  const known = names.length > 0 ? `Kept are ${names.join(", ")}.` : "No other version is kept.";
  return { choice: "refuse", reason: `there is no target to go back to: ${why}. ${known}` };
}

export function versionOf({ id, createdAt }: Pick<SecretVersionSight, "id" | "createdAt">): SecretVersion {
  return { kind: "secret", versionId: id, ...(createdAt ? { createdAt: createdAt.toISOString() } : {}) };
}

/** `version 0a1b2c3d of 2026-11-20T09:00Z`. */
export function labelOfVersion({ versionId, createdAt }: SecretVersion): string {
  return `${shortOf(versionId)}${createdAt ? ` of ${createdAt.slice(0, 16)}Z` : ""}`;
}

const newestFirst = (a: SecretVersionSight, b: SecretVersionSight) =>
  (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0);

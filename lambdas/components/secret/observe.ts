import type { KMSClient } from "@aws-sdk/client-kms";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SecretComponent, SecretVersion } from "../../contracts/kinds/secret.ts";
import type { Move, Verdict } from "../../contracts/plan.ts";
import { recordsOf } from "../choose-version.ts";
import type { Assessment, Observer, Wish } from "../component.ts";
import { ineligible } from "./eligibility.ts";
import { moveTo, rotate } from "./plan-move.ts";
import {
  describeSecret,
  keyTrouble,
  leftPendingOf,
  leftPendingText,
  listVersions,
  nameOf,
  type SecretSight,
  type SecretVersionSight,
} from "./reads.ts";
import { chooseTarget, labelOfVersion, versionOf } from "./target.ts";

export interface ObserverServices {
  readonly secrets: SecretsManagerClient;
  readonly kms: KMSClient;
  /** Where this runs: a secret is changed in its primary region only. */
  readonly region: string;
}

/** Looks at a secret's labels and says which version would be current, and what speaks against it. Only reads. */
export function secretObserver(services: ObserverServices): Observer<"secret"> {
  return { assess: (configuration, wish) => assess(services, configuration, wish) };
}

async function assess(
  services: ObserverServices,
  configuration: SecretComponent,
  wish: Wish,
): Promise<Assessment> {
  const { secrets, region } = services;
  const seen = await describeSecret(secrets, configuration.secretArn);
  const obstacle = ineligible(configuration, seen, region);
  const currentId = seen?.labels.get("AWSCURRENT");
  if (obstacle || !seen || !currentId) return refuse(wish, obstacle ?? "");

  const versions = await listVersions(secrets, configuration.secretArn);
  const current = versionOf(
    versions.find(({ id }) => id === currentId) ?? { id: currentId, createdAt: undefined },
  );
  const answer =
    wish.authorization === "security"
      ? forward(configuration, wish, seen, current)
      : await back(services, configuration, wish, { seen, versions, current });
  const changed = lastChangeOf(seen, versions, currentId);
  return { ...answer, ...(changed ? { lastChangedAt: changed } : {}) };
}

/** After a breach. Without a rotation function RotateSecret refuses (docs/facts/frontend-secrets-config.md §B). */
function forward(
  configuration: SecretComponent,
  wish: Wish,
  seen: SecretSight,
  current: SecretVersion,
): Assessment {
  const name = nameOf(configuration.secretArn);
  const left = leftPendingOf(seen);
  if (left)
    return refuse(wish, `${name} cannot be rotated: ${leftPendingText(configuration.secretArn, left)}`);
  const rotation = seen.described.RotationLambdaARN;
  if (rotation && rotation !== configuration.rotationFunction) {
    const known = `the environment must name its rotation function, "rotationFunction": "${rotation}"`;
    return refuse(wish, `${name} cannot be rotated by Stepback: ${known}, and be deployed again.`);
  }
  if (rotation) return rollBack(wish, rotate(configuration, wish, seen, current));
  return refuse(
    wish,
    `${name} has no rotation function, so nobody but a person can change it after a breach: make a new value where it ` +
      "is used, store it as a new version, restart its readers, and take the old value's rights away.",
  );
}

interface Observed {
  readonly seen: SecretSight;
  readonly versions: readonly SecretVersionSight[];
  readonly current: SecretVersion;
}

async function back(
  { kms }: ObserverServices,
  configuration: SecretComponent,
  wish: Wish,
  { seen, versions, current }: Observed,
): Promise<Assessment> {
  const { component, target, checkpoints, cut, dataGoesBack, leftAt } = wish;
  const choice = chooseTarget({
    component,
    wish: target,
    current,
    records: recordsOf(component, "secret", checkpoints),
    versions,
    idOf: ({ versionId }) => versionId,
    labelOf: labelOfVersion,
    ...(dataGoesBack && cut ? { cut } : {}),
  });
  if (choice.choice !== "target") return { verdict: verdictOf(wish, choice.choice, choice.reason) };
  // Moved to that very version AWSCURRENT and AWSPENDING meet again; anywhere else AWSPENDING would be its last label.
  const left = leftPendingOf(seen);
  if (left !== undefined && left !== choice.version.versionId) {
    return refuse(wish, leftPendingText(configuration.secretArn, left));
  }
  // Which strategy a rotation follows nobody can see: with a single user the old password is dead (§B).
  const isItsOwn = dataGoesBack || leftAt === current.versionId;
  if (seen.described.RotationEnabled && !isItsOwn) {
    return refuse(
      wish,
      `${nameOf(configuration.secretArn)} is rotated, so the old password is dead in the database: rotate it again, or ` +
        "roll its database back in the same rollback. If the old value is still good, switch rotation off first.",
    );
  }
  const kept = versions.find(({ id }) => id === choice.version.versionId);
  const key = kept ? await keyTrouble(kms, kept) : {};
  if (key.problem) {
    const label = labelOfVersion(choice.version);
    return refuse(wish, `nobody could read ${label}: ${key.problem}. Enable the key, then start again.`);
  }
  const warnings = [...choice.warnings, ...(key.unsure ? [key.unsure] : [])];
  return rollBack(wish, moveTo(configuration, wish, seen, { ...choice, current, warnings }));
}

/**
 * When the value last changed. A moved label leaves no date but LastChangedDate, which Stepback's own labels move too: it
 * counts only when the current version is not the newest.
 */
function lastChangeOf(
  { described }: SecretSight,
  versions: readonly SecretVersionSight[],
  currentId: string,
): Date | undefined {
  const createdAt = versions.find(({ id }) => id === currentId)?.createdAt;
  const isNewest = createdAt && versions.every((other) => !other.createdAt || other.createdAt <= createdAt);
  return isNewest ? createdAt : (described.LastChangedDate ?? createdAt);
}

function rollBack(wish: Wish, move: Move): Assessment {
  return { verdict: { ...verdictOf(wish, "roll-back", move.reason), warnings: move.warnings }, move };
}

const refuse = (wish: Wish, reason: string): Assessment => ({ verdict: verdictOf(wish, "refuse", reason) });

function verdictOf({ component }: Wish, verdict: Verdict["verdict"], reason: string): Verdict {
  return { component, kind: "secret", verdict, reason, warnings: [] };
}

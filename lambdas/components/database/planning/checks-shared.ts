import { isSnapshottedLater } from "../first-backup.ts";
import { peoplesTags } from "../settings/tags.ts";
import { CHANGEABLE_STATUSES, isWorkedOn, pendingOf } from "../states.ts";
import type { Check, Feasibility, Way } from "./check.ts";

/** The ways that make a new database. */
export const COPYING: readonly Way[] = ["point-in-time", "snapshot", "clone"];

/** What is checked of instances and clusters alike; docs/facts/database.md §1, "Blockers". */
export const SHARED_CHECKS: readonly Check[] = [
  {
    name: "status",
    weight: "refuse",
    finds: ({ serving: { identifier, status } }) =>
      CHANGEABLE_STATUSES.includes(status) || isWorkedOn(status)
        ? undefined
        : `${identifier} is ${status}: it can be neither snapshotted nor exchanged; bring it to available first.`,
  },
  {
    name: "busy",
    weight: "warn",
    finds: ({ way, configuration: { serveDuringBackups }, serving }) =>
      isWorkedOn(serving.status) && !isSnapshottedLater({ way, serveDuringBackups }, serving)
        ? `${serving.identifier} is ${serving.status}; the cut-over waits for the end of it.`
        : undefined,
  },
  {
    name: "pending modifications",
    weight: "refuse",
    finds: ({ serving }) => {
      const pending = pendingOf(serving.shape === "cluster" ? serving.cluster : serving.instance);
      if (pending.length === 0) return undefined;
      return `modifications of ${serving.identifier} are pending (${pending.join(", ")}) and would be applied along the way; apply or cancel them first.`;
    },
  },
  {
    name: "blue/green deployment",
    weight: "refuse",
    finds: ({ serving, surroundings: { blueGreen } }) =>
      blueGreen.length === 0
        ? undefined
        : `${serving.identifier} is in the blue/green deployment ${blueGreen.join(", ")}; end that first.`,
  },
  {
    name: "activity stream",
    weight: "refuse",
    finds: ({ serving }) => {
      const { ActivityStreamStatus = "stopped" } =
        serving.shape === "cluster" ? serving.cluster : serving.instance;
      if (ActivityStreamStatus === "stopped") return undefined;
      return `its activity stream is ${ActivityStreamStatus}: a copy has none, and a part of the audit would be missing; stop it first.`;
    },
  },
  {
    name: "pending maintenance",
    weight: "warn",
    finds: ({ surroundings: { maintenance } }) =>
      maintenance.length === 0 ? undefined : `Maintenance is pending: ${maintenance.join(", ")}.`,
  },
  {
    name: "cut-over target",
    weight: "refuse",
    // A rehearsal tells too that users could not be sent anywhere.
    ways: ["point-in-time", "snapshot", "return", "clone"],
    finds: ({ cutOver }) => cutOver,
  },
  {
    name: "quota",
    weight: "refuse",
    finds: quotaProblem,
  },
  {
    name: "encryption key",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { kmsKey }, surroundings: { keyState }, configuration: { kmsKeys } }) => {
      if (kmsKey === undefined || keyState === "Enabled") return undefined;
      if (!kmsKeys.includes(kmsKey)) {
        return `its key ${kmsKey} is not among the environment's kmsKeys, so nobody could restore it; add it and deploy.`;
      }
      return `its key ${kmsKey} is ${keyState}: nothing encrypted with it can be restored; enable the key.`;
    },
  },
  {
    name: "tags",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { tags } }) =>
      // Stepback's own are not carried over.
      peoplesTags(Object.keys(tags).map((Key) => ({ Key }))).length > MOST_TAGS
        ? `it has more than ${MOST_TAGS} tags, and a copy takes four more; remove some.`
        : undefined,
  },
  {
    name: "password",
    weight: "warn",
    ways: ["point-in-time", "snapshot", "backtrack"],
    finds: ({ secretGoesAlong }) =>
      secretGoesAlong
        ? undefined
        : "Passwords go back with the data, and no secret component of the environment names this database: if one was changed since, clients cannot log in.",
  },
];

/** RDS takes 50 tags a resource (its quota; unverified here), and Stepback needs four. */
const MOST_TAGS = 46;

/** What a rollback adds to what a quota counts; checked before anything is stopped (docs/facts/database.md §1). */
function quotaProblem({ serving, way, surroundings: { quotas } }: Feasibility): string | undefined {
  const copies = COPYING.includes(way);
  const isCluster = serving.shape === "cluster";
  const needs: Readonly<Record<string, number>> = {
    DBInstances: copies ? (isCluster ? serving.members.length : 1) : 0,
    DBClusters: copies && isCluster ? 1 : 0,
    AllocatedStorage: copies && !isCluster ? (serving.instance.AllocatedStorage ?? 0) : 0,
    [isCluster ? "ManualClusterSnapshots" : "ManualSnapshots"]: 1,
  };
  const full = quotas.find(
    ({ AccountQuotaName: name = "", Used = 0, Max }) =>
      (needs[name] ?? 0) > 0 && Max !== undefined && Used + (needs[name] ?? 0) > Max,
  );
  if (!full) return undefined;
  return `the quota ${full.AccountQuotaName} is ${full.Used} of ${full.Max}, and ${needs[full.AccountQuotaName ?? ""]} more are needed; raise it in Service Quotas or delete what is unused.`;
}

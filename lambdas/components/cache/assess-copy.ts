import type { ReplicationGroup } from "@aws-sdk/client-elasticache";
import type { CacheComponent } from "../../contracts/kinds/cache.ts";
import type { Wish } from "../component.ts";
import { copyName } from "./copy-name.ts";
import { notesOnCopy, obstacleToCopy } from "./copy-settings.ts";
import { describeGroup, describeMember, hostOf, newestUntil, snapshotsOf, takenAt } from "./groups.ts";
import type { DriverServices } from "./job.ts";
import { readPlain } from "./plain-parameter.ts";
import type { Proposal } from "./proposal.ts";

type Clean = Extract<CacheComponent["clean"], { readonly way: "snapshot" }>;

/** "10-30+ min" until a restored cache can be used (docs/facts/frontend-secrets-config.md §D). */
const PREPARE_SECONDS = 30 * 60;
const SWITCH_SECONDS = 5;

/** Whether a copy from a snapshot can be made, or, for an undo, whether the cache from before is still there. */
export async function assessCopy(
  { ssm, elasticache }: Pick<DriverServices, "ssm" | "elasticache">,
  clean: Clean,
  wish: Wish,
): Promise<Proposal> {
  const now = await readPlain(ssm, clean.endpointParameter);
  if ("problem" in now) return now;
  const group = await describeGroup(elasticache, clean.replicationGroup);
  if (!group) {
    return { problem: `the cache ${clean.replicationGroup} does not exist; correct the environment.` };
  }
  const wanted = hostWished(wish);
  if (wanted !== undefined) return goBack(clean, group, now.value, wanted);
  if (hostOf(group) !== now.value) {
    const problem = `the parameter ${clean.endpointParameter} names another cache than ${clean.replicationGroup}; write the one in use into the environment.`;
    return { problem };
  }
  const obstacle = obstacleToCopy(group);
  if (obstacle !== undefined) return { problem: obstacle };
  const member = await describeMember(elasticache, group);
  if (!member)
    return { problem: `the cache ${clean.replicationGroup} shows no node; wait until it is available.` };
  if (!wish.cut)
    return { problem: "no moment is known that it should go back to; name one with the target at." };

  const snapshot = newestUntil(await snapshotsOf(elasticache, clean.replicationGroup), wish.cut);
  const name = snapshot?.SnapshotName;
  if (!snapshot || name === undefined) {
    const moment = wish.cut.toISOString();
    return { problem: `no snapshot of ${clean.replicationGroup} is as old as ${moment}; use the way epoch.` };
  }
  const to = copyName(clean.replicationGroup, wish.rollbackId, wish.component);
  const taken = takenAt(snapshot)?.toISOString() ?? "";
  return {
    from: { id: now.value, label: clean.replicationGroup },
    to: { id: to, label: `${to}, as of ${taken}` },
    reason: `a copy as of ${taken} takes the place of ${clean.replicationGroup}, which stays.`,
    warnings: [
      "An empty cache is usually better than an old one: the way epoch is quicker and can go wrong less.",
      ...notesOnCopy(group, member),
    ],
    verbs: ["prepare", "cutOver", "confirm"],
    details: { from: now.value, to, snapshot: name },
    prepareSeconds: PREPARE_SECONDS,
    makesCopy: true,
    seconds: SWITCH_SECONDS,
  };
}

/** An undo names the host from before: the cache that the rollback went away from, and never changed. */
function goBack(clean: Clean, group: ReplicationGroup, from: string, wanted: string): Proposal {
  if (from === wanted) return { nothing: "the application is sent to that cache already." };
  if (hostOf(group) !== wanted) {
    return {
      problem: `the host ${wanted} is not that of ${clean.replicationGroup}; send the application there by hand.`,
    };
  }
  if (group.Status !== "available" && group.Status !== "snapshotting") {
    return { problem: `the cache ${clean.replicationGroup} is ${group.Status}; wait until it is available.` };
  }
  return {
    from: { id: from, label: "the copy" },
    to: { id: wanted, label: clean.replicationGroup },
    reason: `the application is sent to ${clean.replicationGroup} again; the copy stays.`,
    warnings: ["What it held before the rollback is still in it, entries of the undone release among them."],
    verbs: ["cutOver", "confirm"],
    details: { from, to: clean.replicationGroup },
    seconds: SWITCH_SECONDS,
  };
}

function hostWished({ target, component }: Wish): string | undefined {
  return typeof target === "object" && "components" in target ? target.components[component] : undefined;
}

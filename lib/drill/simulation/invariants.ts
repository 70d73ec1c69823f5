import { DELETABLE_STATE, OWNERSHIP_TAGS } from "../../../lambdas/contracts/ownership.ts";
import { lockHolder } from "../lock-holder.ts";
import { callsOfStepback } from "../observed.ts";
import type { DrillResult } from "../result.ts";
import { runningVersions } from "../running-versions.ts";
import type { Stage } from "../stage.ts";

/** A law that must hold on every night, whatever happened; the sentence says how it was broken. */
type Invariant = (night: Night) => Promise<string | undefined> | string | undefined;

export interface Night {
  readonly stage: Stage;
  readonly result: DrillResult;
}

/** The laws by name; docs/facts/performance-reliability.md B5 numbers them. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  "I2 nothing is deleted but copies of its own": ({ stage }) => {
    const destroying = accepted(stage, /^(Delete|BatchDelete|Terminate|DeregisterTaskDefinition)/);
    const call = destroying.find((one) => !isOwnCopy(stage, one));
    return call && `${call.service}:${call.operation} ${JSON.stringify(call.input)} was called`;
  },
  "I4 one rollback at a time": ({ result }) => {
    const acted = result.rollbacks.filter((rollback) => rollback.moved);
    const overlap = acted.find((one) => acted.some((other) => other !== one && overlaps(one, other)));
    return overlap && `${overlap.execution} overlaps another that changed something`;
  },
  "I5 the lock is free at the end": async ({ stage }) => {
    const holder = await lockHolder(stage);
    const alive = holder && holder.until >= stage.region.kernel.now;
    return alive ? `${holder.owner} still holds it` : undefined;
  },
  "I6 every rollback ends and people are told": ({ stage, result }) => {
    const open = result.rollbacks.find((rollback) => rollback.endedAt === undefined);
    if (open) return `${open.execution} never ended`;
    const snsBroken = stage.region.faults.struck("sns", "Publish") > 0;
    const told = stage.region.sns.published().length;
    return told === 0 && result.rollbacks.length > 0 && !snsBroken ? "nobody was told anything" : undefined;
  },
  "I1 desired count is never lowered, but to pause writers who then run again": ({ stage }) => {
    const counts = new Map<unknown, number[]>();
    for (const { input } of accepted(stage, /^UpdateService$/)) {
      const { service, desiredCount } = input;
      if (typeof desiredCount === "number")
        counts.set(service, [...(counts.get(service) ?? []), desiredCount]);
    }
    const wrong = [...counts].find(([, all]) => all[0] !== 0 || all.at(-1) === 0);
    return wrong && `UpdateService set the desired counts of ${wrong[0]} to ${wrong[1].join(", ")}`;
  },
  "I16 users are let in and their password fits": ({ stage: { complete } }) => {
    if (complete && complete.gate() !== "open") return `the door is ${complete.gate()}`;
    return complete?.passwordFits() === false ? "the secret's password is not the database's" : undefined;
  },
  "I12 a newer human deployment stands": async ({ stage, result }) => {
    const deployed = result.timeline.some((entry) => entry.who === "people" && entry.text.includes("2.10.2"));
    if (!deployed) return undefined;
    const versions = await runningVersions(stage, "api");
    const again = result.rollbacks.length > 1;
    return versions.includes("2.10.2") || again ? undefined : `api runs ${versions.join(", ")}, not 2.10.2`;
  },
  "I14 Recovered means recovered": async ({ stage, result }) => {
    const [last] = result.rollbacks.filter((rollback) => rollback.moved).slice(-1);
    if (last?.outcome !== "Recovered" || result.rollbacks.at(-1) !== last) return undefined;
    const deployedLater = result.timeline.some(
      (entry) => entry.who === "people" && entry.text.includes("2.10.2"),
    );
    const versions = await runningVersions(stage, "api");
    // No running task at all is not recovered either.
    return deployedLater || (versions.length === 1 && versions[0] === "2.9.5")
      ? undefined
      : `api runs ${versions.join(", ") || "nothing"}`;
  },
  "the region had no bug": ({ stage }) => {
    const [bug] = stage.region.endpoint.bugs;
    return bug === undefined ? undefined : String(bug);
  },
};

/** What Stepback called and AWS did. */
const accepted = (stage: Stage, operation: RegExp) =>
  callsOfStepback(stage).filter((call) => call.outcome === "ok" && operation.test(call.operation));

/** A database that Stepback restored under this name, tagged as not in use. */
function isOwnCopy(stage: Stage, { input }: ReturnType<typeof accepted>[number]): boolean {
  const name = input["DBInstanceIdentifier"] ?? input["DBClusterIdentifier"];
  return accepted(stage, /^(Restore|Create)DB/).some(({ input: made }) => {
    const names = [
      made["TargetDBInstanceIdentifier"] ?? made["DBInstanceIdentifier"],
      made["DBClusterIdentifier"],
    ];
    const tags = (made["Tags"] ?? []) as { Key: string; Value: string }[];
    const isStaging = tags.some((tag) => tag.Key === OWNERSHIP_TAGS.state && tag.Value === DELETABLE_STATE);
    return name !== undefined && names.includes(name) && isStaging;
  });
}

const overlaps = (a: DrillResult["rollbacks"][number], b: DrillResult["rollbacks"][number]) =>
  a.startedAt < (b.endedAt ?? Number.POSITIVE_INFINITY) &&
  b.startedAt < (a.endedAt ?? Number.POSITIVE_INFINITY);

/** The broken laws of a night, each with how it was broken. */
export async function brokenLaws(night: Night): Promise<string[]> {
  const { kernel } = night.stage.region;
  const broken: string[] = [];
  for (const [name, law] of Object.entries(INVARIANTS)) {
    const how = await kernel.complete(Promise.resolve(law(night)));
    if (how !== undefined) broken.push(`${name}: ${how}`);
  }
  return broken;
}

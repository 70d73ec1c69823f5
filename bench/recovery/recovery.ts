import type { DBSnapshotMessage } from "@aws-sdk/client-rds";
import { runningVersions } from "../../lib/drill/running-versions.ts";
import { COMPLETE } from "../../lib/region/application/complete-names.ts";
import type { Took } from "./command-line.ts";
import type { Night } from "./in-night.ts";
import type { Felt, UserWatch } from "./user-watch.ts";

/** How one recovery went, in virtual seconds. */
export interface Recovery {
  readonly seconds: number;
  readonly felt: Felt;
  /** Acknowledged writes that neither a snapshot nor a dump holds, nor the database that serves now. */
  readonly unsaved: number;
  /** Where the time went. */
  readonly took: readonly Took[];
}

/** Listener rules and sessions take some seconds until users feel what was done. */
const SETTLING_MS = 60_000;

/** Sees to it that everything is back and good: a recovery after which it is not is compared with nothing. */
export async function mustHaveRecovered(
  night: Night,
  watch: UserWatch,
  dumpedAt: readonly number[] = [],
): Promise<Pick<Recovery, "felt" | "unsaved">> {
  await night.stage.region.kernel.sleep(SETTLING_MS);
  const felt = watch.end();
  const problems = await problemsOf(night);
  if (problems.length > 0) throw new Error(`Not recovered: ${problems.join("; ")}`);
  return { felt, unsaved: await unsavedIn(night, dumpedAt) };
}

async function problemsOf({ stage, complete }: Night): Promise<readonly string[]> {
  const versions = [await runningVersions(stage, "api"), await runningVersions(stage, "web")].flat();
  const releases = [...versions, ...Object.values(complete.frontendReleases())];
  return [
    ...complete.symptoms(),
    ...(complete.content()?.corrupted ?? ["no database"]).map((table) => `${table} is damaged`),
    ...releases.filter((release) => release !== "2.9.5").map((release) => `${release} runs`),
    ...(complete.gate() === "open" ? [] : ["the page is up"]),
    ...(complete.passwordFits() ? [] : ["the password does not fit"]),
    ...(complete.writersRunning() >= 3 ? [] : ["writers are missing"]),
  ];
}

async function unsavedIn({ stage, complete }: Night, dumpedAt: readonly number[]): Promise<number> {
  const asked = { DBInstanceIdentifier: COMPLETE.database, SnapshotType: "manual" };
  const answer: DBSnapshotMessage = await stage.region.operate("rds", "DescribeDBSnapshots", asked);
  const taken = (answer.DBSnapshots ?? []).map(({ SnapshotCreateTime: at }) => at?.getTime() ?? 0);
  return complete.wroteDuringCutOver(Math.max(0, ...taken, ...dumpedAt)).writes;
}

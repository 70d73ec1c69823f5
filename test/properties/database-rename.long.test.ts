import { describe, expect, it } from "vitest";
import { liveThrough, type Morning } from "../unit/database/live-through.ts";
import { nightOf } from "../unit/database/make-night.ts";

/** More nights than the suite has time for: `DATABASE_NIGHTS=450 npm run test:long -- database-rename`. */
const NIGHTS = Number(process.env["DATABASE_NIGHTS"] ?? 15);
/** From here on somebody takes names, everything is stopped, and users come back, within few nights. */
const FIRST = Number(process.env["DATABASE_NIGHT"] ?? 31);
const SEEDS = Array.from({ length: NIGHTS }, (_, index) => FIRST + index);

describe("a rollback of a database while everything goes wrong", () => {
  it.each(SEEDS)("keeps every law in night %i", async (seed) => {
    expectLaws(await liveThrough(nightOf(seed)));
  });

  it.each(SEEDS.slice(0, 5))("keeps every law in night %i when it is a cluster", async (seed) => {
    expectLaws(await liveThrough({ ...nightOf(seed), shape: "cluster" }));
  });

  it("has its copy deleted by one request, though RDS goes on saying available (night 1035)", async () => {
    const morning = await liveThrough(nightOf(1035));

    expectLaws(morning);
    expect(morning.stage.calls("DeleteDBInstance")).toHaveLength(1);
  });
});

function expectLaws(morning: Morning): void {
  expect(morning.stage.endpoint.bugs).toEqual([]);
  expectNothingTwice(morning);
  expectNothingLost(morning);
  if (isHalfWay(morning)) expectCommands(morning);
  else expectOneServes(morning);
}

/** One copy, one rename for each step, and nothing more when the last verbs are asked again. */
function expectNothingTwice({
  stage,
  night,
  move,
  changedAgain,
  again,
  out,
  back,
  foreigner,
}: Morning): void {
  const restores = [
    ...stage.calls("RestoreDBInstanceToPointInTime"),
    ...stage.calls("RestoreDBClusterToPointInTime"),
  ].filter(({ Tags }) => Tags !== undefined);
  expect(restores.length).toBeLessThanOrEqual(1);
  const renames = renamesOf(stage);
  if (night.strategy !== "rename") expect(renames).toEqual([]);
  if (!foreigner) expect(renames.length, renames.join()).toBe(new Set(renames).size);
  if (night.strategy === "rename" && !out && !back && again.status === "done") {
    const { identifier, retiredIdentifier, stagingIdentifier } = move.details;
    const both = [`${identifier} to ${retiredIdentifier}`, `${stagingIdentifier} to ${identifier}`];
    expect(renames).toEqual(both);
  }
  expect(changedAgain).toBe(0);
}

/** The old database, what users were ever on, and what is somebody else's are there. */
function expectNothingLost({ stage, prod, served, oldWasGone, foreigner, move }: Morning): void {
  expect(oldWasGone).toBe(false);
  for (const id of [prod.resourceId, ...served]) {
    expect(stage.databases.instance(id)?.status, id).toBe("available");
  }
  if (foreigner) {
    const names = [
      move.details["identifier"],
      move.details["stagingIdentifier"],
      move.details["retiredIdentifier"],
    ];
    expect(names).toContain(stage.databases.instance(foreigner)?.id);
  }
}

/** Whoever should serve is where writers connect, at rest and reachable, with the data that it should hold. */
function expectOneServes(morning: Morning): void {
  const { stage, path, prod, again, served } = morning;
  expect(again).toMatchObject({ status: "done" });
  const serving = stage.databases.instance(path());
  const goesOn = stage.entries.has("switched") && !stage.entries.has("reverted");
  expect(serving?.resourceId === prod.resourceId).toBe(!goesOn);
  if (goesOn) expect(served).toContain(serving?.resourceId);
  expect(serving?.status).toBe("available");
  expect(stage.databases.connectable(path())).toBe(true);
  expect(stage.databases.contentAt(path())?.rows["orders"]).toBe(goesOn ? 1_000 : 1_005);
}

/** Only somebody else's doing can leave it half way, and then a person is told what to type. */
function expectCommands({ foreigner, back, out, again }: Morning): void {
  expect(foreigner).toBeDefined();
  const ticks = [back, out, again].filter((tick) => tick?.status === "failed");
  for (const { note } of ticks) expect(note).toContain("aws rds");
}

function isHalfWay({ back, out, again }: Morning): boolean {
  return [back, out, again].some((tick) => tick?.status === "failed");
}

function renamesOf(stage: Morning["stage"]): readonly string[] {
  const instances = stage
    .renames()
    .map((input) => `${input["DBInstanceIdentifier"]} to ${input["NewDBInstanceIdentifier"]}`);
  const clusters = stage
    .calls("ModifyDBCluster")
    .filter((input) => input["NewDBClusterIdentifier"] !== undefined)
    .map((input) => `${input["DBClusterIdentifier"]} to ${input["NewDBClusterIdentifier"]}`);
  return [...instances, ...clusters];
}

import {
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { Random } from "../../../lib/region/kernel/random.ts";
import { QUICK } from "./make-move.ts";
import type { MoveStage } from "./make-move-stage.ts";
import type { Night } from "./make-night.ts";
import { makeStrategyStage } from "./make-strategy-stage.ts";

/** What is left after a night, to be held against the laws. */
export type Morning = Awaited<ReturnType<typeof liveThrough>>;

/** Lives through one rollback as the workflow runs it: forward, back when asked, and out when stopped or failed. */
export async function liveThrough(night: Night) {
  const { strategy, shape, seed } = night;
  const isBad = night.trouble === "copy is bad" || night.trouble === "serving is bad";
  // A task that the plan does not carry: its check always fails.
  const checks = isBad ? [{ name: "smoke", task: "gone" }] : [];
  const made = makeStrategyStage(strategy, { seed, shape, checks });
  const { stage, move, prod } = made;
  upset(stage, night);
  const watch = watchOver(made, night);
  const run = (verbs: readonly Verb[]) => stage.run(move, verbs, { each: watch.look });

  const forward = await stopped(watch.look().then(() => run(["prepare", "cutOver", "confirm"])));
  const serves = stage.entries.has("switched");
  const back = forward && serves && night.comesBack ? await stopped(run(["revert"])) : undefined;
  const last = back ?? forward;
  const over = last?.status === "done" && (back !== undefined || !night.comesBack || !serves);
  watch.stop();
  const out = over ? undefined : await run(night.wayOut);

  stage.faults.clear();
  stage.crashingWrites = new Set();
  const changes = changesOf(stage);
  const again = await stage.run(move, out ? night.wayOut : back ? ["revert"] : ["tidy", "discard"]);
  const changedAgain = changesOf(stage) - changes;
  // What was accepted and not seen lands now.
  await stage.forSeconds(3_600);
  return { ...made, prod, night, forward, back, out, again, changedAgain, ...watch.seen };
}

/** Undefined when everything was stopped in between. */
async function stopped(run: Promise<Tick>): Promise<Tick | undefined> {
  return run.catch((error: unknown) => {
    if (error instanceof Stopped) return undefined;
    throw error;
  });
}

class Stopped extends Error {
  override readonly name = "Stopped";
}

function upset(stage: MoveStage, { flapPolls, renameShowsPending, faults, crashes, trouble }: Night): void {
  const { drill } = stage.databases;
  drill.pace = { ...QUICK, renameFlap: [0, flapPolls * 10_000] };
  drill.renameShowsPending = renameShowsPending;
  for (const { effect, probability, times } of faults) {
    stage.faults.add({ effect, probability, times });
  }
  stage.crashingWrites = new Set(crashes);
  if (trouble === "restore fails") drill.failNextRestore("incompatible-restore");
  if (trouble !== "serving is bad") return;
  const step = "check-copy-smoke";
  const at = new Date(stage.kernel.now).toISOString();
  stage.entries.set(step, { component: "db", step, at, facts: {} });
}

/** Looks at the world after every tick, and is the somebody else who takes a name. */
function watchOver({ stage, move, prod, path }: ReturnType<typeof makeStrategyStage>, night: Night) {
  const random = new Random(night.seed).fork("late");
  const { databases } = stage;
  const seen = { oldWasGone: false, served: new Set<string>(), foreigner: undefined as string | undefined };
  const { stagingIdentifier, retiredIdentifier, identifier } = move.details;
  const names = { own: identifier, staging: stagingIdentifier, retired: retiredIdentifier };
  let looks = 0;
  let stopAfter = night.stopAfter;
  const look = async () => {
    looks += 1;
    const serving = databases.instance(path())?.resourceId;
    if (serving && stage.entries.has("switched")) seen.served.add(serving);
    seen.oldWasGone ||= databases.instance(prod.resourceId) === undefined;
    const { foreigner } = night;
    const free = foreigner && databases.instance(String(names[foreigner.name])) === undefined;
    if (free && !seen.foreigner && looks >= foreigner.from) {
      seen.foreigner = await grab(stage, night, { name: String(names[foreigner.name]), of: prod.resourceId });
    }
    if (looks === stopAfter) throw new Stopped();
    if (random.chance(night.late)) await stage.forSeconds(random.integer(10, 900));
  };
  return { look, seen, stop: () => (stopAfter = undefined) };
}

/** Somebody restores a database under a name that happens to be free; answers its resource id. */
async function grab(
  stage: MoveStage,
  { shape }: Night,
  { name, of }: { readonly name: string; readonly of: string },
): Promise<string | undefined> {
  const credentials = { accessKeyId: "operator", secretAccessKey: "operator" };
  const client = new RDSClient({ ...stage.clientSettings(), credentials });
  const restore =
    shape === "cluster"
      ? client.send(
          new RestoreDBClusterToPointInTimeCommand({
            SourceDbClusterResourceId: of,
            DBClusterIdentifier: name,
            UseLatestRestorableTime: true,
            DBSubnetGroupName: "prod-subnets",
          }),
        )
      : client.send(
          new RestoreDBInstanceToPointInTimeCommand({
            SourceDbiResourceId: of,
            TargetDBInstanceIdentifier: name,
            UseLatestRestorableTime: true,
            DBSubnetGroupName: "prod-subnets",
          }),
        );
  await stage.kernel.complete(stage.kernel.activity("somebody", () => restore.catch(() => undefined)));
  return stage.databases.instance(name)?.resourceId;
}

function changesOf({ endpoint }: MoveStage): number {
  return endpoint.calls.filter(({ mutating }) => mutating).length;
}

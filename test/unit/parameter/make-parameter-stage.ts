import type { Assessment, Wish } from "../../../lambdas/components/component.ts";
import { parameterDriver } from "../../../lambdas/components/parameter/driver.ts";
import { parameterKeeper } from "../../../lambdas/components/parameter/keep.ts";
import { parameterObserver } from "../../../lambdas/components/parameter/observe.ts";
import { parameterVersionReader } from "../../../lambdas/components/parameter/read-version.ts";
import type { ParameterComponent, ParameterSource } from "../../../lambdas/contracts/kinds/parameter.ts";
import type { Checkpoint } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { CheckpointStatus, Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { allow, makeConfigurationRegion } from "../region/make-configuration-region.ts";
import { CallWatch } from "../secret/call-watch.ts";
import { makeWish } from "../secret/make-secret-stage.ts";
import { MemoryJournal } from "../secret/memory-journal.ts";
import { tickThrough } from "../secret/tick-through.ts";

/** A region with Stepback's observer and driver for one component of configuration; nothing is installed yet. */
export function makeParameterStage({ seed = 1 }: { readonly seed?: number } = {}) {
  const region = makeConfigurationRegion({ seed });
  const clock = () => region.kernel.date();
  const journal = new MemoryJournal(clock);
  const checkpoints: Checkpoint[] = [];
  const calls = new CallWatch();
  let clients: Pick<typeof region.operator, "ssm" | "appconfig"> = region.roleWith(
    "stepback",
    allow("*", "*"),
  );
  calls.watch(clients.ssm);
  calls.watch(clients.appconfig);
  const configuration: ParameterComponent = {
    kind: "parameter",
    source: { store: "ssm-label", names: ["/shop/flags"], label: "live" },
    readBy: ["api"],
    dependsOn: [],
    deadlineMinutes: 15,
  };
  const driver = () => parameterDriver({ ...clients, clock, journal, rollbackId: "rb-1" });
  const runner = { driver, call: region.run, pass: region.pass };
  const read = () => region.run(() => parameterVersionReader({ ...clients, clock })(configuration));

  return {
    ...region,
    clock,
    journal,
    /** What Stepback asks of Parameter Store and AppConfig. */
    calls,
    configuration,
    /** From now on Stepback acts with these clients. */
    actAs: (others: Pick<typeof region.operator, "ssm" | "appconfig">) => {
      clients = others;
    },
    from: (source: ParameterSource) => {
      configuration.source = source;
    },
    read,
    /** Records what is live in the ledger, newest first. */
    record: async (status: CheckpointStatus) => {
      const version = await read();
      if (!version) throw new Error("Nothing to record: it is on its way");
      checkpoints.unshift({
        id: `cp-${checkpoints.length}`,
        status,
        recordedAt: clock().toISOString(),
        because: `it is ${status}`,
        vector: { flags: version },
      });
    },
    assess: (wish: Partial<Wish> = {}): Promise<Assessment> => {
      const observer = parameterObserver({ ...clients, clock });
      return region.run(() =>
        observer.assess(configuration, makeWish(checkpoints, { component: "flags", ...wish })),
      );
    },
    /** One tick of one verb. */
    tick: (move: Move, verb: Verb): Promise<Tick> => region.run(() => driver().tick(verb, move)),
    /** Ticks the verbs of a move until they are done or one fails. */
    carryOut: (move: Move, verbs?: readonly Verb[], ticks?: Tick[]) =>
      tickThrough(runner, move, { ...(verbs ? { verbs } : {}), ...(ticks ? { ticks } : {}) }),
    keep: () =>
      region.run(() => parameterKeeper(clients)(configuration, { kind: "parameter", versions: {} }, "cp-0")),
  };
}

export type ParameterStage = ReturnType<typeof makeParameterStage>;

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { SSMClient } from "@aws-sdk/client-ssm";
import { cacheDriver } from "../../../lambdas/components/cache/driver.ts";
import { cacheObserver } from "../../../lambdas/components/cache/observe.ts";
import type { Assessment, Wish } from "../../../lambdas/components/component.ts";
import { CacheComponent } from "../../../lambdas/contracts/kinds/cache.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import { elastiCacheService } from "../../../lib/region/services/elasticache/elasticache-service.ts";
import { kmsService } from "../../../lib/region/services/kms/kms-service.ts";
import { ssmService } from "../../../lib/region/services/ssm/ssm-service.ts";
import { makeClientSettings, makeContext } from "../task/make-client-settings.ts";
import { drive, makeJournal } from "../task/make-journal.ts";
import { makeTask, type makeTaskStage } from "../task/make-task-stage.ts";
import { makeWish } from "../task/make-wish.ts";

export const EPOCH = "/shop/cache-epoch";
export const HOST = "/shop/cache-host";

const make = (clean: CacheComponent["clean"]): CacheComponent =>
  CacheComponent.parse({ kind: "cache", clean });
export const byEpoch = make({ way: "epoch", parameter: EPOCH });
export const byFlush = make({ way: "flush", ephemeral: true, task: "flush" });
export const bySnapshot = make({ way: "snapshot", replicationGroup: "shop", endpointParameter: HOST });

/** A cache `shop` in use since before the story, with its epoch 7 and its host in parameters, and a driver of the kind. */
export function makeCacheStage({
  tasks,
  policy,
  epoch = "7",
}: {
  /** Where the task runs that flushes; without it there is no ECS. */
  readonly tasks?: Awaited<ReturnType<typeof makeTaskStage>>;
  readonly policy?: readonly PolicyStatement[];
  readonly epoch?: string;
} = {}) {
  const kernel = tasks?.kernel ?? new Kernel({ seed: 7, start: Date.UTC(2026, 10, 21, 9) });
  const context = makeContext(kernel);
  const kms = kmsService(context);
  const ssm = ssmService(context, { keys: kms.keys });
  const cache = elastiCacheService(context);
  cache.install.replicationGroup({
    id: "shop",
    content: { "7:user:1": "old" },
    settings: { subnetGroup: "private", securityGroupIds: ["sg-0a1b2c3d"], userGroupIds: ["shop-users"] },
  });
  const modifiedAt = kernel.now;
  const host = "master.shop.789012.eu-west-1.cache.amazonaws.com";
  for (const [name, value] of [
    [EPOCH, epoch],
    [HOST, host],
  ] as const) {
    ssm.install({ name, type: "String", versions: [{ value, modifiedAt, description: `the ${name}` }] });
  }
  const models = [...(tasks?.endpoint.services ?? []), kms.model, ssm.model, cache.model];
  const { faults, endpoint, settings } = makeClientSettings(kernel, models, policy);
  const clients = {
    ssm: new SSMClient(settings),
    elasticache: new ElastiCacheClient(settings),
    ecs: new ECSClient(settings),
    logs: new CloudWatchLogsClient(settings),
  };
  const { journal, entries, crashes } = makeJournal(kernel);
  const clock = () => kernel.date();
  const { rollbackId } = makeWish();
  const driver = () => cacheDriver({ ...clients, clock, journal, rollbackId });
  const neighbours = { flush: makeTask({ command: ["flush-all"], changesData: false }) };
  const assess = (configuration: CacheComponent, wish: Partial<Wish> = {}): Promise<Assessment> =>
    cacheObserver(clients).assess(configuration, makeWish({ neighbours, ...wish }));
  return {
    ...{ kernel, ssm, cache, host, faults, endpoint, clients, entries, crashes, driver, assess, journal },
    /** The move that an assessment proposes; a verdict without one ends the test with its reason. */
    plan: async (configuration: CacheComponent, wish: Partial<Wish> = {}): Promise<Move> => {
      const { move, verdict } = await assess(configuration, wish);
      if (!move) throw new Error(`${verdict.verdict}: ${verdict.reason}`);
      return move;
    },
    run: (move: Move, verbs?: Move["verbs"]) => drive({ kernel, driver }, move, verbs),
    accepted: (operation: string) =>
      endpoint.calls.filter((call) => call.operation === operation && call.outcome === "ok"),
    pass: (seconds: number) => kernel.runUntil(kernel.now + seconds * 1_000),
  };
}

export type CacheStage = ReturnType<typeof makeCacheStage>;

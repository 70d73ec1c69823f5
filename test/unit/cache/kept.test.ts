import { AddTagsToResourceCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { cacheKeptReader } from "../../../lambdas/components/cache/kept/kept-reader.ts";
import type { CacheComponent } from "../../../lambdas/contracts/kinds/cache.ts";
import type { Kept } from "../../../lambdas/domain/kept/kept.ts";
import { grantRememberCache, keptCacheAddress } from "../../../lib/stack/components/cache-kept.ts";
import { typedCommand } from "../../support/typed-command.ts";
import { invoke } from "../messaging/make-region.ts";
import { granted } from "../secret/granted.ts";
import { makeClientSettings } from "../task/make-client-settings.ts";
import { byEpoch, byFlush, bySnapshot, type CacheStage, HOST, makeCacheStage } from "./make-cache-stage.ts";

/** A cache whose copy from a snapshot is in use since a rollback. */
async function makeRolledBack() {
  const stage = makeCacheStage();
  stage.cache.install.snapshot("shop", "automatic.shop-1");
  await stage.pass(600);
  const move = await stage.plan(bySnapshot, { cut: stage.kernel.date() });
  await stage.run(move);
  return { stage, copy: move.to.id };
}

/** Looks with what the function is granted, and no more. */
async function read(
  { kernel, endpoint }: CacheStage,
  configuration: CacheComponent = bySnapshot,
  undone: readonly string[] = [],
): Promise<readonly Kept[]> {
  const models = endpoint.services.filter(({ signingName }) => ["ssm", "elasticache"].includes(signingName));
  const policy = granted((scope, to) => grantRememberCache(scope, to, configuration));
  const own = makeClientSettings(kernel, models, policy);
  const reader = cacheKeptReader({
    ssm: new SSMClient(own.settings),
    elasticache: new ElastiCacheClient(own.settings),
    environment: "prod",
    undoLeadsTo: async (_rollback, _component, version) => undone.includes(version),
  });
  const address = keptCacheAddress(configuration);
  const kept = address
    ? await kernel.complete(kernel.activity("look", () => reader("it", address, kernel.date())))
    : [];
  expect(
    own.endpoint.calls.map(({ operation }) => operation).filter((one) => !/^(Describe|Get|List)/.test(one)),
  ).toEqual([]);
  const used = new Set(own.endpoint.calls.map(({ service, operation }) => `${service}:${operation}`));
  expect(policy.flatMap(({ Action = [] }) => Action).filter((action) => !used.has(action))).toEqual([]);
  return kept;
}

const as = (stage: CacheStage, work: () => Promise<unknown>) =>
  stage.kernel.complete(stage.kernel.activity("operator", work));
const writeHost = (stage: CacheStage, Value: string) =>
  as(stage, () => stage.clients.ssm.send(new PutParameterCommand({ Name: HOST, Value, Overwrite: true })));

describe("what a rollback of a cache left behind", () => {
  it("is the cache from before, a week after nobody is sent to it any more", async () => {
    const { stage, copy } = await makeRolledBack();

    expect(await read(stage)).toEqual([
      expect.objectContaining({
        component: "it",
        what: "cache shop",
        paidFor: "2 x cache.t4g.small, and its backups",
        expires: "2026-11-28",
        facts: [
          `Services are sent to ${copy}, by the parameter ${HOST}.`,
          expect.stringContaining("No undo leads to it"),
        ],
      }),
    ]);
    expect((await read(stage, bySnapshot, [stage.host]))[0]?.facts.at(-1)).toContain(
      "--mode undo --undoes rb-",
    );
  });

  it("goes by the lines that are shown, and leaves a snapshot", async () => {
    const { stage, copy } = await makeRolledBack();
    const [kept] = await read(stage);

    const lines = kept?.removal.commands.map(typedCommand) ?? [];
    for (const { service, operation, input } of lines) {
      if (service === "elasticache") await invoke(stage.cache.model, operation, input);
    }
    await stage.pass(3_600);

    expect(lines.map(({ operation }) => operation)).toEqual([
      "GetMetricStatistics",
      "GetMetricStatistics",
      "DeleteReplicationGroup",
    ]);
    expect(() => stage.cache.caches.content("shop")).toThrow(/no cache/);
    expect(stage.cache.caches.content(copy)).toBeDefined();
    expect(await read(stage)).toEqual([]);
  });

  it("is the copy once services are sent to the cache from before again", async () => {
    const { stage, copy } = await makeRolledBack();
    await writeHost(stage, stage.host);

    expect(await read(stage)).toEqual([
      expect.objectContaining({
        what: `cache ${copy}`,
        removal: expect.objectContaining({ advice: "remove" }),
      }),
    ]);
  });

  it("is found too when the copy's name stands in the environment", async () => {
    const { stage, copy } = await makeRolledBack();
    if (bySnapshot.clean.way !== "snapshot") throw new Error("It has a copy");
    const renamed = { ...bySnapshot, clean: { ...bySnapshot.clean, replicationGroup: copy } };

    expect((await read(stage, renamed)).map(({ what }) => what)).toEqual(["cache shop"]);
  });

  it("is kept longer by the line that is shown", async () => {
    const { stage } = await makeRolledBack();
    const { input, operation } = typedCommand((await read(stage))[0]?.keepLonger ?? "");
    await invoke(stage.cache.model, operation, input);

    expect((await read(stage)).map(({ expires }) => expires)).toEqual(["2026-12-21"]);
  });

  it("is not suggested for removal when the parameter names a cache that is none of its own", async () => {
    const { stage, copy } = await makeRolledBack();
    await writeHost(stage, "cache.internal.example");

    expect(await read(stage)).toEqual([
      expect.objectContaining({
        what: `cache ${copy}`,
        removal: expect.objectContaining({ advice: "leave" }),
      }),
    ]);
  });

  it("is nothing when no rollback made a copy, and where rollbacks make none", async () => {
    expect(await read(makeCacheStage())).toEqual([]);
    expect(await read(makeCacheStage(), byEpoch)).toEqual([]);
    expect(await read(makeCacheStage(), byFlush)).toEqual([]);
  });

  it("is not a cache that merely looks like a copy", async () => {
    const { stage } = await makeRolledBack();
    stage.cache.install.replicationGroup({ id: "shop-sb-0a1b2c3d" });
    const arn = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:shop-sb-0a1b2c3d";
    const Tags = [{ Key: "stepback:source", Value: "shop" }];
    await as(stage, () =>
      stage.clients.elasticache.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags })),
    );

    expect((await read(stage)).map(({ what }) => what)).toEqual(["cache shop"]);
  });
});

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { SSMClient } from "@aws-sdk/client-ssm";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { ledgerOf } from "../../platform/ledger/ledger-of.ts";
import { undoLeadsTo } from "../../platform/ledger/undo-leads-to.ts";
import { CLIENT_OPTIONS } from "../../platform/platform.ts";
import type { MakeDriver, MakeKeptReader, MakeObserver } from "../component.ts";
import { cacheDriver } from "./driver.ts";
import { cacheKeptReader } from "./kept/kept-reader.ts";
import { cacheObserver } from "./observe.ts";

const clients = () => ({
  ssm: new SSMClient(CLIENT_OPTIONS),
  elasticache: new ElastiCacheClient(CLIENT_OPTIONS),
  ecs: new ECSClient(CLIENT_OPTIONS),
});

/** Caches at run time: one export a use, so that a function carries only what it needs. */
export const cacheObserving: MakeObserver<"cache"> = () => cacheObserver(clients());

export const cacheRemembering: MakeKeptReader<"cache"> = (platform) =>
  cacheKeptReader({
    ssm: new SSMClient(CLIENT_OPTIONS),
    elasticache: new ElastiCacheClient(CLIENT_OPTIONS),
    undoLeadsTo: undoLeadsTo(ledgerOf(platform)),
    environment: platform.setting("environmentName"),
  });

export const cacheMoving: MakeDriver = (platform) => {
  const services = { ...clients(), logs: new CloudWatchLogsClient(CLIENT_OPTIONS) };
  return (request) =>
    cacheDriver({
      ...services,
      clock: platform.clock,
      rollbackId: request.rollbackId,
      journal: journalOf(platform, request),
    });
};

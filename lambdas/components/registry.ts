import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { Checkpoint, checkpointKey } from "../contracts/ledger.ts";
import type { TickRequest } from "../contracts/tick.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import { fencedJournal } from "../platform/ledger/fenced-journal.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import { CLIENT_OPTIONS, type Platform } from "../platform/platform.ts";
import type { Driver, Observer, VersionReader } from "./component.ts";
import { ecsServiceDriver } from "./ecs-service/driver.ts";
import { ecsServiceObserver } from "./ecs-service/observe.ts";
import { ecsServiceVersionReader } from "./ecs-service/observe-version.ts";

/** The runtime half of every kind; its twin on the stack is lib/stack/components/registry.ts. */
export function observersOf({ clock, region, setting }: Platform): Readonly<Record<Kind, Observer>> {
  const clients = {
    ecs: new ECSClient(CLIENT_OPTIONS),
    ecr: new ECRClient(CLIENT_OPTIONS),
    cloudwatch: new CloudWatchClient(CLIENT_OPTIONS),
  };
  return { "ecs-service": ecsServiceObserver({ ...clients, clock, region, account: setting("account") }) };
}

export function versionReadersOf(_platform: Platform): Readonly<Record<Kind, VersionReader>> {
  return { "ecs-service": ecsServiceVersionReader({ ecs: new ECSClient(CLIENT_OPTIONS) }) };
}

/** Each kind's mover is a function of its own, so that it carries its own clients and permissions only. */
export function ecsServiceDriverOf(platform: Platform): (request: TickRequest) => Driver {
  const ledger = ledgerOf(platform);
  const { clock, region, setting } = platform;
  const clients = {
    ecs: new ECSClient(CLIENT_OPTIONS),
    ecr: new ECRClient(CLIENT_OPTIONS),
    cloudwatch: new CloudWatchClient(CLIENT_OPTIONS),
  };
  return ({ rollbackId, fence }) =>
    ecsServiceDriver({
      ...clients,
      clock,
      region,
      account: setting("account"),
      rollbackId,
      journal: fencedJournal(ledger, { rollbackId, fence, clock }),
      checkpointOf: (id) => ledger.get(checkpointKey(id), Checkpoint),
    });
}

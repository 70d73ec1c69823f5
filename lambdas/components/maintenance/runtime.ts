// KeyValueStore takes SigV4A only, and the SDK finds its signer by this import (docs/facts/frontend-secrets-config.md §A.2).
import "@aws-sdk/signature-v4a";
import { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { WAFV2Client } from "@aws-sdk/client-wafv2";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { CLIENT_OPTIONS } from "../../platform/platform.ts";
import type { MakeDriver, MakeObserver } from "../component.ts";
import { maintenanceDriver } from "./driver.ts";
import type { Clients } from "./job.ts";
import { maintenanceObserver } from "./observe.ts";

const clients = (): Clients => ({
  balancing: new ElasticLoadBalancingV2Client(CLIENT_OPTIONS),
  keyValueStore: new CloudFrontKeyValueStoreClient(CLIENT_OPTIONS),
  ssm: new SSMClient(CLIENT_OPTIONS),
  waf: new WAFV2Client(CLIENT_OPTIONS),
});

/** Maintenance mode and isolation at run time: one export a use, so that a function carries only what it needs. */
export const maintenanceObserving: MakeObserver<"maintenance"> = () => maintenanceObserver(clients());

export const maintenanceMoving: MakeDriver = (platform) => {
  const services = { ...clients(), clock: platform.clock };
  return (request) => maintenanceDriver({ ...services, journal: journalOf(platform, request) });
};

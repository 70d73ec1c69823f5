// KeyValueStore takes SigV4A alone; the SDK finds the signer by this import's effect and throws without it
// (docs/facts/frontend-secrets-config.md §A.2). The package says `sideEffects: true`, so that esbuild keeps it.
import "@aws-sdk/signature-v4a";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { S3Client } from "@aws-sdk/client-s3";
import { httpProbe } from "../../platform/http-probe.ts";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { CLIENT_OPTIONS } from "../../platform/platform.ts";
import type { MakeDriver, MakeObserver, MakeVersionReader } from "../component.ts";
import { COPYING_OPTIONS } from "./copying/copying-options.ts";
import { frontendDriver } from "./driver.ts";
import type { Clients } from "./job.ts";
import { frontendObserver } from "./observe.ts";
import { frontendVersionReader } from "./read-version.ts";

const clientsOf = (): Clients => ({
  s3: new S3Client({ ...CLIENT_OPTIONS, ...COPYING_OPTIONS }),
  // Global services: their control planes live in us-east-1 (§A.1).
  cloudfront: new CloudFrontClient({ ...CLIENT_OPTIONS, region: "us-east-1" }),
  keyValueStore: new CloudFrontKeyValueStoreClient(CLIENT_OPTIONS),
});

/** Frontends at run time: one export a use, so that a function carries only what it needs. */
export const frontendObserving: MakeObserver<"frontend"> = () => frontendObserver(clientsOf());

export const frontendReading: MakeVersionReader<"frontend"> = () => frontendVersionReader(clientsOf());

export const frontendMoving: MakeDriver = (platform) => {
  const clients = clientsOf();
  const probe = httpProbe();
  return (request) =>
    frontendDriver({
      ...clients,
      probe,
      clock: platform.clock,
      account: platform.setting("account"),
      environment: platform.setting("environmentName"),
      reportBucket: platform.setting("reportBucket"),
      rollbackId: request.rollbackId,
      journal: journalOf(platform, request),
    });
};

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { ledgerOf } from "../../platform/ledger/ledger-of.ts";
import { undoLeadsTo } from "../../platform/ledger/undo-leads-to.ts";
import { CLIENT_OPTIONS, type Platform } from "../../platform/platform.ts";
import type { MakeDriver, MakeKeptReader, MakeObserver, MakeVersionReader } from "../component.ts";
import { databaseDriver } from "./driver.ts";
import { databaseKeptReader } from "./kept/kept-reader.ts";
import { databaseObserver } from "./observe.ts";
import { databaseVersionReader } from "./read-version.ts";

const readersOf = ({ clock }: Platform) => ({
  rds: new RDSClient(CLIENT_OPTIONS),
  ssm: new SSMClient(CLIENT_OPTIONS),
  secrets: new SecretsManagerClient(CLIENT_OPTIONS),
  ecs: new ECSClient(CLIENT_OPTIONS),
  clock,
});

/** Databases at run time: one export a use, so that a function carries only what it needs. */
export const databaseObserving: MakeObserver<"database"> = (platform) =>
  databaseObserver({ ...readersOf(platform), kms: new KMSClient(CLIENT_OPTIONS) });

export const databaseReading: MakeVersionReader<"database"> = () =>
  databaseVersionReader({ rds: new RDSClient(CLIENT_OPTIONS) });

export const databaseRemembering: MakeKeptReader<"database"> = (platform) =>
  databaseKeptReader({
    rds: new RDSClient(CLIENT_OPTIONS),
    ssm: new SSMClient(CLIENT_OPTIONS),
    secrets: new SecretsManagerClient(CLIENT_OPTIONS),
    undoLeadsTo: undoLeadsTo(ledgerOf(platform)),
    environment: platform.setting("environmentName"),
  });

export const databaseMoving: MakeDriver = (platform) => {
  const clients = {
    ...readersOf(platform),
    rdsOnce: new RDSClient({ ...CLIENT_OPTIONS, maxAttempts: 1 }),
    logs: new CloudWatchLogsClient(CLIENT_OPTIONS),
  };
  return (request) =>
    databaseDriver({
      ...clients,
      rollbackId: request.rollbackId,
      journal: journalOf(platform, request),
    });
};

import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { CLIENT_OPTIONS } from "../../platform/platform.ts";
import type { MakeDriver, MakeKeeper, MakeObserver, MakeVersionReader } from "../component.ts";
import { secretDriver } from "./driver.ts";
import { secretKeeper } from "./keep.ts";
import { secretObserver } from "./observe.ts";
import { secretVersionReader } from "./read-version.ts";

const clients = () => ({
  secrets: new SecretsManagerClient(CLIENT_OPTIONS),
  kms: new KMSClient(CLIENT_OPTIONS),
});

/** Secrets at run time: one export a use, so that a function carries only what it needs. */
export const secretObserving: MakeObserver<"secret"> = ({ region }) =>
  secretObserver({ ...clients(), region });

export const secretReading: MakeVersionReader<"secret"> = ({ clock }) =>
  secretVersionReader({ secrets: new SecretsManagerClient(CLIENT_OPTIONS), clock });

export const secretKeeping: MakeKeeper<"secret"> = () =>
  secretKeeper({ secrets: new SecretsManagerClient(CLIENT_OPTIONS) });

export const secretMoving: MakeDriver = (platform) => {
  const services = { ...clients(), clock: platform.clock };
  return (request) =>
    secretDriver({ ...services, rollbackId: request.rollbackId, journal: journalOf(platform, request) });
};

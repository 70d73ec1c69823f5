import { AppConfigClient } from "@aws-sdk/client-appconfig";
import { SSMClient } from "@aws-sdk/client-ssm";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { CLIENT_OPTIONS, type Platform } from "../../platform/platform.ts";
import type { MakeDriver, MakeKeeper, MakeObserver, MakeVersionReader } from "../component.ts";
import { parameterDriver } from "./driver.ts";
import { parameterKeeper } from "./keep.ts";
import { parameterObserver } from "./observe.ts";
import { parameterVersionReader } from "./read-version.ts";

const servicesOf = ({ clock }: Platform) => ({
  ssm: new SSMClient(CLIENT_OPTIONS),
  appconfig: new AppConfigClient(CLIENT_OPTIONS),
  clock,
});

/** Configuration at run time: one export a use, so that a function carries only what it needs. */
export const parameterObserving: MakeObserver<"parameter"> = (platform) =>
  parameterObserver(servicesOf(platform));

export const parameterReading: MakeVersionReader<"parameter"> = (platform) =>
  parameterVersionReader(servicesOf(platform));

export const parameterKeeping: MakeKeeper<"parameter"> = () =>
  parameterKeeper({ ssm: new SSMClient(CLIENT_OPTIONS) });

export const parameterMoving: MakeDriver = (platform) => {
  const services = servicesOf(platform);
  return (request) =>
    parameterDriver({ ...services, rollbackId: request.rollbackId, journal: journalOf(platform, request) });
};

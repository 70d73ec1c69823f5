import type { RegionContext } from "../../region-context.ts";
import { COMPLETE } from "../complete-names.ts";
import { PAGE_OFF } from "./page.ts";
import type { Surroundings } from "./surroundings.ts";

const DAY = 86_400_000;

/** The password that the database takes at the beginning: a label, never a secret. */
export const FIRST_PASSWORD = "boardroom-password-2";

/** The secret with the database's password, under a key of its own, which a function rotates; answers the ARNs of both. */
export function installPasswordSecret(
  context: RegionContext,
  { secrets, keys }: Surroundings,
): { readonly passwordSecretArn: string; readonly secretsKeyArn: string } {
  const { kernel, account, region } = context;
  const secretsKeyArn = keys.install({ alias: "alias/boardroom-secrets", createdAt: kernel.now - 90 * DAY });
  const { arn } = secrets.install({
    name: COMPLETE.passwordSecret,
    createdAt: kernel.now - 60 * DAY,
    keyId: secretsKeyArn,
    tags: { application: "boardroom" },
    versions: [
      { createdAt: kernel.now - 40 * DAY, meaning: "boardroom-password-1" },
      { createdAt: kernel.now - 10 * DAY, meaning: FIRST_PASSWORD },
    ],
    rotation: {
      lambdaArn: `arn:aws:lambda:${region}:${account}:function:boardroom-rotate-password`,
      rules: { AutomaticallyAfterDays: 30 },
      lastAt: kernel.now - 10 * DAY,
    },
  });
  return { passwordSecretArn: arn, secretsKeyArn };
}

/** The ids that AppConfig gave. */
export interface AppConfigIds {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/** Feature flags and secrets by value, limits by label, the page's switch, regional settings in AppConfig. */
export function installConfiguration(
  context: RegionContext,
  { ssm, appconfig }: Surroundings,
  keyArn: string,
): AppConfigIds {
  const day = (ago: number) => context.kernel.now - ago * DAY;
  ssm.install({
    name: COMPLETE.flagsParameter,
    type: "String",
    versions: [
      { value: JSON.stringify({ exports: true }), modifiedAt: day(20) },
      { value: JSON.stringify({ exports: true, "audit-trail": true }), modifiedAt: day(5) },
    ],
  });
  ssm.install({
    name: COMPLETE.limitsParameter,
    type: "String",
    versions: [
      { value: JSON.stringify({ pageSize: 50 }), modifiedAt: day(20) },
      { value: JSON.stringify({ pageSize: 100 }), modifiedAt: day(5), labels: ["live"] },
    ],
  });
  const secret = { type: "SecureString", keyId: keyArn } as const;
  ssm.install({
    ...secret,
    name: COMPLETE.licenceParameter,
    versions: [{ value: `${LICENCE}4711`, modifiedAt: day(20), description: "from the vendor" }],
  });
  ssm.install({
    ...secret,
    name: COMPLETE.signingKeyParameter,
    tier: "Advanced",
    versions: [{ value: `${SIGNING_KEY}4711`, modifiedAt: day(20) }],
  });
  const pageIsOff = [{ value: PAGE_OFF, modifiedAt: day(20) }];
  ssm.install({ name: COMPLETE.pageParameter, type: "String", versions: pageIsOff });
  const { application, environment, profile } = COMPLETE.appConfig;
  const versions = [{ content: JSON.stringify({ currency: "EUR" }) }];
  const ids = appconfig.install({
    name: application,
    environments: [{ name: environment }],
    profiles: [{ name: profile, versions }],
    deployments: [{ environment, profile, version: 1, startedAt: day(5) }],
  });
  return {
    application: ids.applicationId,
    environment: ids.environmentIds[environment] ?? "",
    profile: ids.profileIds[profile] ?? "",
  };
}

/** Configuration as a task reads it once, at its start. */
export interface ConfigurationReading {
  readonly flags: string | undefined;
  readonly limits: string | undefined;
  readonly licence: string | undefined;
  readonly signingKey: string | undefined;
}

export function readConfiguration({ ssm }: Surroundings): ConfigurationReading {
  return {
    flags: ssm.read(COMPLETE.flagsParameter)?.value,
    limits: ssm.read(`${COMPLETE.limitsParameter}:live`)?.value,
    licence: ssm.read(COMPLETE.licenceParameter)?.value,
    signingKey: ssm.read(COMPLETE.signingKeyParameter)?.value,
  };
}

/** The share of requests that fail for what a task read at its start, and for what AppConfig says now: 0 to 1. */
export function configurationTrouble(
  { appconfig }: Surroundings,
  { flags, limits, licence, signingKey }: ConfigurationReading,
): number {
  if (!flagsAreKnown(flags) || !limitsAreSensible(limits)) return 1;
  if (!licence?.startsWith(LICENCE) || !signingKey?.startsWith(SIGNING_KEY)) return 1;
  const { application, environment, profile } = COMPLETE.appConfig;
  const live = appconfig.live(application, environment, profile);
  const settled = currencyIsKnown(live?.content) ? 0 : 1;
  if (!live?.next) return settled;
  const spread = live.next.percentage / 100;
  return settled * (1 - spread) + (currencyIsKnown(live.next.content) ? 0 : spread);
}

/** How a licence and a key begin that the API works with. */
const LICENCE = "boardroom-licence-";
const SIGNING_KEY = "boardroom-signing-";

/** The features that the API has; a flag for another one is a mistake that it refuses to work with. */
const FEATURES = ["exports", "audit-trail", "search"];

function flagsAreKnown(text: string | undefined): boolean {
  const flags = parsed(text);
  return flags !== undefined && Object.keys(flags).every((name) => FEATURES.includes(name));
}

function limitsAreSensible(text: string | undefined): boolean {
  const size = parsed(text)?.["pageSize"];
  return typeof size === "number" && size >= 1 && size <= 500;
}

function currencyIsKnown(content: Uint8Array | undefined): boolean {
  const currency = content && parsed(Buffer.from(content).toString())?.["currency"];
  return typeof currency === "string" && /^[A-Z]{3}$/.test(currency);
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

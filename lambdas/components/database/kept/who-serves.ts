import type { KeptAddressOf } from "../../../contracts/kept.ts";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { type CutOverClients, hostParameter, hostSecret, proxyTargets } from "../led-by.ts";
import { databaseNames } from "../names.ts";
import { addressOf, type Sight } from "../sight.ts";
import { hostVersion } from "../strategies/host-version.ts";

/** Whom users are on, as far as it can be told; `how` is a sentence. */
export type WhoServes =
  | { readonly serves: "another"; readonly how: string }
  | { readonly serves: "it"; readonly how: string }
  | { readonly serves: "unknown"; readonly how: string };

export interface Pair {
  readonly component: string;
  readonly address: KeptAddressOf<"database">;
  /** Says by its tags that it was kept. */
  readonly kept: Sight;
  /** Says by its tags, or its name, that it serves. */
  readonly live: Sight | undefined;
}

/**
 * Whether users are on a database that tags say nobody is on. Tags are what a rollback wrote; somebody who goes back by
 * hand writes a parameter or a proxy's target and no tag. So what users are led by decides, and "another" is said only
 * when it leads to the other one for certain: on that answer somebody deletes a database.
 */
export async function whoServes(clients: CutOverClients, pair: Pair): Promise<WhoServes> {
  const { kept, live } = pair;
  if (!live || live.resourceId === kept.resourceId) {
    return { serves: "unknown", how: "No other database of this component says that it serves." };
  }
  const there = { serves: "another", how: `Users are on ${live.identifier}.` } as const;
  const { cutOver } = pair.address;
  switch (cutOver.strategy) {
    case "rename":
      return byName(pair, there);
    case "endpoint-parameter": {
      const host = (await hostParameter(clients.ssm, cutOver.parameter))?.Value;
      const holder = `The parameter ${cutOver.parameter} holds`;
      if (host !== undefined && host === kept.host) return { serves: "it", how: `${holder} its host.` };
      if (host !== undefined && host === live.host) return there;
      return {
        serves: "unknown",
        how: `${holder} neither its host nor that of ${live.identifier}, which should serve.`,
      };
    }
    case "proxy": {
      const names = (await proxyTargets(clients.rds, cutOver)) ?? [];
      if (names.includes(kept.identifier))
        return { serves: "it", how: `The proxy ${cutOver.proxy} leads to it.` };
      if (names.includes(live.identifier)) return there;
      return {
        serves: "unknown",
        how: `The proxy ${cutOver.proxy} leads neither to it nor to ${live.identifier}, which should serve.`,
      };
    }
    case "endpoint-secret": {
      const secret = await hostSecret(clients.secrets, cutOver.secret);
      return bySecret(pair, there, secret?.VersionIdsToStages ?? {});
    }
  }
}

function byName({ address, kept, live }: Pair, there: WhoServes): WhoServes {
  const { identifier } = addressOf(address);
  if (kept.identifier === identifier) return { serves: "it", how: `It has the name ${identifier}.` };
  if (live?.identifier === identifier) return there;
  return { serves: "unknown", how: `No database is called ${identifier}, which is what users go by.` };
}

/**
 * What a secret holds is never read. But which version a rollback wrote is known by its id. While that of the rollback
 * which left the kept one is current, users are not on it; while that of the rollback which made the live one is, they are
 * there. A database that was returned to has another rollback's tag and not its name: that proves nothing.
 */
function bySecret(
  { component, address, kept, live }: Pair,
  there: WhoServes,
  stages: Readonly<Record<string, readonly string[]>>,
): WhoServes {
  const current = Object.entries(stages).find(([, labels]) => labels.includes("AWSCURRENT"))?.[0];
  const wrote = (rollback: string | undefined) =>
    rollback !== undefined && hostVersion(rollback, component) === current;
  const made = live?.tags[OWNERSHIP_TAGS.rollback];
  const { identifier } = addressOf(address);
  const isMaker =
    made !== undefined && databaseNames({ identifier, rollbackId: made }).staging === live?.identifier;
  if (wrote(kept.tags[OWNERSHIP_TAGS.rollback]) || (isMaker && wrote(made))) return there;
  return {
    serves: "unknown",
    how: "Somebody has changed the secret that holds the host since the rollback.",
  };
}

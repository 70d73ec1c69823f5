import { Environment } from "../../../lambdas/contracts/environment.ts";
import { FAILURE_POLICIES, type FailurePolicy } from "../../../lambdas/contracts/vocabulary.ts";
import type { Scenario } from "../../../lib/drill/scenario.ts";
import { loadEnvironment } from "../../../lib/files/load-environment.ts";
import type { CutOverStrategy, FrontendLayout } from "../../../lib/region/application/complete-options.ts";
import { Random } from "../../../lib/region/kernel/random.ts";
import type { FirstBackup } from "./first-backup.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";

/** What a seed chooses: how the application is built, and which of its components go back. */
export interface World {
  readonly seed: number;
  readonly store: Store;
  readonly scope: readonly string[];
  readonly environment: Environment;
  readonly application: Scenario["application"];
  /** What a rollback changes, in order: see `Snapshot`. */
  readonly changing: readonly string[];
  /** Whether the cache gets a fresh epoch: together with a service that uses it or its data, or when it is meant alone. */
  readonly cleans: boolean;
  /** How long a person thinks, seconds. */
  readonly answersAfter: number;
  readonly firstBackup: FirstBackup;
  /** The choice in a line. */
  readonly words: string;
  /** For everything else that the seed chooses. */
  readonly random: Random;
}

/** Where the feature flags lie. */
export type Store = "ssm-value" | "ssm-label" | "appconfig";

export function worldOf(seed: number): World {
  const random = new Random(seed).fork("undo");
  const cutOver = pick(random, CUT_OVERS);
  const frontend = pick(random, FRONTENDS);
  const store = pick(random, STORES);
  const more = surroundingsOf(seed, { cutOver, frontend });
  const complete = { cutOver, frontend, ...more.complete };
  const scope = scopeOf(random);
  // Data of before the migration has the schema of before it.
  const downgraded = scope.includes("database") ? ["migrate"] : [];
  const versioned = scope.filter((name) => !COMPANIONS.includes(name));
  return {
    seed,
    store,
    scope,
    changing: [...new Set([...versioned, ...downgraded])].sort(),
    cleans:
      more.complete.cache === undefined &&
      scope.includes("cache") &&
      (scope.some((name) => ["api", "database"].includes(name)) || isAlone(scope)),
    words: [`${scope.join(", ")} by ${cutOver}, ${frontend}, ${store}`, more.words]
      .filter(Boolean)
      .join(", "),
    answersAfter: more.answersAfter,
    firstBackup: more.firstBackup,
    environment: environmentOf({ cutOver, frontend }, store, more),
    application: { circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: false, complete },
    random,
  };
}

/** The same world, in which data goes back, and whoever asks is asked. */
export function withData(world: World): World {
  const scope = [...new Set([...world.scope, "database", "db-password"])];
  const { environment } = world;
  const policy = { ...environment.policy, prepareWhileAsking: true };
  return {
    ...{ ...world, scope, environment: Environment.parse({ ...environment, policy }) },
    words: `${world.words}, with data`,
  };
}

/** The same world, in which a failure is answered so. */
export function withPolicy(world: World, onFailure: FailurePolicy): World {
  const { environment } = world;
  const policy = { ...environment.policy, onFailure };
  return { ...world, environment: Environment.parse({ ...environment, policy }) };
}

export const withAnyPolicy = (world: World) => withPolicy(world, pick(world.random, FAILURE_POLICIES));

const CUT_OVERS = ["endpoint-parameter", "endpoint-secret", "proxy", "rename"] as const;
const FRONTENDS = ["pointer", "origin-path", "versioned-bucket", "release-prefix"] as const;
const STORES = ["ssm-value", "ssm-label", "appconfig"] as const;
const COMPONENTS = ["api", "web", "frontend", "flags", "database", "cache", "migrate", "smoke", "page"];
/** Go along with others only, or do nothing that anybody could compare. */
const COMPANIONS = ["cache", "smoke", "page"];

/** Some of the components; a password goes back with the database that takes it, never alone. */
export function scopeOf(random: Random): readonly string[] {
  const chosen = COMPONENTS.filter(() => random.chance(0.5));
  const some = chosen.every((name) => COMPANIONS.includes(name)) ? ["api", ...chosen] : chosen;
  return some.includes("database") ? [...some, "db-password"] : some;
}

/** Nothing is named but what goes along with others. */
const isAlone = (scope: readonly string[]) =>
  scope.every((name) => [...COMPANIONS, "migrate"].includes(name));

const CUT_OVER: Readonly<Record<CutOverStrategy, object>> = {
  "endpoint-parameter": { strategy: "endpoint-parameter", parameter: "/boardroom/db/host" },
  "endpoint-secret": { strategy: "endpoint-secret", secret: "boardroom/db-host" },
  proxy: { strategy: "proxy", proxy: "boardroom" },
  rename: { strategy: "rename" },
};

/** `pointer` is what the file describes. */
const FRONTEND: Readonly<Record<FrontendLayout, object | undefined>> = {
  pointer: undefined,
  "origin-path": { strategy: "origin-path", origin: "boardroom", releases: "releases/" },
  "versioned-bucket": { strategy: "versioned-bucket", deletes: true },
  "release-prefix": { strategy: "release-prefix", deletes: true },
};

const SOURCE: Readonly<Record<Store, object>> = {
  "ssm-value": { store: "ssm-value", names: ["/boardroom/api/feature-flags"] },
  "ssm-label": { store: "ssm-label", names: ["/boardroom/api/limits"], label: "live" },
  appconfig: { store: "appconfig", application: "brdapp1", environment: "brdenv1", profile: "brdprf1" },
};

/**
 * The old tasks fail between the rotation and their replacement: no alarm shall be quicker than the person. Nothing becomes
 * proven meanwhile: a night asks for a moment.
 */
function environmentOf(
  { cutOver, frontend }: { readonly cutOver: CutOverStrategy; readonly frontend: FrontendLayout },
  store: Store,
  more: Surroundings,
): Environment {
  const { components, ...rest } = loadEnvironment("complete");
  const release = FRONTEND[frontend];
  const chosen: Readonly<Record<string, object>> = {
    ...components,
    database: { ...components["database"], serveDuringBackups: false, cutOver: CUT_OVER[cutOver] },
    flags: { ...components["flags"], source: SOURCE[store] },
    frontend: { ...components["frontend"], ...(release ? { release } : {}) },
  };
  const varied = Object.entries(more.components).map(([name, one]) => [name, { ...chosen[name], ...one }]);
  return Environment.parse({
    ...rest,
    components: { ...chosen, ...Object.fromEntries(varied) },
    policy: { ...rest.policy, strategy: more.strategy, prepareWhileAsking: more.prepareWhileAsking },
    alarms: rest.alarms.filter(({ recipe }) => recipe === "startup-failure"),
  });
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random.integer(0, choices.length - 1)];
  if (choice === undefined) throw new Error("There is nothing to pick from");
  return choice;
}

import { arnOf, type RegionContext } from "../region-context.ts";
import { BOARDROOM, LISTENER } from "./boardroom-names.ts";

/** What the parts of the complete application are called: the names that drills and `environments/complete.yaml` share. */
export const COMPLETE = {
  /** An instance, or with the Aurora engines a cluster. */
  database: "boardroom",
  proxy: "boardroom",
  tables: ["documents", "audit_logs", "users"],
  hostParameter: "/boardroom/db/host",
  hostSecret: "boardroom/db-host",
  /** The reader endpoint of a cluster, for whoever only reads. */
  readerHostParameter: "/boardroom/db/reader-host",
  readerHostSecret: "boardroom/db-reader-host",
  /** A cluster's manual snapshot from before its restore window. */
  oldSnapshot: "boardroom-before-the-move",
  passwordSecret: "boardroom/db-password",
  flagsParameter: "/boardroom/api/feature-flags",
  /** Read as `…:live`. */
  limitsParameter: "/boardroom/api/limits",
  /** SecureStrings under a key of the application's own: one of the standard tier, one of the advanced. */
  licenceParameter: "/boardroom/api/licence",
  signingKeyParameter: "/boardroom/api/signing-key",
  /** `off`, or the page is shown; and the key of the KeyValueStore that means the same. */
  pageParameter: "/boardroom/maintenance",
  pageKey: "maintenance",
  cacheEpochParameter: "/boardroom/cache/epoch",
  cacheHostParameter: "/boardroom/cache/host",
  cache: "boardroom",
  /** The automatic one of last night. */
  cacheSnapshot: "automatic.boardroom-2026-11-20-03-00",
  appConfig: { application: "boardroom", environment: "production", profile: "regional" },
  bucket: "boardroom-frontend",
  /** Also the id of the distribution's one origin. */
  distribution: "boardroom",
  site: "www.boardroom.example",
  apiHost: "api.boardroom.example",
  webAcl: "boardroom",
  isolationRule: "block-everybody-but-the-allow-list",
  families: { migrate: "boardroom-migrate", smoke: "boardroom-smoke", flush: "boardroom-cache-flush" },
  /** Tasks that hold a connection to the database all the time: one by the rule of the same name, one that somebody starts. */
  connected: { report: "boardroom-report", backfill: "boardroom-backfill" },
  /** The same by EventBridge Scheduler: the family, and the schedule of that name in this group. */
  scheduled: { digest: "boardroom-digest", group: "boardroom" },
  logGroup: "/boardroom/tasks",
} as const;

/** Who may talk to whom: what stands in front of the name lets the ones behind it in. */
export const GROUPS = {
  /** The tasks of the services; anybody's load balancer reaches them. */
  application: "sg-0f9e8d7c",
  /** Standalone tasks. */
  tasks: "sg-0a5c1e7d",
  proxy: "sg-0b6d2f8e",
  /** The application, its tasks and the proxy. */
  database: "sg-0c7e3a9f",
  /** Nobody but standalone tasks: where copies and retired databases live. */
  quarantine: "sg-0d8f4bae",
  cache: "sg-0e1a5cbf",
  /** The load balancer's, open to the world. */
  world: "sg-01b2c3d4",
  /** The load balancer's when it is isolated: the allow-list only. */
  allowList: "sg-02c3d4e5",
} as const;

/** Where requests come from: a customer somewhere, and the people of the allow-list. */
export const ADDRESSES = { customer: "198.51.100.20", staff: "203.0.113.10", allowList: "203.0.113.0/24" };

/** The schema that each release was written for, oldest first: what alembic calls revisions. */
export const REVISIONS = { [BOARDROOM.goodRelease]: "a1f0c2d4e5b6", [BOARDROOM.badRelease]: "b7e3d9c8a1f2" };

const RULES = { staff: "5a1b2c3d4e5f6071", maintenance: "6b2c3d4e5f607182", api: "7c3d4e5f60718293" };
export type RuleName = keyof typeof RULES;

export function ruleId(rule: RuleName): string {
  return RULES[rule];
}

/** Of the listener rules, all made before the story: `maintenance` is the one that a rollback switches. */
export function ruleArn(context: RegionContext, rule: RuleName): string {
  const path = `listener-rule/${BOARDROOM.loadBalancer}/${LISTENER}/${RULES[rule]}`;
  return arnOf(context, "elasticloadbalancing", path);
}

export function loadBalancerArn(context: RegionContext): string {
  return arnOf(context, "elasticloadbalancing", `loadbalancer/${BOARDROOM.loadBalancer}`);
}

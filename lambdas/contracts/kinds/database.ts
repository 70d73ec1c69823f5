import * as z from "zod";
import { componentName, dependsOn, parameterName, roleArn } from "./field.ts";
import { TaskRun } from "./task.ts";

const identifier = z
  .string()
  .regex(
    /^[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]$|^[a-z]$/,
    "an RDS identifier: lower-case letters, digits, single hyphens",
  );
const securityGroup = z
  .string()
  .regex(/^sg-[0-9a-f]{8,17}$/, "a security group id like sg-0123456789abcdef0");

/** How users come to the restored copy (docs/facts/database.md §5). */
const CutOver = z.discriminatedUnion("strategy", [
  z.strictObject({
    strategy: z.literal("proxy"),
    proxy: z.string().min(1).max(63).describe("RDS Proxy name; its target is exchanged"),
    targetGroup: z.string().min(1).max(63).default("default"),
  }),
  z.strictObject({
    strategy: z.literal("endpoint-parameter"),
    parameter: parameterName.describe(
      "SSM parameter whose value is the database's host name, and nothing else",
    ),
    readerParameter: parameterName
      .optional()
      .describe("The same for the reader endpoint of an Aurora cluster, if the application has one"),
  }),
  z.strictObject({
    strategy: z.literal("endpoint-secret"),
    secret: z
      .string()
      .min(1)
      .max(512)
      .describe(
        "A secret whose value is the database's host name, and nothing else: Stepback never reads a secret",
      ),
    readerSecret: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe("The same for the reader endpoint of an Aurora cluster, if the application has one"),
  }),
  z.strictObject({ strategy: z.literal("rename") }),
]);

/** A check that runs on the copy before the cut-over, and through the application's path after it. */
const IntegrityCheck = z.strictObject({
  name: componentName,
  task: componentName.describe(
    "A component of kind task that looks at the database at DATABASE_HOST, or asks RDS Data API at DATABASE_ARN: exit code " +
      "0 is good. It logs in with its own role, because no role of Stepback may read a secret, as RDS Data API asks of its caller",
  ),
});

/** An RDS instance or an Aurora cluster whose data goes back to a moment, always beside the old one. */
export const DatabaseComponent = z.strictObject({
  kind: z.literal("database"),
  instance: identifier.optional().describe("DB instance identifier; exactly one of instance and cluster"),
  cluster: identifier.optional().describe("Aurora DB cluster identifier"),
  cutOver: CutOver,
  writers: z
    .array(componentName)
    .max(20)
    .describe("The ECS services that write to it: paused while it is cut over; [] only when nothing writes"),
  marginSeconds: z
    .number()
    .int()
    .min(0)
    .max(3_600)
    .default(60)
    .describe("The moment to go back to lies this long before the bad release began"),
  backtrack: z
    .enum(["prefer", "never"])
    .default("prefer")
    .describe("Aurora MySQL with a backtrack window goes back in place, in minutes"),
  rehearseBy: z
    .enum(["point-in-time", "clone"])
    .default("point-in-time")
    .describe(
      "How a rehearsal that names no moment makes its copy: restored to the latest moment, which measures a restore; or, of " +
        "an Aurora cluster, cloned as it is, which is quicker and cheaper and measures none",
    ),
  checks: z
    .array(IntegrityCheck)
    .max(20)
    .default([])
    .describe(
      "Tasks of yours that ask the data whether it is good, in SQL or otherwise: one name for each run",
    ),
  quarantineSecurityGroup: securityGroup
    .optional()
    .describe(
      "The copy lives in it until the cut-over, the old instance afterwards: no stale writer gets through",
    ),
  serveDuringBackups: z
    .boolean()
    .default(false)
    .describe(
      "Users come to the copy of an instance while RDS still backs it up for the first time, which may take hours, and while it " +
        "snapshots the old one: monitoring and the maintenance window are set, and the old one is locked away, by themselves " +
        "afterwards; not with rename",
    ),
  passRoles: z
    .array(roleArn)
    .max(5)
    .default([])
    .describe("Enhanced Monitoring and Directory roles of the instance: the only ones that may be passed"),
  kmsKeys: z
    .array(z.string().regex(/^arn:aws[a-z-]*:kms:/))
    .max(5)
    .default([]),
  keepDays: z
    .number()
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe(
      "The old instance is tagged to be kept this long; then people are reminded, nothing deletes it by itself",
    ),
  dependsOn,
  deadlineMinutes: z
    .number()
    .int()
    .min(30)
    .max(2_160)
    .default(360)
    .describe("Longest time for restore and cut-over together"),
});

/** What the database was at a checkpoint: which instance held the data; the moment is the checkpoint's. */
export const DatabaseVersion = z.strictObject({
  kind: z.literal("database"),
  /** DbiResourceId or DbClusterResourceId: the only name that survives a rename. */
  resourceId: z.string(),
  identifier: z.string(),
  engine: z.string(),
  engineVersion: z.string(),
});

/**
 * Ways back (docs/facts/database.md §1, §3, §4). `return` goes to an instance that was kept, for undo; `clone` is of now
 * and goes nowhere back, for rehearsals only.
 */
export const DATABASE_WAYS = ["point-in-time", "snapshot", "backtrack", "return", "clone"] as const;

/** What a move of a database carries. Names are deterministic, so that a retry finds what it made. */
export const DatabaseMove = z.strictObject({
  way: z.enum(DATABASE_WAYS),
  shape: z.enum(["instance", "cluster"]),
  /** The identifier that the application's configuration means. */
  identifier: z.string(),
  /** What serves now, by resource id. */
  sourceResourceId: z.string(),
  engine: z.string(),
  /** The copy's name while it is prepared; with `return` the kept instance's present name. */
  stagingIdentifier: z.string(),
  /** The old one's name after a rename swap. */
  retiredIdentifier: z.string(),
  safetySnapshotIdentifier: z.string(),
  /** ISO 8601, whole seconds; absent with `return` and `clone`. */
  restoreTo: z.string().optional(),
  /** With `snapshot`. */
  snapshotIdentifier: z.string().optional(),
  /** With `return`: the kept instance or cluster. */
  keptResourceId: z.string().optional(),
  cutOver: CutOver,
  checks: z.array(IntegrityCheck),
  /** The tasks that checks run, by component name: what RunTask needs. */
  tasks: z.record(z.string(), TaskRun),
  quarantineSecurityGroup: z.string().optional(),
  /** Users may come while RDS backs up the copy and snapshots the old one; the rest follows (docs/adr/0016, 0017). */
  serveDuringBackups: z.boolean().default(false),
  keepDays: z.number().int(),
  /** The most seconds of writes that the approved receipt says are lost; more makes the preparation ask again. */
  acceptedLossSeconds: z.number().int(),
  deadlineSeconds: z.number().int().min(60),
});

export type DatabaseComponent = z.infer<typeof DatabaseComponent>;
export type DatabaseVersion = z.infer<typeof DatabaseVersion>;
export type DatabaseMove = z.infer<typeof DatabaseMove>;
export type DatabaseCutOver = z.infer<typeof CutOver>;
export type IntegrityCheck = z.infer<typeof IntegrityCheck>;

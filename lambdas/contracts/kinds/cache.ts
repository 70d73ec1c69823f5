import * as z from "zod";
import { componentName, componentNames, dependsOn, minutes, parameterName } from "./field.ts";
import { TaskRun } from "./task.ts";

/** How stale entries stop being read (docs/facts/frontend-secrets-config.md §D). */
const Way = z.discriminatedUnion("way", [
  z.strictObject({
    way: z.literal("epoch"),
    parameter: parameterName.describe(
      "SSM parameter that holds a number; the application puts it before every key",
    ),
  }),
  z.strictObject({
    way: z.literal("flush"),
    ephemeral: z
      .literal(true)
      .describe("You say that nothing in this cache is lost for good: no sessions, queues or counters"),
    task: componentName.describe("A component of kind task that runs FLUSHALL on every primary"),
  }),
  z.strictObject({
    way: z.literal("snapshot"),
    replicationGroup: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    endpointParameter: parameterName.describe("SSM parameter whose value is the cache's host name"),
  }),
]);

/** A cache whose entries the bad release may have written. */
export const CacheComponent = z.strictObject({
  kind: z.literal("cache"),
  clean: Way,
  usedBy: componentNames("The ECS services that use it: they read the epoch or endpoint at start"),
  dependsOn,
  deadlineMinutes: minutes(60),
});

/** What a move of a cache carries. */
export const CacheMove = z.strictObject({
  clean: Way,
  /** The epoch or host when the plan is made. */
  from: z.string(),
  /** With `epoch`: the next one. With `snapshot`: the name of the new replication group. */
  to: z.string(),
  snapshot: z.string().optional(),
  /** With `flush`: what RunTask needs. */
  task: TaskRun.optional(),
  deadlineSeconds: z.number().int().min(60),
});

export type CacheComponent = z.infer<typeof CacheComponent>;
export type CacheMove = z.infer<typeof CacheMove>;

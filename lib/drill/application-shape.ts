import * as z from "zod";
import { COMPONENTS } from "../region/application/boardroom-names.ts";

/** How one service differs from a plain one that ECS deploys. */
const Service = z.strictObject({
  codeDeploy: z
    .strictObject({
      traffic: z.enum(["all-at-once", "canary"]).optional().describe("How the traffic of a release moves"),
      keepsOldMinutes: z
        .number()
        .int()
        .min(0)
        .optional()
        .describe("How long the old tasks are kept after that, and the deployment is in progress"),
      testsSeconds: z
        .number()
        .int()
        .min(0)
        .optional()
        .describe("The traffic waits for the pipeline, which tests so long and then lets it move"),
    })
    .optional()
    .describe("CodeDeploy deploys it: application boardroom, deployment group boardroom-<component>"),
  scaling: z
    .strictObject({
      min: z.number().int().min(0),
      max: z.number().int().min(1),
      cpuPercent: z.number().positive().max(100),
    })
    .optional()
    .describe("Its count follows its load between these bounds, towards this share of a task's CPU"),
  longConnections: z
    .strictObject({
      drainSeconds: z.number().int().min(0).max(3600).describe("Deregistration delay of its target groups"),
      stopTimeoutSeconds: z.number().int().min(2).max(120).describe("Stop timeout of its containers"),
    })
    .optional()
    .describe("Its clients stay connected; the function boardroom-notice tells them to leave"),
});

/** How the sample application of a drill is built; the environment must say the same. */
export const ApplicationShape = z.strictObject({
  circuitBreaker: z.enum(["off", "fail", "rollback"]).default("off"),
  strategy: z.enum(["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"]).default("ROLLING"),
  deploymentAlarms: z.boolean().default(false),
  services: z
    .partialRecord(z.enum(COMPONENTS), Service)
    .optional()
    .describe("What single services have beside that"),
  complete: z
    .strictObject({
      engine: z.enum(["postgres", "aurora-mysql", "aurora-postgresql"]).optional(),
      cutOver: z.enum(["proxy", "endpoint-parameter", "endpoint-secret", "rename"]).optional(),
      frontend: z.enum(["pointer", "origin-path", "versioned-bucket", "release-prefix"]).optional(),
      cache: z.enum(["epoch", "flush", "snapshot"]).optional(),
      page: z.enum(["load-balancer-rules", "key-value-store", "parameter"]).optional(),
      connectedTasks: z
        .boolean()
        .optional()
        .describe("Tasks besides the services' hold connections: reports every five minutes, a backfill"),
      connectedSchedules: z
        .boolean()
        .optional()
        .describe("A task that writes is started every five minutes by a schedule of EventBridge Scheduler"),
      objects: z
        .number()
        .int()
        .min(6)
        .max(100_000)
        .optional()
        .describe("Files of each release of the frontend; a fifth of them change"),
    })
    .optional()
    .describe("With database, frontend, secret, parameters, cache, tasks and maintenance page"),
});

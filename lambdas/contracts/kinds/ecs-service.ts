import * as z from "zod";
import { dependsOn, functionArn, minutes, roleArn, scheduleName } from "./field.ts";

/** An ECS service that goes back to the task definition of a proven checkpoint. */
export const EcsServiceComponent = z.strictObject({
  kind: z.literal("ecs-service"),
  cluster: z.string().min(1).max(255).describe("Cluster name"),
  service: z.string().min(1).max(255).describe("Service name"),
  taskFamily: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("Task definition family; the service's name unless told"),
  taskRoles: z
    .array(roleArn)
    .max(10)
    .default([])
    .describe(
      "Task and execution roles of the service's task definitions: the only roles that may be passed",
    ),
  repositories: z
    .array(z.string().min(1))
    .max(20)
    .default([])
    .describe("ECR repositories (names) of this account that hold the service's images"),
  codeDeploy: z
    .strictObject({ application: z.string().min(1).max(100), deploymentGroup: z.string().min(1).max(100) })
    .optional()
    .describe(
      "Only for services with the CODE_DEPLOY deployment controller; its alarms watch the whole load balancer, or both target groups that CodeDeploy moves it between",
    ),
  autoScaling: z
    .boolean()
    .default(false)
    .describe(
      "The service has an Application Auto Scaling target: it is suspended while the rollback moves it",
    ),
  notice: z
    .strictObject({
      function: functionArn,
      seconds: z.number().int().min(0).max(900).default(30),
    })
    .optional()
    .describe(
      "A function of yours that tells clients with long connections to reconnect, and how long they get",
    ),
  connectedTasks: z
    .strictObject({
      families: z.array(z.string().min(1).max(255)).max(10).default([]),
      rules: z.array(z.string().min(1).max(64)).max(10).default([]),
      schedules: z
        .array(scheduleName)
        .max(10)
        .default([])
        .describe("Schedules of EventBridge Scheduler, `name` or `group/name`; disabled meanwhile"),
      scheduleRoles: z
        .array(roleArn)
        .max(10)
        .default([])
        .describe(
          "The roles that those schedules' targets use: writing a schedule passes its role, so each must be named",
        ),
    })
    .optional()
    .describe(
      "Standalone and scheduled tasks that hold database connections too: task families that are stopped, and EventBridge rules and schedules that are disabled, while writers are paused",
    ),
  dependsOn,
  deadlineMinutes: minutes(15).describe(
    "Longest time its deployment may take before the rollback of it counts as failed",
  ),
});

/** What a service ran at a checkpoint: enough to start it again even when AWS has forgotten the registration. */
export const EcsServiceVersion = z.strictObject({
  kind: z.literal("ecs-service"),
  taskDefinition: z.string(),
  serviceRevision: z.string().optional(),
  images: z.array(
    z.strictObject({ container: z.string(), image: z.string(), digest: z.string().optional() }),
  ),
  /** The input of RegisterTaskDefinition, as JSON. */
  registration: z.string(),
});

/**
 * How the ECS deployment that carries a rollback comes about (docs/facts/ecs.md §2.1, §2.5 and §9):
 * `update` starts a deployment of the target; `stop` makes ECS roll the deployment in flight back;
 * `follow` watches a rollback that ECS began by itself; `code-deploy` asks CodeDeploy for it;
 * `hold` keeps the version: the service is only paused while data moves, and resumed;
 * `restart` keeps the version and starts fresh tasks, which read secrets and parameters again.
 */
export const ECS_WAYS = ["update", "stop", "follow", "code-deploy", "hold", "restart"] as const;

/** What a move of an ECS service carries: the target, how to get there, and what the plan saw. */
export const EcsMove = z.strictObject({
  way: z.enum(ECS_WAYS),
  cluster: z.string(),
  service: z.string(),
  /** Full ARN of the target task definition; with `clone` the one to copy. */
  taskDefinition: z.string(),
  /** Register a digest-pinned copy of the target first, and why: it is INACTIVE, or its tag moved. */
  clone: z.enum(["inactive", "tag-moved"]).optional(),
  /** The checkpoint whose stored registration is copied when DescribeTaskDefinition no longer knows the target. */
  checkpoint: z.string().optional(),
  /** The digest each container must run; a container without one cannot be checked. */
  images: z.array(
    z.strictObject({ container: z.string(), image: z.string(), digest: z.string().optional() }),
  ),
  /** With `stop` and `follow`: the service deployment in flight. */
  serviceDeployment: z.string().optional(),
  /** With `code-deploy`: where, and the CodeDeploy deployment in flight when there is one. */
  codeDeploy: z
    .strictObject({
      application: z.string(),
      deploymentGroup: z.string(),
      deploymentInFlight: z.string().optional(),
      containerName: z.string(),
      containerPort: z.number().int(),
    })
    .optional(),
  /** Deployment alarms that could fail the rollback are switched off while it runs (docs/facts/ecs.md §5.2). */
  quietAlarms: z.boolean(),
  /** Suspend the service's scaling while it is moved, put it back afterwards. */
  autoScaling: z.boolean(),
  notice: EcsServiceComponent.shape.notice,
  connectedTasks: EcsServiceComponent.shape.connectedTasks,
  /** What the plan saw; a different PRIMARY deployment at the moment of acting means somebody else deployed. */
  seen: z.strictObject({
    primaryDeployment: z.string(),
    taskDefinition: z.string(),
    desiredCount: z.number().int(),
  }),
  deadlineSeconds: z.number().int().min(60),
});

export type EcsServiceComponent = z.infer<typeof EcsServiceComponent>;
export type EcsServiceVersion = z.infer<typeof EcsServiceVersion>;
export type EcsMove = z.infer<typeof EcsMove>;

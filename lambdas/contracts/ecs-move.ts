import * as z from "zod";

/**
 * How the ECS deployment that carries a rollback comes about (docs/facts/ecs.md §2.1 and §9):
 * `update` starts a deployment of the target; `stop` makes ECS roll the deployment in flight back;
 * `follow` watches a rollback that ECS began by itself.
 */
export const ECS_WAYS = ["update", "stop", "follow"] as const;

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
  /** Deployment alarms that could fail the rollback are switched off while it runs (docs/facts/ecs.md §5.2). */
  quietAlarms: z.boolean(),
  /** What the plan saw; a different PRIMARY deployment at the moment of acting means somebody else deployed. */
  seen: z.strictObject({
    primaryDeployment: z.string(),
    taskDefinition: z.string(),
    desiredCount: z.number().int(),
  }),
  deadlineSeconds: z.number().int().min(60),
});
export type EcsMove = z.infer<typeof EcsMove>;

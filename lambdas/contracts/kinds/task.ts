import * as z from "zod";
import { componentNames, dependsOn, minutes, roleArn } from "./field.ts";

const override = {
  container: z
    .string()
    .min(1)
    .max(255)
    .describe("The container that does the work: its exit code is the result"),
  command: z.array(z.string().max(1_000)).min(1).max(50),
  environment: z
    .record(z.string(), z.string().max(1_000))
    .default({})
    .describe("Plain settings; secrets belong into the task definition"),
};

/** An ECS task that runs as a part of a rollback: a migration downgrade, a table copy, a smoke test. */
export const TaskComponent = z.strictObject({
  kind: z.literal("task"),
  cluster: z.string().min(1).max(255),
  taskDefinition: z
    .string()
    .min(1)
    .max(255)
    .describe(
      "family:revision, or a family: then the revision that its service ran before the rollback, which holds the newer code",
    ),
  ...override,
  launchType: z.enum(["FARGATE", "EC2"]).default("FARGATE"),
  subnets: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/))
    .max(16)
    .default([]),
  securityGroups: z
    .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/))
    .max(5)
    .default([]),
  assignPublicIp: z.boolean().default(false),
  taskRoles: z.array(roleArn).max(10).default([]).describe("The only roles that may be passed to it"),
  runs: z
    .enum(["with-rollback", "when-named"])
    .default("when-named")
    .describe("In every rollback that moves one of its services, or only when a request's scope names it"),
  when: z
    .enum(["before", "while-paused", "after"])
    .default("after")
    .describe("Before its services go back, while they are paused, or after they went back"),
  services: componentNames(
    "The ECS services it belongs to: they are paused for while-paused, waited for else",
  ),
  changesData: z.boolean().default(true).describe("Then a person must approve, as for a database"),
  safeToRepeat: z
    .boolean()
    .default(false)
    .describe("May be started again by itself after a failure that hides its end"),
  undo: z
    .strictObject(override)
    .optional()
    .describe("What reverses it; without, a rollback that ran it cannot be undone for this component"),
  logGroup: z.string().min(1).max(512).optional().describe("Where its last lines are read when it fails"),
  logStreamPrefix: z.string().min(1).max(512).optional(),
  dependsOn,
  deadlineMinutes: minutes(15),
});

/** Everything that one RunTask call needs (docs/facts/database.md §9). */
export const TaskRun = z.strictObject({
  cluster: z.string(),
  /** Full ARN with revision: a bare family would be whatever is newest when it starts. */
  taskDefinition: z.string(),
  ...override,
  launchType: z.enum(["FARGATE", "EC2"]),
  subnets: z.array(z.string()),
  securityGroups: z.array(z.string()),
  assignPublicIp: z.boolean(),
  safeToRepeat: z.boolean(),
  logGroup: z.string().optional(),
  logStreamPrefix: z.string().optional(),
});

/** What a move of a task carries. */
export const TaskMove = z.strictObject({
  run: TaskRun,
  undo: TaskRun.optional(),
  deadlineSeconds: z.number().int().min(60),
});

export type TaskComponent = z.infer<typeof TaskComponent>;
export type TaskRun = z.infer<typeof TaskRun>;
export type TaskMove = z.infer<typeof TaskMove>;

import * as z from "zod";
import { blindAlarms } from "./blind-alarms.ts";
import { brokenReferences } from "./broken-references.ts";
import { circleIn } from "./circle-in.ts";
import { CacheComponent } from "./kinds/cache.ts";
import { DatabaseComponent } from "./kinds/database.ts";
import { EcsServiceComponent } from "./kinds/ecs-service.ts";
import { componentName, minutes } from "./kinds/field.ts";
import { FrontendComponent } from "./kinds/frontend.ts";
import { MaintenanceComponent } from "./kinds/maintenance.ts";
import { ParameterComponent } from "./kinds/parameter.ts";
import { SecretComponent } from "./kinds/secret.ts";
import { TaskComponent } from "./kinds/task.ts";
import { deadlinesOf, LONGEST_DEADLINES } from "./longest-rollback.ts";
import {
  ApproverGroup,
  FailurePolicy,
  Impact,
  type Kind,
  Severity,
  Stability,
  Strategy,
} from "./vocabulary.ts";

const name = componentName;

/** One thing that goes back, by its kind. */
export const Component = z.discriminatedUnion("kind", [
  EcsServiceComponent,
  DatabaseComponent,
  FrontendComponent,
  SecretComponent,
  ParameterComponent,
  CacheComponent,
  TaskComponent,
  MaintenanceComponent,
]);

const alarmBasics = {
  name: name.describe("Last part of the alarm's name: stepback-<environment>-<name>"),
  components: z.array(z.string()).min(1).describe("What a rollback started by this alarm puts back"),
  severity: Severity.default("critical"),
  userImpact: Impact.default("high"),
  stability: Stability.default("unstable"),
};
const loadBalancer = z
  .string()
  .regex(/^app\/[\w-]+\/[0-9a-f]+$/, "the part of the load balancer's ARN after loadbalancer/: app/name/id");
const targetGroup = z
  .string()
  .regex(/^targetgroup\/[\w-]+\/[0-9a-f]+$/, "the last part of the target group's ARN: targetgroup/name/id");

const WHOLE_LOAD_BALANCER =
  "Absent: the whole load balancer, as services need whose deployments shift traffic between target groups";

/** The alarms that Stepback makes for you; the thresholds are those of the runbooks (seeds 000–004). */
export const Alarm = z.discriminatedUnion("recipe", [
  z.strictObject({
    recipe: z.literal("error-rate"),
    ...alarmBasics,
    loadBalancer,
    targetGroup: targetGroup.optional().describe(WHOLE_LOAD_BALANCER),
    thresholdPercent: z.number().positive().max(100).default(50),
    minutes: z.number().int().min(1).max(60).default(5),
  }),
  z.strictObject({
    recipe: z.literal("unavailable"),
    ...alarmBasics,
    loadBalancer,
    targetGroup,
    alternateTargetGroup: targetGroup
      .optional()
      .describe("The other target group, of services whose deployments shift traffic between two"),
    minutes: z.number().int().min(1).max(60).default(5),
  }),
  z.strictObject({
    recipe: z.literal("latency"),
    ...alarmBasics,
    severity: Severity.default("high"),
    userImpact: Impact.default("medium"),
    stability: Stability.default("stable"),
    loadBalancer,
    targetGroup: targetGroup.optional().describe(WHOLE_LOAD_BALANCER),
    baselineSeconds: z.number().positive().describe("p95 of a good hour; the alarm is at 1.5 times this"),
  }),
  z.strictObject({
    recipe: z.literal("memory"),
    ...alarmBasics,
    thresholdPercent: z.number().positive().max(100).default(90),
    minutes: z.number().int().min(1).max(60).default(10),
  }),
  z.strictObject({
    recipe: z.literal("running-below-desired"),
    ...alarmBasics,
    minutes: z.number().int().min(1).max(60).default(10),
  }),
  z.strictObject({ recipe: z.literal("startup-failure"), ...alarmBasics }),
]);

export const DECISIONS = ["roll-back", "ask", "fix-forward"] as const;

const MatrixRule = z.strictObject({
  severity: Severity.optional(),
  userImpact: Impact.optional(),
  stability: Stability.optional(),
  decision: z.enum(DECISIONS),
});

/**
 * The runbooks' decision matrix (seed 000 "Rollback Decision Matrix", seeds 001 and 004 scenarios): first match wins.
 */
export const DEFAULT_MATRIX: readonly z.infer<typeof MatrixRule>[] = [
  { severity: "critical", decision: "roll-back" },
  { severity: "high", stability: "unstable", decision: "roll-back" },
  { severity: "high", decision: "ask" },
  { severity: "medium", userImpact: "high", decision: "ask" },
  { severity: "medium", userImpact: "medium", decision: "ask" },
  { decision: "fix-forward" },
];

export const Policy = z.strictObject({
  shadow: z.boolean().default(false).describe("Decide and say what would have been done, do nothing"),
  bakeMinutes: minutes(10).describe(
    "How long the alarms must stay quiet before a checkpoint counts as proven",
  ),
  checkpointMinutes: minutes(15).describe(
    "How often it is looked whether anything but a service was released; services are recorded at once",
  ),
  watchWindowMinutes: minutes(60).describe(
    "An alarm counts as caused by a release only this long after a change",
  ),
  eventMaxAgeMinutes: z.number().int().min(1).max(60).default(5).describe("Older alarm events never act"),
  cooldownMinutes: minutes(30).describe(
    "After an automatic rollback, the next automatic one waits this long",
  ),
  maxRollbacksPerDay: z.number().int().min(1).max(50).default(3).describe("Automatic rollbacks in 24 hours"),
  verifyMinutes: z
    .number()
    .int()
    .min(1)
    .max(120)
    .default(15)
    .describe("How long the alarms may take to be OK again"),
  onFailure: FailurePolicy.default("stop"),
  strategy: Strategy.default("fast-first").describe(
    "fast-first: code goes back at once, data follows when its copy is ready; together: nobody moves before everybody is prepared",
  ),
  matrix: z
    .array(MatrixRule)
    .min(1)
    .default([...DEFAULT_MATRIX]),
  approvalExpiresMinutes: minutes(60),
  prepareWhileAsking: z
    .boolean()
    .default(false)
    .describe(
      "Copies of data are made and checked while people are asked, and removed when the answer is no: an approved rollback is quicker by what that takes, and nobody has agreed to the copies",
    ),
  remindHour: z
    .number()
    .int()
    .min(0)
    .max(23)
    .default(9)
    .describe(
      "The hour, UTC, at which people are reminded of what rollbacks kept: one of your working hours",
    ),
  approvers: z
    .partialRecord(ApproverGroup, z.array(z.string().min(1)).min(1))
    .default({})
    .describe("IAM ARNs (with * wildcards) of who may approve, by group"),
});

/** Without the quotes YAML reads a number, and one that begins with 0 loses it. */
const TWELVE_DIGITS = "twelve digits, in quotes";

/** One application in one account and region: what `environments/<name>.yaml` holds. */
export const Environment = z
  .strictObject({
    name,
    application: z.string().min(1).max(60),
    account: z.string(TWELVE_DIGITS).regex(/^\d{12}$/, TWELVE_DIGITS),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region like eu-west-1"),
    components: z
      .record(name, Component)
      .refine((all) => Object.keys(all).length > 0, "at least one component")
      .refine((all) => Object.keys(all).length <= 30, "at most 30 components")
      .refine((all) => deadlinesOf(all) <= LONGEST_DEADLINES, {
        message: `all deadlineMinutes together may be ${LONGEST_DEADLINES} at most: a longer execution would overflow its history; shorten some, or split the environment`,
      }),
    alarms: z.array(Alarm).max(50).default([]),
    policy: Policy.prefault({}),
    notify: z.strictObject({ emails: z.array(z.email()).max(20).default([]) }).prefault({}),
  })
  .superRefine((environment, context) => {
    const known = new Set(Object.keys(environment.components));
    const check = (names: readonly string[], path: (string | number)[]) => {
      names.forEach((component, index) => {
        if (known.has(component)) return;
        const message = `unknown component "${component}"; known are ${[...known].join(", ")}`;
        context.addIssue({ code: "custom", path: [...path, index], message });
      });
    };
    for (const { path, message } of brokenReferences(environment.components)) {
      context.addIssue({ code: "custom", path: ["components", ...path], message });
    }
    for (const [index, alarm] of environment.alarms.entries()) {
      check(alarm.components, ["alarms", index, "components"]);
      if (environment.alarms.findIndex((other) => other.name === alarm.name) === index) continue;
      const message = `another alarm is called "${alarm.name}"; names are used once`;
      context.addIssue({ code: "custom", path: ["alarms", index, "name"], message });
    }
    for (const { index, field, message } of blindAlarms(environment.alarms, environment.components)) {
      context.addIssue({ code: "custom", path: ["alarms", index, field], message });
    }
    const dependsOn = Object.entries(environment.components).map(
      ([key, one]) => [key, one.dependsOn] as const,
    );
    const circle = circleIn(new Map(dependsOn));
    if (circle?.[0] !== undefined) {
      const message = `these wait for one another: ${circle.join(" -> ")}; one of them must go back first`;
      context.addIssue({ code: "custom", path: ["components", circle[0], "dependsOn"], message });
    }
  });

export type Environment = z.infer<typeof Environment>;
export type Component = z.infer<typeof Component>;
export type Alarm = z.infer<typeof Alarm>;
export type Policy = z.infer<typeof Policy>;
export type MatrixRule = z.infer<typeof MatrixRule>;

/** The full name of an alarm that Stepback makes; the EventBridge rule matches on the part before the alarm's own name. */
export const alarmName = (environment: Pick<Environment, "name">, alarm: Pick<Alarm, "name">) =>
  `${alarmPrefix(environment)}${alarm.name}`;
export const alarmPrefix = (environment: Pick<Environment, "name">) => `stepback-${environment.name}-`;

/** The names of the state machines: people type them. */
export const rollbackMachineName = (environment: Pick<Environment, "name">) =>
  `stepback-${environment.name}-rollback`;
export const checkpointMachineName = (environment: Pick<Environment, "name">) =>
  `stepback-${environment.name}-checkpoint`;
export const cleanUpMachineName = (environment: Pick<Environment, "name">) =>
  `stepback-${environment.name}-clean-up`;

/** The components of one kind, with their names. */
export function componentsOf<K extends Kind>(
  { components }: Pick<Environment, "components">,
  kind: K,
): (readonly [name: string, component: Extract<Component, { readonly kind: K }>])[] {
  return Object.entries(components).flatMap(([name, component]) =>
    isOfKind(component, kind) ? [[name, component] as const] : [],
  );
}

function isOfKind<K extends Kind>(
  component: Component,
  kind: K,
): component is Extract<Component, { readonly kind: K }> {
  return component.kind === kind;
}

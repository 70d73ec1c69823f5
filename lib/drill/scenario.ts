import * as z from "zod";
import { OUTCOMES } from "../../lambdas/contracts/vocabulary.ts";
import { FAILED_RESTORES } from "../region/services/rds/databases.ts";
import { ApplicationShape } from "./application-shape.ts";

/** `90s`, `2m30s`, `1h`, `1d9h`: a span of virtual time. Parsed to seconds. */
const Span = z
  .string()
  .regex(/^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/, "a span of time like 90s, 2m30s, 1h or 2d")
  .transform((text) => {
    const part = (unit: string) => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
    return part("d") * 86_400 + part("h") * 3_600 + part("m") * 60 + part("s");
  });

const component = z.string().describe("A component of the environment");
const version = z.string().describe("A release of the sample application, like 2.10.0");

/** How a release behaves; whatever is left out is as in a good release. */
const Behaviour = z.strictObject({
  errorRate: z.number().min(0).max(1).optional().describe("Share of requests answered with 5xx"),
  latencySeconds: z.number().positive().optional(),
  memoryPercent: z.number().min(0).max(100).optional(),
  cpuPercent: z.number().min(0).max(100).optional().describe("CPU of a task, which scaling follows"),
  startSeconds: z.number().positive().optional(),
  healthySeconds: z.number().min(0).optional(),
  failsHealthChecks: z.boolean().optional(),
  stopSeconds: z.number().positive().optional().describe("From SIGTERM until it has exited by itself"),
  crashAfterSeconds: z.number().positive().optional(),
  corruptsData: z
    .boolean()
    .optional()
    .describe("What it writes damages the tables, for every release that reads them"),
  poisonsCache: z.boolean().optional().describe("What it caches is wrong, for everybody who reads it"),
  needsRevision: z.array(z.string()).optional().describe("The schema revisions that it works with"),
  startFailure: z
    .strictObject({
      stopCode: z.enum(["TaskFailedToStart", "EssentialContainerExited"]),
      exitCode: z.number().int().optional(),
      reason: z.string(),
    })
    .optional(),
});

const awsCall = z
  .string()
  .regex(/^[a-z0-9-]+:[A-Z]\w+$/)
  .describe("Signing name and operation, like ecs:UpdateService");

const Fault = z.strictObject({
  call: z
    .union([awsCall, z.array(awsCall).min(1)])
    .describe("One or several; each goes wrong on its own count"),
  effect: z.enum(["throttle", "server-error", "access-denied", "lost-reply", "kills-caller", "refused"]),
  by: z.string().optional().describe("Part of the caller's role or session name"),
  skip: z.number().int().min(0).optional().describe("How many matching calls pass first"),
  times: z.number().int().min(1).optional().describe("How many calls are struck; no limit unless told"),
  lasts: Span.optional().describe("How long calls go wrong; without end unless told"),
});

const release = z.strictObject({ component, version });

/** What can be done to the region, one thing a step. */
const ACTIONS = {
  deploy: release.describe("Somebody deploys a release"),
  behave: z
    .strictObject({ component, version, as: Behaviour })
    .describe("A release begins to behave like this"),
  deregister: release.describe("Its task definition is deregistered"),
  forget: release.describe("Its task definition is deregistered and then no longer described by ECS"),
  deleteImage: release.describe("Its image is deleted from ECR"),
  archiveImage: release.describe("Its image is moved to the archive tier"),
  deployFrontend: z
    .strictObject({ version, broken: z.boolean().default(false) })
    .describe("Somebody deploys a release of the frontend; a broken one makes the API's users fail"),
  editDistribution: z
    .strictObject({ comment: z.string().optional(), originPath: z.string().optional() })
    .describe("Somebody edits the frontend's distribution by hand"),
  migrate: z
    .strictObject({ revision: z.string() })
    .describe("A release brings the live schema to a revision"),
  moveTag: release.describe("Its tag is pushed again, with another image"),
  scale: z
    .strictObject({ component, desired: z.number().int().min(0) })
    .describe("Somebody scales a service"),
  setAlarm: z
    .strictObject({ alarm: z.string(), state: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]) })
    .describe("Somebody sets an alarm's state"),
  duplicateEvents: z.number().int().min(1).max(1000).describe("The next this many deliveries are made twice"),
  delayEvents: Span.describe("The next delivery comes this late"),
  sendEvent: z
    .strictObject({ alarm: z.string(), ageSeconds: z.number().min(0), account: z.string().optional() })
    .describe("An old or foreign alarm event reaches the workflow"),
  start: z.unknown().describe("Somebody starts a rollback with this input, whatever it is"),
  undo: z.literal("last").describe("Somebody undoes the last rollback that moved anything"),
  finish: z.literal("last").describe("Somebody finishes what the last rollback could not put right"),
  approve: z.strictObject({ as: z.string() }).describe("This role approves what is waiting"),
  reject: z.strictObject({ as: z.string() }).describe("This role rejects what is waiting"),
  abort: z.literal("running").describe("Somebody stops the running execution"),
  call: z
    .strictObject({ operation: awsCall, input: z.record(z.string(), z.unknown()).default({}) })
    .describe(
      "Somebody calls AWS, as an administrator of the account; @copy, @rollback, @source: as planned",
    ),
  failTask: z
    .strictObject({
      command: z.string().describe("How its command begins"),
      exitCode: z.number().int().optional(),
      line: z.string().optional().describe("What it logs"),
    })
    .describe("The next task with such a command fails, without an effect"),
  failRestore: z
    .strictObject({
      status: z.enum(FAILED_RESTORES),
      message: z.string().optional().describe("What RDS reports as an event"),
    })
    .describe("The next restore of a database ends in this status, for good"),
  failSnapshot: z.literal("next").describe("The next manual snapshot of an instance ends as `failed`"),
  firstBackup: Span.describe("From now on RDS takes this long to back up what it has restored"),
  flashBeforeBackup: Span.describe("From now on RDS shows `available` for this long before that backup"),
  fault: Fault.describe("From now on these calls go wrong"),
  crash: z
    .strictObject({ function: z.string(), afterCalls: z.number().int().min(1) })
    .describe("The next invocation is killed after this many calls"),
} as const;

export type ActionName = keyof typeof ACTIONS;
export type ActionArgument<Name extends ActionName> = z.infer<(typeof ACTIONS)[Name]>;

const Action = z
  .strictObject(ACTIONS)
  .partial()
  .refine((action) => Object.keys(action).length === 1, "exactly one action");

const Step = z
  .strictObject({
    at: Span.optional().describe("This long after the start of the drill"),
    after: awsCall.optional().describe("When Stepback has made such a call, like ecs:UpdateService"),
    plus: Span.optional().describe("With `after`: this long afterwards"),
    do: Action,
  })
  .refine(
    (step) => (step.at === undefined) !== (step.after === undefined),
    'exactly one of "at" and "after"',
  );

const count = z.number().int().min(0);

const Expectation = z.strictObject({
  outcome: z.enum(OUTCOMES).optional().describe("How the first rollback (or request) ended"),
  outcomes: z
    .array(z.enum(OUTCOMES))
    .optional()
    .describe("How all of them ended, in the order of their starts"),
  count: z.record(z.string(), count).optional().describe("How many of them ended in each of these ways"),
  sentence: z.string().optional().describe("A part of the first one's sentence"),
  sentences: z
    .array(z.string())
    .optional()
    .describe("Parts of their sentences, in the order of their starts"),
  neverTold: z
    .array(z.string())
    .optional()
    .describe("Values that no log, state, message, ledger entry or report of Stepback contains"),
  running: z
    .record(component, version)
    .optional()
    .describe("What every running task of a component runs at the end"),
  calls: z
    .record(
      z.string(),
      z.union([count, z.strictObject({ atMost: count.optional(), atLeast: count.optional() })]),
    )
    .optional()
    .describe("How often Stepback made a call, by `service:Operation`"),
  deployments: z
    .record(component, count)
    .optional()
    .describe("How many ECS deployments a component saw, whoever began them"),
  lockFree: z.boolean().optional().describe("Nobody holds the environment's lock at the end"),
  answers: z.array(z.number().int()).optional().describe("HTTP statuses that approvers got, in order"),
  changedNothing: z.boolean().optional().describe("Stepback changed nothing in the application"),
  data: z
    .strictObject({
      intact: z.boolean().optional().describe("No table of the live database is damaged"),
      revision: z.string().optional().describe("The live schema's revision"),
      lostWrites: count.optional().describe("At most this many acknowledged writes are lost"),
      passwordFits: z.boolean().optional().describe("The live database takes the secret's current password"),
    })
    .optional(),
  cache: z
    .enum(["original", "copy"])
    .optional()
    .describe("Which cache every task of the API uses: the one from before, or a copy that Stepback made"),
  frontend: version.optional().describe("What people at every edge location get"),
  gate: z.enum(["open", "maintenance", "isolated"]).optional().describe("What a customer meets at the door"),
  pageSeen: z.boolean().optional().describe("Whether any customer was shown the maintenance page"),
  unserved: count.optional().describe("At most this many requests met no task at all"),
  symptoms: z.boolean().optional().describe("Whether anything is wrong with the application at the end"),
  unchanged: z
    .boolean()
    .optional()
    .describe("Whether everything with a version is what it was when the first rollback started"),
  lawful: z.boolean().optional().describe("Whether every law of the random nights holds"),
  alarmsOk: z.boolean().optional().describe("Every alarm of the environment is OK at the end"),
  desiredCountKept: z.boolean().optional().describe("No service has fewer desired tasks than at the start"),
  deploymentAlarmsKept: z.boolean().optional(),
  deadLetters: count.optional().describe("How many events lie in the dead-letter queue"),
  announcements: z.array(z.string()).optional().describe("Parts of subjects that people got, in this order"),
  told: z
    .array(z.union([z.string(), z.array(z.string())]))
    .optional()
    .describe("Parts of messages that people got, in this order; a list is of one message"),
  table: z
    .record(component, z.string())
    .optional()
    .describe("How each component's line begins, in the last message and in the report; nobody else has one"),
  inOrder: z
    .array(z.string())
    .optional()
    .describe("Parts of lines of the timeline; each comes later than the one before"),
  aws: z
    .array(
      z.strictObject({
        claim: z.string().describe("What it means for people"),
        operation: awsCall,
        input: z.record(z.string(), z.unknown()).default({}),
        is: z.string().describe("A JSONata expression over the answer that must be true"),
      }),
    )
    .optional()
    .describe("What AWS says at the end"),
  transitions: count
    .optional()
    .describe("The first rollback entered at most this many states, polling included"),
  withinMinutes: z
    .number()
    .positive()
    .optional()
    .describe("The first rollback ended this long after its start"),
});

/** Another way that the same story may end, by policy. */
const Variant = z.strictObject({
  policy: z.record(z.string(), z.unknown()).optional(),
  expect: Expectation.describe("In addition to what every variant must come to"),
});

/** A drill: what happens to a healthy, proven sample application, and what must have come of it. */
export const Scenario = z.strictObject({
  title: z.string().min(3).describe("A claim, in the present tense"),
  story: z.string().optional().describe("Why this drill exists"),
  like: z
    .string()
    .optional()
    .describe(
      "Another drill whose environment, application, components, alarms and steps this one begins with",
    ),
  environment: z.string().default("example"),
  seed: z.number().int().min(0).default(1),
  policy: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Members of the environment's policy to replace"),
  alarms: z.array(z.unknown()).optional().describe("The environment's alarms, instead of those in its file"),
  components: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .optional()
    .describe(
      "Members of the environment's components to replace; null takes one away; with a kind it is a new one",
    ),
  application: ApplicationShape.prefault({}),
  begins: z.iso
    .datetime()
    .optional()
    .describe("The region's first moment, for what depends on the day; 2026-11-21T00:00:00Z unless told"),
  steps: z.array(Step).min(1),
  expect: Expectation,
  variants: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), Variant)
    .optional()
    .describe("The same story with different policies, each with its own end"),
  limit: Span.prefault("3h").describe("The drill ends here at the latest"),
});

export type Scenario = z.infer<typeof Scenario>;
export type Step = Scenario["steps"][number];
export type Expectation = z.infer<typeof Expectation>;
export type Behaviour = z.infer<typeof Behaviour>;

import * as s3 from "@aws-sdk/client-s3";
import { Environment } from "../../lambdas/contracts/environment.ts";
import { StepbackError } from "../../lambdas/contracts/errors.ts";
import { ASKING_LOCK } from "../../lambdas/contracts/lock.ts";
import { PlannedRollback } from "../../lambdas/contracts/plan.ts";
import { ReportRequest, ReportResult } from "../../lambdas/contracts/report.ts";
import { Tick, TickRequest } from "../../lambdas/contracts/tick.ts";
import { Verification } from "../../lambdas/contracts/verification.ts";
import type { Verb } from "../../lambdas/contracts/vocabulary.ts";
import { announceOutcome } from "../../lambdas/domain/announce.ts";
import { durationsOf, outcomeOf } from "../../lambdas/domain/outcome.ts";
import type { Kernel } from "../../lib/region/kernel/kernel.ts";
import { assemblyOf } from "../support/assembly.ts";
import { makeEnvironment } from "../support/make-environment.ts";
import { type Ended, lambdaAnswer, lambdaFailure, TestRegion } from "../unit/states-language/machine-run.ts";
import { makePlanned } from "./make-planned.ts";

/** How often this was asked before, and the clock of the region. */
export interface Moment {
  readonly turn: number;
  readonly kernel: Kernel;
}

type Service = (moment: Moment) => void | Promise<void>;

/** Who plays the functions and services that the rollback calls. They throw what those would throw. */
export interface Cast {
  readonly plan: (input: PlanInput, moment: Moment) => PlannedRollback | Promise<PlannedRollback>;
  readonly ask: (
    moment: Moment,
  ) => { readonly answer: "approve" | "reject"; readonly by: string } | undefined;
  readonly move: (request: TickRequest, moment: Moment) => Tick | Promise<Tick>;
  readonly verify: (moment: Moment) => Verification | Promise<Verification>;
  readonly report: (request: ReportRequest, moment: Moment) => ReportResult | Promise<ReportResult>;
  readonly lock: Service;
  readonly release: Service;
  readonly giveWay: Service;
  /** The lock of copies, taken and given back. */
  readonly lockCopies: Service;
  readonly releaseCopies: Service;
  readonly publish: Service;
  readonly evidence: Service;
}

interface PlanInput {
  readonly request: unknown;
  readonly environment: Environment;
  readonly execution: { readonly id: string; readonly name: string; readonly startedAt: string };
}

/** What happened, as far as anybody outside could see it. */
export interface Performance extends Ended {
  readonly told: readonly Message[];
  readonly moved: readonly TickRequest[];
  readonly reported: readonly ReportRequest[];
  /** The bodies of the objects put into the bucket. */
  readonly kept: readonly string[];
}

export interface Message {
  readonly phase: string;
  readonly outcome: string | undefined;
  readonly subject: string;
  readonly message: string;
}

/** Everything goes well: both components move at once, the alarms are quiet, everybody answers. */
const GOES_WELL: Cast = {
  plan: () => makePlanned(),
  ask: () => ({ answer: "approve", by: "arn:aws:sts::111122223333:assumed-role/SeniorEngineer/ada" }),
  move: (request) => done(request),
  verify: () => RECOVERED,
  report: (request) => reportOf(request),
  lock: () => undefined,
  release: () => undefined,
  giveWay: () => undefined,
  lockCopies: () => undefined,
  releaseCopies: () => undefined,
  publish: () => undefined,
  evidence: () => undefined,
};

export const RECOVERED: Verification = {
  status: "recovered",
  note: "stepback-example-api-errors: OK.",
  open: [],
  recoveredAt: "2026-11-21T12:03:00.000Z",
};

export const WAITING: Verification = {
  status: "waiting",
  note: "stepback-example-api-errors (ALARM) is not OK yet.",
  open: ["stepback-example-api-errors (ALARM)"],
};

/** Runs the synthesised rollback definition of an environment with this cast; who is missing does what goes well. */
export async function perform(
  cast: Partial<Cast> = {},
  { environment = makeEnvironment(), input = { reason: "5xx after 2.10.0" } as object } = {},
): Promise<Performance> {
  const play = { ...GOES_WELL, ...cast };
  const told: Message[] = [];
  const moved: TickRequest[] = [];
  const reported: ReportRequest[] = [];
  const kept: string[] = [];
  const counts = new Map<string, number>();
  const moment = (what: string): Moment => {
    const turn = counts.get(what) ?? 0;
    counts.set(what, turn + 1);
    return { turn, kernel: region.kernel };
  };
  const functions: Readonly<Record<string, (payload: Readonly<Record<string, unknown>>) => unknown>> = {
    PlanRollback: async ({ request, environment, execution }) => {
      const given = { request, environment: Environment.parse(environment), execution: Object(execution) };
      return PlannedRollback.parse(await play.plan(given, moment("plan")));
    },
    RequestApproval: ({ taskToken, planned }) => {
      PlannedRollback.parse(planned);
      const output = play.ask(moment("ask"));
      if (output) region.kernel.schedule(90_000, () => answer(String(taskToken), output));
      return { status: "asked" };
    },
    Move: async (payload) => {
      const request = TickRequest.parse(payload);
      moved.push(request);
      const verb = request.verbs.join();
      return Tick.parse(await play.move(request, moment(`${request.move.component} ${verb}`)));
    },
    VerifyRecovery: async () => Verification.parse(await play.verify(moment("verify"))),
    WriteReport: async (payload) => {
      const request = ReportRequest.parse(payload);
      reported.push(request);
      return ReportResult.parse(await play.report(request, moment("report")));
    },
  };
  const answer = (taskToken: string, output: object) => {
    const call = { taskToken, output: JSON.stringify(output) };
    region.kernel.launch("answer", async () => void (await region.call("SendTaskSuccess", call)));
  };
  const region = new TestRegion({
    sdkServices: [{ name: "s3", signingName: "s3", errorPrefix: "S3", sdk: s3 }],
    answers: {
      "lambda:Invoke": (call) => invoked(call, functions),
      "dynamodb:UpdateItem": async ({ UpdateExpression, Key }) => {
        const taking = String(UpdateExpression).startsWith("SET #owner");
        if (String(UpdateExpression).startsWith("SET givesWayTo")) {
          await play.giveWay(moment("giveWay"));
          return {};
        }
        const what = `${taking ? "lock" : "release"}${isOfCopies(Key) ? "Copies" : ""}` as const;
        await play[what](moment(what));
        return taking ? { Attributes: { fence: { N: "17" } } } : {};
      },
      "sns:Publish": async (call) => {
        await play.publish(moment("publish"));
        told.push(messageOf(call));
        return { MessageId: "m" };
      },
      "s3:PutObject": async ({ Body }) => {
        await play.evidence(moment("evidence"));
        if (Body instanceof Uint8Array) kept.push(new TextDecoder().decode(Body));
        return {};
      },
    },
  });
  const ended = await region.run(definitionOf(environment), input);
  return { ...ended, told, moved, reported, kept };
}

export function definitionOf(environment = makeEnvironment(), machine = "Rollback") {
  const { properties } = assemblyOf(environment).one("AWS::StepFunctions::StateMachine", machine);
  return JSON.parse(String(properties["DefinitionString"]));
}

export function done({ move: { component, to }, verbs }: TickRequest): Tick {
  const verb = verbs.at(-1) ?? "tidy";
  return { status: "done", component, verb, note: `${to.label} is what runs.` };
}

export function working(component: string, verb: Verb = "cutOver", waitSeconds = 4): Tick {
  return { status: "working", component, verb, note: "2 of 3 tasks run the target.", waitSeconds };
}

/** Seconds that are worth a state, and such as are not. */
export const waitAt = (turn: number) => (turn % 2 === 0 ? 60 : 4);

export function failed({ move: { component } }: TickRequest, touched = true): Tick {
  const note = "The target could not start and ECS put the previous version back.";
  return { status: "failed", component, verb: "cutOver", code: "RESTORED_BY_ECS", note, touched };
}

/** What the step answers, by the same domain functions; only the writing is left out. */
function reportOf(request: ReportRequest): ReportResult {
  const { planned, results, wayOut } = request;
  const named = outcomeOf(request);
  const report = `s3://reports/example/${planned.rollbackId}/report.md`;
  const headline = { application: "boardroom", environment: "example", ...planned };
  const facts = {
    ...named,
    plan: planned.plan,
    results,
    wayOut,
    unfinished: undefined,
    incomplete: [],
    report,
  };
  const announcement = announceOutcome(headline, facts);
  return { ...named, announcement, durations: durationsOf(request), report };
}

async function invoked(
  { FunctionName, Payload }: Readonly<Record<string, unknown>>,
  functions: Readonly<Record<string, (payload: Readonly<Record<string, unknown>>) => unknown>>,
) {
  const [, name = ""] = /:Functions(\w+?)Function[0-9A-F]{8}$/.exec(String(FunctionName)) ?? [];
  // The mover of every kind is the same here: what was asked of which component is what counts.
  const step = functions[name.startsWith("Move") ? "Move" : name];
  if (!step || !(Payload instanceof Uint8Array)) throw new Error(`Nobody plays ${FunctionName}`);
  try {
    return lambdaAnswer(await step(JSON.parse(new TextDecoder().decode(Payload))));
  } catch (error) {
    if (error instanceof StepbackError) return lambdaFailure(error.name, error.message);
    throw error;
  }
}

const isOfCopies = (key: unknown) => JSON.stringify(key).includes(ASKING_LOCK);

function messageOf({ Subject, Message, MessageAttributes }: Readonly<Record<string, unknown>>): Message {
  const attributes: Readonly<Record<string, { readonly StringValue?: string }>> = Object(MessageAttributes);
  return {
    phase: attributes["phase"]?.StringValue ?? "",
    outcome: attributes["outcome"]?.StringValue,
    subject: String(Subject),
    message: String(Message),
  };
}

/** Whether a request belongs to the waves, and not to a way out. */
export const isForward = ({ verbs }: TickRequest) => verbs.includes("cutOver");
export const isTidying = ({ verbs }: TickRequest) => verbs.includes("tidy");

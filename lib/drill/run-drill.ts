import type { Environment } from "../../lambdas/contracts/environment.ts";
import { Environment as EnvironmentSchema } from "../../lambdas/contracts/environment.ts";
import { loadEnvironment } from "../files/load-environment.ts";
import type { LogEntry } from "../region/kernel/region-log.ts";
import { check } from "./check.ts";
import { judge } from "./judge.ts";
import { judgeOrder } from "./judge-order.ts";
import { apiCallsOf, executionsSince, rollbacksOf } from "./observed.ts";
import { perform } from "./perform.ts";
import type { DrillResult } from "./result.ts";
import type { Scenario, Step } from "./scenario.ts";
import { brokenLaws } from "./simulation/invariants.ts";
import { type Stage, setStage } from "./stage.ts";
import { narratorOf, type TimelineEntry } from "./timeline.ts";
import { changedIn, type World, worldOf } from "./world.ts";

export interface DrillOptions {
  /** Calls back with every line of the story, as it happens. */
  readonly onTold?: (entry: TimelineEntry, startedAt: number) => void;
  readonly seed?: number;
}

/** How long everything must be quiet, after the last step and the last rollback, before a drill is over. */
const QUIET_MS = 90_000;

/** Runs a scenario on a fresh stage and judges what came of it. */
export async function runDrill(scenario: Scenario, options: DrillOptions = {}): Promise<DrillResult> {
  return (await stageAndRun(scenario, options)).result;
}

/** The same, with the stage for those who want to look closer. */
export async function stageAndRun(
  scenario: Scenario,
  options: DrillOptions = {},
): Promise<{ stage: Stage; result: DrillResult }> {
  const seed = options.seed ?? scenario.seed;
  const environment = environmentOf(scenario);
  const stage = await setStage({
    environment,
    application: scenario.application,
    seed,
    ...(scenario.begins ? { start: Date.parse(scenario.begins) } : {}),
  });
  const { kernel } = stage.region;
  const startedAt = kernel.now;
  const firstCall = stage.region.endpoint.calls.length;
  const timeline: TimelineEntry[] = [];
  const tell = narratorOf(stage);
  const stop = kernel.log.follow((entry: LogEntry) => {
    const told = tell(entry);
    if (!told) return;
    timeline.push(told);
    options.onTold?.(told, startedAt);
  });
  const before = await desiredCounts(stage);
  const world = scenario.expect.unchanged === undefined ? { first: {} } : worldAtStart(stage);
  await playSteps(stage, scenario, startedAt);
  const refusalsPlanned = scenario.steps.some((step) => step.do.fault?.effect === "access-denied");
  const rollbacks = await kernel.complete(rollbacksOf(stage, startedAt));
  const checks = await kernel.complete(
    judge(stage, scenario.expect, { rollbacks, firstCall, startedAt, before, refusalsPlanned }),
  );
  stop();
  checks.push(...judgeOrder(scenario.expect, timeline));
  const { unchanged } = scenario.expect;
  if (unchanged !== undefined) {
    const found = changedIn(world.first, await kernel.complete(worldOf(stage)));
    checks.push(check("everything is what it was", (found.length === 0) === unchanged, found));
  }
  const impact = stage.region.boardroom.impact(startedAt);
  const userImpactSeconds = Math.round(((impact.lastFailureAt ?? 0) - (impact.firstFailureAt ?? 0)) / 1_000);
  const measured = { userImpactSeconds, failedRequests: Math.round(impact.failedRequests) };
  const apiCalls = apiCallsOf(stage, firstCall);
  const told = { title: scenario.title, seed, rollbacks, timeline, measured, apiCalls, startedAt };
  if (scenario.expect.lawful !== undefined) {
    const broken = await brokenLaws({ stage, result: { ...told, checks } });
    checks.push(check("every law holds", (broken.length === 0) === scenario.expect.lawful, broken));
  }
  return { stage, result: { ...told, checks } };
}

/** The world when the first rollback starts, for whoever wants to know what became of it. */
function worldAtStart(stage: Stage): { readonly first: World } {
  const { kernel } = stage.region;
  const world: { first: World } = { first: {} };
  const machine = stage.rollbackMachine.split(":").at(-1);
  const stop = kernel.log.follow(({ source, event, facts }) => {
    if (source !== "states" || event !== "execution started" || facts["machine"] !== machine) return;
    stop();
    kernel.launch("look at the world", async () => {
      world.first = await worldOf(stage);
    });
  });
  return world;
}

export function environmentOf(scenario: Scenario): Environment {
  const environment = loadEnvironment(scenario.environment);
  const components = Object.entries(scenario.components ?? {}).map(([name, changes]) => {
    const component = environment.components[name];
    if (!component && changes["kind"] === undefined)
      throw new Error(`The environment ${environment.name} has no component ${name}`);
    const members = Object.entries({ ...component, ...changes }).filter(([, value]) => value !== null);
    return [name, Object.fromEntries(members)] as const;
  });
  return EnvironmentSchema.parse({
    ...environment,
    components: { ...environment.components, ...Object.fromEntries(components) },
    alarms: scenario.alarms ?? environment.alarms,
    policy: { ...environment.policy, ...scenario.policy },
  });
}

/** Plays the steps at their times, then waits until nothing happens any more. */
async function playSteps(stage: Stage, scenario: Scenario, startedAt: number): Promise<void> {
  const { kernel } = stage.region;
  const limit = startedAt + scenario.limit * 1_000;
  let open = scenario.steps.length;
  let lastStepAt = startedAt;
  const play = (step: Step) =>
    kernel.launch("drill step", async () => {
      await perform(stage, step.do, startedAt);
      open--;
      lastStepAt = kernel.now;
    });
  for (const step of scenario.steps) {
    const { after, plus = 0 } = step;
    if (step.at !== undefined) kernel.schedule(step.at * 1_000, () => play(step));
    else if (after) whenCalled(stage, after, () => kernel.schedule(plus * 1_000, () => play(step)));
  }
  const { outcomes, count } = scenario.expect;
  const counted = Object.values(count ?? {}).reduce((sum, each) => sum + each, 0);
  const expected = Math.max(1, outcomes?.length ?? 0, counted);
  let quietSince: number | undefined;
  while (kernel.now < limit) {
    await kernel.runUntil(Math.min(kernel.now + 5_000, limit));
    const executions = executionsSince(stage, startedAt);
    const ended = executions.filter((execution) => execution.endedAt !== undefined).length;
    const isTidying = executionsSince(stage, startedAt, "cleanUpMachine").some(
      ({ endedAt }) => endedAt === undefined,
    );
    const busy = open > 0 || isTidying || ended < Math.max(expected, executions.length);
    quietSince = busy ? undefined : (quietSince ?? Math.max(kernel.now, lastStepAt));
    if (quietSince !== undefined && kernel.now - quietSince >= QUIET_MS) return;
  }
}

/** Calls back once, when somebody other than the operator has made the call and it was answered. */
function whenCalled(stage: Stage, call: string, then: () => void): void {
  const [service, operation] = call.split(":");
  const stop = stage.region.kernel.log.follow(({ source, event, facts }) => {
    if (source !== service || event !== "api call" || facts["operation"] !== operation) return;
    if (String(facts["principal"]).includes("operator")) return;
    stop();
    then();
  });
}

async function desiredCounts({ region }: Stage): Promise<Readonly<Record<string, number>>> {
  const answer = await region.kernel.complete(
    region.operate("ecs", "DescribeServices", {
      cluster: "boardroom",
      services: ["boardroom-api", "boardroom-web"],
    }),
  );
  const services = answer["services"] as { serviceName: string; desiredCount: number }[];
  return Object.fromEntries(services.map((service) => [service.serviceName, service.desiredCount]));
}

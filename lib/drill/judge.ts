import jsonata from "jsonata";
import { alarmName } from "../../lambdas/contracts/environment.ts";
import { withInstalledIds } from "../region/application/written-ids.ts";
import { check } from "./check.ts";
import { judgeComplete } from "./judge-complete.ts";
import { judgeSecrecy } from "./judge-secrecy.ts";
import { judgeTable } from "./judge-table.ts";
import { lockHolder } from "./lock-holder.ts";
import { CHANGING_CALLS, callsOfStepback } from "./observed.ts";
import type { Check, RollbackSeen } from "./result.ts";
import { runningVersions } from "./running-versions.ts";
import type { Expectation } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** How Lambda reports a killed sandbox. */
const CRASH = "Runtime.ExitError";

export interface Evidence {
  readonly rollbacks: readonly RollbackSeen[];
  /** Calls before this index belong to the setup of the stage. */
  readonly firstCall: number;
  readonly startedAt: number;
  /** Whether the drill itself denies calls. */
  readonly refusalsPlanned: boolean;
  /** Desired counts by service name at the start. */
  readonly before: Readonly<Record<string, number>>;
}

/** Compares what a drill expects with what is there, one check a claim. */
export async function judge(stage: Stage, expected: Expectation, evidence: Evidence): Promise<Check[]> {
  const checks = [
    ...judgeOutcomes(expected, evidence),
    ...judgeCalls(stage, expected, evidence),
    ...(await judgeApplication(stage, expected, evidence)),
    ...judgeMessages(stage, expected),
    ...judgeTable(stage, expected, evidence.rollbacks),
    ...(await judgeTraces(stage, expected, evidence)),
    ...judgeComplete(stage, expected, evidence.startedAt),
    ...(await judgeAws(stage, expected)),
    ...(await judgeSecrecy(stage, expected, evidence.rollbacks)),
  ];
  return [...checks, faultsStruck(stage), nothingDenied(stage, evidence), noBugs(stage)];
}

function judgeOutcomes(
  { outcome, outcomes, count, sentence, sentences = [], transitions, withinMinutes }: Expectation,
  { rollbacks }: Evidence,
): Check[] {
  const checks: Check[] = [];
  const [first] = rollbacks;
  const found = rollbacks.map((rollback) => `${rollback.outcome}: ${rollback.sentence}`).join(" | ");
  if (outcome) checks.push(check(`ends ${outcome}`, first?.outcome === outcome, found));
  if (outcomes) {
    const ended = rollbacks.map((rollback) => rollback.outcome);
    checks.push(
      check(`ends ${outcomes.join(", ")}`, JSON.stringify(ended) === JSON.stringify(outcomes), found),
    );
  }
  for (const [name, wanted] of Object.entries(count ?? {})) {
    const ended = rollbacks.filter((rollback) => rollback.outcome === name).length;
    checks.push(check(`${wanted} end ${name}`, ended === wanted, `${ended}: ${found}`));
  }
  if (sentence) checks.push(check(`says "${sentence}"`, first?.sentence.includes(sentence) ?? false, found));
  for (const [index, part] of sentences.entries()) {
    const held = rollbacks[index]?.sentence.includes(part) ?? false;
    checks.push(check(`number ${index + 1} says "${part}"`, held, found));
  }
  if (transitions !== undefined) {
    const entered = first?.stateTransitions ?? Number.POSITIVE_INFINITY;
    checks.push(check(`enters at most ${transitions} states`, entered <= transitions, `${entered}`));
  }
  if (withinMinutes !== undefined) {
    const minutes =
      first?.endedAt === undefined ? Number.POSITIVE_INFINITY : (first.endedAt - first.startedAt) / 60_000;
    checks.push(
      check(
        `ends within ${withinMinutes} minutes`,
        minutes <= withinMinutes,
        `${minutes.toFixed(1)} minutes`,
      ),
    );
  }
  return checks;
}

function judgeCalls(stage: Stage, { calls, changedNothing }: Expectation, { firstCall }: Evidence): Check[] {
  const made = callsOfStepback(stage, firstCall);
  const checks = Object.entries(calls ?? {}).map(([name, wanted]) => {
    const count = made.filter((call) => `${call.service}:${call.operation}` === name).length;
    const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } =
      typeof wanted === "number" ? { atLeast: wanted, atMost: wanted } : wanted;
    return check(
      `calls ${name} ${JSON.stringify(wanted)} times`,
      count >= atLeast && count <= atMost,
      `${count}`,
    );
  });
  if (changedNothing === undefined) return checks;
  const changing = made.filter(
    (call) =>
      CHANGING_CALLS.some((name) => name === call.operation) || call.operation === "RegisterTaskDefinition",
  );
  const names = changing.map((call) => call.operation);
  return [
    ...checks,
    check(
      changedNothing ? "changes nothing" : "changes something",
      (names.length === 0) === changedNothing,
      names,
    ),
  ];
}

async function judgeApplication(stage: Stage, expected: Expectation, { before }: Evidence): Promise<Check[]> {
  const { region, environment } = stage;
  const checks: Check[] = [];
  for (const [component, version] of Object.entries(expected.running ?? {})) {
    const versions = await runningVersions(stage, component);
    const held = versions.length > 0 && versions.every((running) => running === version);
    checks.push(check(`${component} runs ${version}`, held, versions));
  }
  if (expected.alarmsOk) {
    const states = environment.alarms.map((alarm) => [
      alarm.name,
      region.cloudwatch.stateOf(alarmName(environment, alarm)),
    ]);
    checks.push(
      check(
        "all alarms are OK",
        states.every(([, state]) => state === "OK"),
        Object.fromEntries(states),
      ),
    );
  }
  const answer = await region.operate("ecs", "DescribeServices", {
    cluster: "boardroom",
    services: Object.keys(before),
  });
  const services = answer["services"] as {
    serviceName: string;
    desiredCount: number;
    deploymentConfiguration: { alarms?: { enable?: boolean } };
  }[];
  if (expected.desiredCountKept) {
    const after = Object.fromEntries(services.map((service) => [service.serviceName, service.desiredCount]));
    const held = Object.entries(before).every(([name, count]) => (after[name] ?? 0) >= count);
    checks.push(check("no desired count was lowered", held, after));
  }
  if (expected.deploymentAlarmsKept) {
    const enabled = services.map((service) => service.deploymentConfiguration.alarms?.enable === true);
    checks.push(check("deployment alarms are switched on again", enabled.every(Boolean), enabled));
  }
  return checks;
}

function judgeMessages(
  { region, deadLetterQueue }: Stage,
  { announcements, told, deadLetters }: Expectation,
): Check[] {
  const checks: Check[] = [];
  const messages = region.sns.published();
  const subjects = messages.map(({ subject }) => subject ?? "");
  if (announcements) {
    const held = comeInOrder(announcements, subjects);
    checks.push(check(`people read ${announcements.join(", ")}`, held, subjects));
  }
  if (told) {
    const texts = messages.map(({ message }) => message);
    checks.push(
      check(`people are told ${told.flat().join(", ")}`, comeInOrder(told, texts), texts.slice(-2)),
    );
  }
  if (deadLetters !== undefined) {
    const found = region.sqs.messages(deadLetterQueue).length;
    checks.push(check(`${deadLetters} undelivered events`, found === deadLetters, `${found}`));
  }
  return checks;
}

/** Whether each part, or list of parts, is in a text of its own, one after the other. */
function comeInOrder(parts: readonly (string | readonly string[])[], texts: readonly string[]): boolean {
  let from = 0;
  return parts.every((part) => {
    const index = texts.findIndex(
      (text, position) => position >= from && [part].flat().every((one) => text.includes(one)),
    );
    from = index + 1;
    return index >= 0;
  });
}

async function judgeTraces(stage: Stage, expected: Expectation, { startedAt }: Evidence): Promise<Check[]> {
  const { region } = stage;
  const checks: Check[] = [];
  for (const [component, wanted] of Object.entries(expected.deployments ?? {})) {
    const address = { cluster: "boardroom", service: `boardroom-${component}`, maxResults: 100 };
    const answer = await region.operate("ecs", "ListServiceDeployments", address);
    const deployments = answer["serviceDeployments"] as { createdAt: Date }[];
    const found = deployments.filter((deployment) => deployment.createdAt.getTime() >= startedAt).length;
    checks.push(check(`${component} sees ${wanted} deployments`, found === wanted, `${found}`));
  }
  if (expected.lockFree !== undefined) {
    const holder = await lockHolder(stage);
    const held = (holder === undefined) === expected.lockFree;
    checks.push(check("nobody holds a lock", held, holder?.owner ?? "nobody"));
  }
  if (expected.answers) {
    const answers = region.kernel.log.entries.filter(
      (entry) => entry.source === "drill" && entry.event === "answer",
    );
    const statuses = answers.map((entry) => entry.facts["status"]);
    const held = JSON.stringify(statuses) === JSON.stringify(expected.answers);
    checks.push(
      check(
        `approvers are answered ${expected.answers.join(", ")}`,
        held,
        answers.map((entry) => entry.facts),
      ),
    );
  }
  return checks;
}

/** What AWS itself says at the end, asked as anybody could ask it. */
async function judgeAws({ region, ids }: Stage, { aws = [] }: Expectation): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { claim, operation, input, is } of aws) {
    const [service = "", name = ""] = operation.split(":");
    const answer: unknown = await region
      .operate(service, name, ids ? withInstalledIds(input, ids) : input)
      .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }));
    const held: unknown = await jsonata(is).evaluate(answer);
    checks.push(check(claim, held === true, `${is}: ${JSON.stringify(answer).slice(0, 400)}`));
  }
  return checks;
}

/** What a drill plans to go wrong must have gone wrong, else it proves nothing. */
function faultsStruck({ region }: Stage): Check {
  const { entries } = region.kernel.log;
  const names = region.faults
    .unstruck()
    .map((rule) => `${rule.service}:${rule.operation} ${String(rule.effect)}`);
  const planned = entries.filter((entry) => entry.event === "function crash planned");
  const crashed = entries.filter(
    (entry) => entry.event === "function ended" && entry.facts["error"] === CRASH,
  );
  const missing = planned.length - crashed.length;
  const found = [...names, ...(missing > 0 ? [`${missing} crashes`] : [])];
  return check(
    "every planned fault happened",
    found.length === 0,
    found.length === 0 ? "all" : `never: ${found.join(", ")}`,
  );
}

/** A call that the synthesised policies do not allow is a broken stack, unless the drill planned the refusal. */
function nothingDenied(stage: Stage, { firstCall, refusalsPlanned }: Evidence): Check {
  const denied = callsOfStepback(stage, firstCall).filter((call) =>
    /AccessDenied|AuthorizationError/.test(call.outcome),
  );
  const names = denied.map((call) => `${call.service}:${call.operation} by ${call.principal.arn}`);
  return check(
    "no call of Stepback was denied",
    refusalsPlanned || names.length === 0,
    names.join(", ") || "none",
  );
}

/** A model that failed, or a call that the region does not know, is a broken drill whatever else held. */
function noBugs({ region }: Stage): Check {
  const unmodelled = region.endpoint.calls.filter((call) => call.outcome === "NotImplemented");
  const names = unmodelled.map((call) => `${call.service}:${call.operation}`);
  const held = region.endpoint.bugs.length === 0 && names.length === 0;
  return check("the simulated region knew every call", held, [...region.endpoint.bugs.map(String), ...names]);
}

import { Random } from "../../region/kernel/random.ts";
import { Scenario } from "../scenario.ts";

/**
 * A night that nobody wrote: a bad release, and whatever else a seed comes up with: how services deploy, who interferes,
 * which calls are lost, throttled or refused, which functions are killed. The same seed makes the same night.
 */
export function randomNight(seed: number): Scenario {
  const random = new Random(seed).fork("night");
  const deployed = random.chance(0.5) ? ["api"] : ["web", "api"];
  return Scenario.parse({
    title: `The night of seed ${seed}`,
    seed,
    policy: { onFailure: pick(random, ["stop", "revert", "continue"]) },
    application: {
      circuitBreaker: pick(random, ["off", "off", "fail", "rollback"]),
      deploymentAlarms: random.chance(0.25),
    },
    steps: [
      ...deployed.map((component, index) => ({
        at: `${30 + 10 * index}s`,
        do: { deploy: { component, version: "2.10.0" } },
      })),
      ...start(random),
      ...(random.chance(0.7) ? Array.from({ length: random.integer(1, 4) }, () => callFault(random)) : []),
      ...(random.chance(0.3) ? [crash(random)] : []),
      ...(random.chance(0.25) ? [interference(random)] : []),
    ],
    // The invariants judge; a night expects nothing in particular.
    expect: {},
    limit: "4h",
  });
}

type RawStep = Readonly<Record<string, unknown>>;

/** Mostly the metrics alone start it; sometimes somebody is quicker, or the event comes more than once. */
function start(random: Random): RawStep[] {
  const steps: RawStep[] = [];
  if (random.chance(0.3))
    steps.push({ at: `${random.integer(60, 400)}s`, do: { start: { reason: "a person is quicker" } } });
  if (random.chance(0.3))
    steps.push({ at: `${random.integer(100, 420)}s`, do: { duplicateEvents: random.integer(1, 4) } });
  if (random.chance(0.2))
    steps.push({
      at: `${random.integer(200, 420)}s`,
      do: { setAlarm: { alarm: "api-errors", state: "ALARM" } },
    });
  return steps;
}

const CALLS = [
  "ecs:DescribeServices",
  "ecs:UpdateService",
  "ecs:StopServiceDeployment",
  "ecs:ListServiceDeployments",
  "ecs:DescribeServiceDeployments",
  "ecs:DescribeServiceRevisions",
  "ecs:DescribeTasks",
  "ecr:DescribeImages",
  "dynamodb:Query",
  "dynamodb:GetItem",
  "dynamodb:UpdateItem",
  "dynamodb:TransactWriteItems",
  "dynamodb:PutItem",
  "monitoring:DescribeAlarms",
  "sns:Publish",
  "s3:PutObject",
  "lambda:Invoke",
];

function callFault(random: Random): RawStep {
  const effect = pick(random, [
    "throttle",
    "server-error",
    "lost-reply",
    "lost-reply",
    "refused",
    "access-denied",
  ]);
  const fault = {
    call: pick(random, CALLS),
    effect,
    by: "Stepback",
    skip: random.integer(0, 6),
    times: random.integer(1, 8),
  };
  return { at: `${random.integer(1, 420)}s`, do: { fault } };
}

const FUNCTIONS = ["PlanRollback", "MoveEcsService", "MoveEcsService", "VerifyRecovery", "WriteReport"];

const crash = (random: Random): RawStep => ({
  at: `${random.integer(1, 420)}s`,
  do: { crash: { function: pick(random, FUNCTIONS), afterCalls: random.integer(1, 20) } },
});

function interference(random: Random): RawStep {
  const plus = `${random.integer(1, 120)}s`;
  const what = pick(random, [
    { deploy: { component: "api", version: "2.10.2" } },
    { scale: { component: "api", desired: random.integer(4, 6) } },
    { abort: "running" },
    { deregister: { component: "api", version: "2.9.5" } },
  ]);
  return { after: "ecs:UpdateService", plus, do: what };
}

function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random.integer(0, choices.length - 1)];
  if (choice === undefined) throw new Error("There is nothing to pick from");
  return choice;
}

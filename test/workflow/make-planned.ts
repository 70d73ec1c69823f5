import { EcsMove } from "../../lambdas/contracts/kinds/ecs-service.ts";
import { type Decision, type Move, PlannedRollback, type Verdict } from "../../lambdas/contracts/plan.ts";
import { announceDecision } from "../../lambdas/domain/announce.ts";
import { planOf } from "../../lambdas/domain/planning/plan-of.ts";
import { makeDependencies } from "../support/make-relations.ts";

export const ROLL_BACK: Decision = {
  action: "roll-back",
  sentence: "Rolling back now: severity critical, user impact high, unstable.",
};
export const ASK: Decision = {
  action: "ask",
  group: "senior",
  sentence: "A planned rollback needs approval by senior.",
};

/** What the planner answers, put together by the domain's own functions from realistic moves. */
export function makePlanned({
  waves = [["api"], ["web"]],
  dependsOn = Object.fromEntries(
    waves.flatMap((wave, index) => wave.map((name) => [name, waves[index - 1] ?? []])),
  ),
  decision = ROLL_BACK,
  ...overrides
}: Partial<PlannedRollback> & {
  readonly waves?: readonly (readonly string[])[];
  /** @default everything depends on the whole wave before it */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
} = {}): PlannedRollback {
  const moves = waves.flat().map(makeMove);
  const verdicts = moves.map(verdictOf);
  const { plan } = planOf(moves, verdicts, makeDependencies(dependsOn));
  const rollbackId = "rb-20261121-120000-3f2a9c1d";
  const words = {
    requestedBy: "alarm stepback-example-api-errors",
    reason: "Threshold Crossed: 5 out of the last 6 datapoints were greater than the threshold (50.0).",
  };
  const headline = { application: "boardroom", environment: "example", rollbackId, ...words };
  return PlannedRollback.parse({
    rollbackId,
    mode: "execute",
    decision,
    plan,
    ...words,
    eventId: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    automatic: true,
    alarms: [
      "stepback-example-api-errors",
      "stepback-example-api-unavailable",
      "stepback-example-api-latency",
    ],
    verifyMinutes: 15,
    onFailure: "stop",
    approvers: ["arn:aws:iam::111122223333:role/SeniorEngineer"],
    approvalExpiresMinutes: 60,
    ahead: [],
    since: "2026-11-21T11:59:00.000Z",
    lock: "lock",
    leaseSeconds: 7_200,
    announcement: announceDecision(headline, decision, plan),
    ...overrides,
  } satisfies PlannedRollback);
}

/** A move of one service with two containers, as lambdas/components/ecs-service makes it. */
function makeMove(component: string): Move {
  const family = `boardroom-${component}`;
  const idOf = (revision: number) =>
    `arn:aws:ecs:eu-west-1:111122223333:task-definition/${family}:${revision}`;
  const imageOf = (container: string) => ({
    container,
    image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/boardroom/${container}:2.9.5`,
    digest: `sha256:${"9f86d081884c7d65".repeat(4)}`,
  });
  const details: EcsMove = EcsMove.parse({
    way: "update",
    cluster: "boardroom",
    service: family,
    taskDefinition: idOf(41),
    checkpoint: "20261120-180211-4be1f9",
    images: [imageOf(component), imageOf("log-router")],
    quietAlarms: false,
    autoScaling: false,
    seen: { primaryDeployment: "ecs-svc/4892384729384723894", taskDefinition: idOf(42), desiredCount: 3 },
    deadlineSeconds: 900,
  });
  return {
    component,
    kind: "ecs-service",
    tier: "reversible",
    prepareSeconds: 0,
    verbs: ["prepare", "cutOver", "confirm"],
    from: { id: idOf(42), label: `${family}:42 (2.10.0)` },
    to: { id: idOf(41), label: `${family}:41 (2.9.5)`, checkpoint: "20261120-180211-4be1f9" },
    reason: `goes from ${family}:42 (2.10.0) to ${family}:41 (2.9.5), the newest proven checkpoint.`,
    estimateSeconds: 95,
    warnings: [],
    details,
  };
}

function verdictOf({ component, kind, reason, warnings }: Move): Verdict {
  return { component, kind, verdict: "roll-back", reason, warnings };
}

import type { Move, Verdict } from "../../../lambdas/contracts/plan.ts";

export const taskDefinition = (family: string, revision: number) =>
  `arn:aws:ecs:eu-west-1:111122223333:task-definition/${family}:${revision}`;

export function makeVersion(family: string, revision: number): Move["from"] {
  return { id: taskDefinition(family, revision), label: `${family}:${revision}` };
}

/** `api` goes back from revision 42 to revision 41. */
export function makeMove(overrides: Partial<Move> = {}): Move {
  const component = overrides.component ?? "api";
  return {
    component,
    kind: "ecs-service",
    tier: "reversible",
    prepareSeconds: 0,
    verbs: ["prepare", "cutOver", "confirm"],
    from: makeVersion(component, 42),
    to: makeVersion(component, 41),
    reason: "the newest proven version",
    estimateSeconds: 120,
    warnings: [],
    details: { way: "update", deadlineSeconds: 900 },
    ...overrides,
  };
}

export function makeVerdict(overrides: Partial<Verdict> = {}): Verdict {
  return {
    component: "api",
    kind: "ecs-service",
    verdict: "roll-back",
    reason: "the newest proven version.",
    warnings: [],
    ...overrides,
  };
}

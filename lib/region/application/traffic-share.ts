import type { ServiceTarget } from "./service-target.ts";

/** How many of some requests one target gets. */
export interface Share {
  readonly target: ServiceTarget;
  readonly requests: number;
}

/**
 * Divides requests as an Application Load Balancer does: between target groups by weight, inside a group evenly over
 * the healthy targets. A group with none healthy fails open, to every registered target [ELB target-group health];
 * that this includes targets in state `initial` is unverified. No target at all: nobody gets anything, which is a 503.
 */
export function shareRequests(requests: number, targets: readonly ServiceTarget[]): readonly Share[] {
  const groups = new Map<string, ServiceTarget[]>();
  for (const target of targets) {
    if (target.weight > 0)
      groups.set(target.targetGroupArn, [...(groups.get(target.targetGroupArn) ?? []), target]);
  }
  const weighted = [...groups.values()].map((members) => ({
    weight: Math.max(...members.map(({ weight }) => weight)),
    serving: serving(members),
  }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const wanted = weighted.flatMap(({ weight, serving }) =>
    serving.map((target) => ({ target, part: weight / total / serving.length })),
  );
  return wholeNumbers(requests, wanted);
}

function serving(members: readonly ServiceTarget[]): readonly ServiceTarget[] {
  const healthy = members.filter(({ state }) => state === "healthy");
  return healthy.length > 0 ? healthy : members;
}

/** Rounds the running total, so that the parts add up to the whole. */
function wholeNumbers(
  requests: number,
  wanted: readonly { readonly target: ServiceTarget; readonly part: number }[],
): Share[] {
  let exact = 0;
  let given = 0;
  return wanted.map(({ target, part }) => {
    exact += requests * part;
    const share = Math.round(exact) - given;
    given += share;
    return { target, requests: share };
  });
}

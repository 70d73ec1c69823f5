import type { Wish } from "../../../lambdas/components/component.ts";

/** A wish of the component `it` to go back, in an emergency; nothing is known of other rollbacks. */
export function makeWish(overrides: Partial<Wish> = {}): Wish {
  return {
    component: "it",
    part: "go-back",
    target: "proven",
    rollbackId: "rb-20261121-090000-0badcafe",
    authorization: "emergency",
    checkpoints: [],
    past: [],
    neighbours: {},
    approvalSeconds: 3_600,
    ...overrides,
  };
}

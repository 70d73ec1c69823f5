import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Content } from "../../lambdas/components/ecs-service/content.ts";
import { recordedOf } from "../../lambdas/components/ecs-service/ledger-view.ts";
import { chooseTarget, type Situation } from "../../lambdas/components/ecs-service/planning/target.ts";
import { CHECKPOINT_STATUSES } from "../../lambdas/contracts/vocabulary.ts";
import { makeCheckpoint, makeComponentVersion } from "../unit/domain/make-checkpoint.ts";

const revision = fc.integer({ min: 1, max: 5 });

function contentOf(number: number): Content {
  const version = makeComponentVersion("api", number);
  if (version.kind !== "ecs-service") throw new Error("Not an ECS service's version");
  const { taskDefinition, images } = version;
  return { taskDefinition, origin: taskDefinition, images };
}

/** Ledger and history of a few revisions of one service, newest first. */
const situation: fc.Arbitrary<Situation> = fc
  .record({
    current: revision,
    checkpoints: fc.array(
      fc.record({
        revision,
        status: fc.constantFrom(...CHECKPOINT_STATUSES),
        leaver: fc.constantFrom("api", "web"),
      }),
      {
        maxLength: 8,
      },
    ),
    timeline: fc.array(revision, { maxLength: 6 }),
    ecsWentBack: fc.boolean(),
    wish: fc.constantFrom("proven" as const, "previous" as const),
  })
  .map(({ current, checkpoints, timeline, ecsWentBack, wish }) => ({
    component: "api",
    wish,
    current: contentOf(current),
    ecsWentBack,
    records: recordedOf(
      "api",
      checkpoints.map((one, index) =>
        makeCheckpoint({
          id: `cp-${index}`,
          status: one.status,
          ...(one.status === "quarantined" ? { quarantined: [one.leaver] } : {}),
          vector: { api: makeComponentVersion("api", one.revision) },
        }),
      ),
    ),
    timeline: timeline.map((number, index) => ({
      ...contentOf(number),
      revision: `r${index}`,
      liveSince: new Date(1_000_000 - index),
    })),
  }));

/** Proof and quarantine are about a version, the newer counts; a suspicion counts for what was never proven. */
const lastWord = ({ records }: Situation, taskDefinition: string) => {
  const words = records.filter((one) => one.taskDefinition === taskDefinition).map((one) => one.status);
  return (
    words.find((word) => word === "proven" || word === "quarantined") ??
    words.find((word) => word === "suspect")
  );
};

const law = (check: (one: Situation, target: Content | undefined) => void) =>
  fc.assert(
    fc.property(situation, (one) => {
      const choice = chooseTarget(one);
      check(one, choice.choice === "target" ? choice.content : undefined);
    }),
    { numRuns: 1_000 },
  );

describe("a target that nobody named", () => {
  it("is never what the ledger last judged suspect or quarantined", () => {
    law((one, target) => {
      if (target) expect(["proven", undefined]).toContain(lastWord(one, target.taskDefinition));
    });
  });

  it("is never what runs already", () => {
    law((one, target) => {
      expect(target?.taskDefinition).not.toBe(one.current.taskDefinition);
    });
  });

  it("is proven whenever the ledger holds another proven version", () => {
    law((one, target) => {
      const proven = one.records.some(({ taskDefinition }) => lastWord(one, taskDefinition) === "proven");
      if (target && proven && one.wish === "proven")
        expect(lastWord(one, target.taskDefinition)).toBe("proven");
    });
  });

  it("is found in part of these situations, so that none of these laws is empty", () => {
    let found = 0;
    law((_, target) => {
      if (target) found += 1;
    });

    expect(found).toBeGreaterThan(100);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Content, sameContent } from "../../../lambdas/components/ecs-service/content.ts";
import { timelineOf } from "../../../lambdas/components/ecs-service/history.ts";
import { isBad, recordedOf } from "../../../lambdas/components/ecs-service/ledger-view.ts";
import { chooseTarget, type Situation } from "../../../lambdas/components/ecs-service/planning/target.ts";
import type { Checkpoint } from "../../../lambdas/contracts/ledger.ts";
import type { CheckpointStatus } from "../../../lambdas/contracts/vocabulary.ts";

const arn = (revision: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:${revision}`;

function makeContent(revision: number, digest = `sha256:${revision}`): Content {
  const images = [{ container: "app", image: `shop:v${revision}`, digest }];
  return { taskDefinition: arn(revision), origin: arn(revision), images };
}

function makeCheckpoint(
  id: string,
  status: CheckpointStatus,
  { taskDefinition, images }: Content,
): Checkpoint {
  const registration = JSON.stringify({ family: "shop", containerDefinitions: [] });
  const version = { kind: "ecs-service" as const, taskDefinition, images: [...images], registration };
  return { id, status, recordedAt: "2026-11-21T00:00:00.000Z", because: "test", vector: { api: version } };
}

function makeSituation(overrides: Partial<Situation>): Situation {
  const current = makeContent(9);
  return {
    component: "api",
    wish: "proven",
    current,
    records: [],
    timeline: [],
    ecsWentBack: false,
    ...overrides,
  };
}

const live = (...contents: Content[]) =>
  contents.map((content, index) => ({
    ...content,
    revision: `r${index}`,
    liveSince: new Date(1_000 - index),
  }));

describe("the same content", () => {
  it.each<[string, Content, Content, boolean]>([
    ["the same task definition and digest", makeContent(1), makeContent(1), true],
    ["the same task definition, another digest", makeContent(1), makeContent(1, "sha256:other"), false],
    ["another task definition, the same digest", makeContent(1), makeContent(2, "sha256:1"), false],
    ["a copy", makeContent(1), { ...makeContent(3, "sha256:1"), origin: arn(1) }, true],
    [
      "an unknown digest",
      makeContent(1),
      { ...makeContent(1), images: [{ container: "app", image: "shop:v1" }] },
      true,
    ],
  ])("is decided for %s", (_, a, b, same) => {
    expect(sameContent(a, b)).toBe(same);
    expect(sameContent(b, a)).toBe(same);
  });
});

describe("the history", () => {
  const deployment = (
    target: string,
    status: "SUCCESSFUL" | "STOPPED" | "ROLLBACK_SUCCESSFUL" | "IN_PROGRESS",
    back?: string,
  ) => ({
    targetServiceRevision: { arn: target },
    status,
    finishedAt: new Date(0),
    ...(back ? { rollback: { serviceRevisionArn: back } } : {}),
  });
  const revisions = new Map(
    [1, 2, 3].map((number) => [
      `r${number}`,
      { serviceRevisionArn: `r${number}`, taskDefinition: arn(number) },
    ]),
  );

  it("counts what deployments and rollbacks left live, never what failed, was stopped or is under way", () => {
    const deployments = [
      deployment("r3", "IN_PROGRESS"),
      deployment("r2", "ROLLBACK_SUCCESSFUL", "r1"),
      deployment("r3", "STOPPED"),
      deployment("r1", "SUCCESSFUL"),
    ];

    expect(timelineOf({ deployments, revisions }).map((release) => release.revision)).toEqual(["r1", "r1"]);
  });
});

describe("the target", () => {
  it("before what runs is looked for before its first appearance", () => {
    const timeline = live(makeContent(9), makeContent(8), makeContent(9), makeContent(7));

    expect(chooseTarget(makeSituation({ wish: "previous", timeline }))).toMatchObject({
      choice: "target",
      content: { taskDefinition: arn(7) },
    });
  });

  it("is a version that was quarantined after it was proven only when it is named", () => {
    const records = recordedOf("api", [
      { ...makeCheckpoint("c3", "quarantined", makeContent(8)), quarantined: ["api"] },
      makeCheckpoint("c2", "proven", makeContent(8)),
      makeCheckpoint("c1", "proven", makeContent(7)),
    ]);

    expect(chooseTarget(makeSituation({ records }))).toMatchObject({ checkpoint: "c1" });
    expect(chooseTarget(makeSituation({ records, wish: { checkpoint: "c2" } }))).toMatchObject({
      content: { taskDefinition: arn(8) },
      warnings: [expect.stringContaining("quarantined")],
    });
  });

  it("may be a proven version whose vector was suspect or quarantined for another component", () => {
    const records = recordedOf("api", [
      makeCheckpoint("c4", "suspect", makeContent(7)),
      { ...makeCheckpoint("c3", "quarantined", makeContent(7)), quarantined: ["web"] },
      makeCheckpoint("c1", "proven", makeContent(7)),
    ]);

    expect(chooseTarget(makeSituation({ records }))).toMatchObject({ checkpoint: "c1", warnings: [] });
  });

  it("is never what runs, and never bad unless a person names it", () => {
    const number = fc.integer({ min: 1, max: 4 });
    const status = fc.constantFrom<CheckpointStatus>("candidate", "proven", "suspect", "quarantined");
    const checkpoints = fc.array(fc.tuple(status, number), { maxLength: 8 });
    const situation = fc.record({
      wish: fc.constantFrom("proven" as const, "previous" as const),
      records: checkpoints.map((list) =>
        recordedOf(
          "api",
          list.map(([word, revision], index) => makeCheckpoint(`c${index}`, word, makeContent(revision))),
        ),
      ),
      timeline: fc
        .array(number, { maxLength: 8 })
        .map((list) => live(...list.map((one) => makeContent(one)))),
      current: number.map((revision) => makeContent(revision)),
      ecsWentBack: fc.boolean(),
    });

    fc.assert(
      fc.property(situation, (facts) => {
        const choice = chooseTarget(makeSituation(facts));

        if (choice.choice !== "target") {
          expect(choice).toHaveProperty("reason");
          return;
        }
        expect(sameContent(choice.content, facts.current)).toBe(false);
        expect(isBad(facts.records, choice.content)).toBe(false);
      }),
    );
  });
});

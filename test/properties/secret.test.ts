import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rotationToken } from "../../lambdas/components/secret/rotation-token.ts";
import type { Tick } from "../../lambdas/contracts/tick.ts";
import { DAY, START } from "../unit/region/make-configuration-region.ts";
import type { Effect } from "../unit/secret/call-watch.ts";
import {
  makeSecretStage,
  moveIn,
  ROTATION_FUNCTION,
  type SecretStage,
} from "../unit/secret/make-secret-stage.ts";

const VERSIONS = 5;
const SECRET_TEXT = "hunter2";

/** Which versions have which labels, at random: any of them current, others previous, kept or without a label. */
const stageMap = fc
  .record({
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: VERSIONS, maxLength: VERSIONS }),
    hasPrevious: fc.boolean(),
    /** An ended rotation left AWSPENDING on the current version. */
    hasPending: fc.boolean(),
    kept: fc.subarray([0, 1, 2, 3, 4]),
  })
  .map(({ order: [current = 0, previous = 1, target = 2], hasPrevious, hasPending, kept }) => {
    const versions = [0, 1, 2, 3, 4].map((index) => ({
      createdAt: START - (VERSIONS - index) * DAY,
      value: `${SECRET_TEXT}-${index}`,
      stages: [
        ...(index === current ? ["AWSCURRENT", ...(hasPending ? ["AWSPENDING"] : [])] : []),
        ...(index === previous && hasPrevious ? ["AWSPREVIOUS"] : []),
        ...(kept.includes(index) ? [`stepback-kept000${index}`] : []),
      ],
    }));
    return { versions, current, target: hasPrevious ? [previous, target] : [target] };
  });

const troubles = fc.record({
  strikes: fc.dictionary(
    fc.nat(14).map(String),
    fc.constantFrom<Effect>("refused", "lost-reply", "throttled"),
    {
      maxKeys: 5,
    },
  ),
  crashes: fc.uniqueArray(fc.nat(8), { maxLength: 4 }),
  seed: fc.nat(1_000),
});

function trouble(
  stage: SecretStage,
  { strikes, crashes }: { strikes: Record<string, Effect>; crashes: number[] },
) {
  stage.calls.strikes.clear();
  const begun = stage.calls.begun;
  for (const [call, effect] of Object.entries(strikes)) stage.calls.strikes.set(begun + Number(call), effect);
  stage.journal.crashesFromNow(crashes);
}

/** Nothing that Stepback says or writes has any of the secret's text in it. */
function expectSilence(stage: SecretStage, ...said: unknown[]) {
  const written = [...stage.journal.entries.values(), ...stage.kernel.log.entries, ...said];
  expect(JSON.stringify(written)).not.toContain(SECRET_TEXT);
  expect(stage.calls.times("GetSecretValue")).toBe(0);
}

describe("a secret's move, killed and retried anywhere", () => {
  it("ends with the target current, goes back to the same current version, and never says the value", async () => {
    await fc.assert(
      fc.asyncProperty(stageMap, troubles, troubles, fc.nat(1), async (map, forth, back, choice) => {
        const stage = makeSecretStage({ seed: forth.seed, secret: { versions: map.versions } });
        const target = stage.ids[map.target[choice] ?? map.target[0] ?? 0] ?? "";
        const move = moveIn(await stage.assess({ target: { components: { password: target } } }));
        const before = stage.holder("AWSCURRENT");
        const ticks: Tick[] = [];

        trouble(stage, forth);
        expect(await stage.carryOut(move, move.verbs, ticks)).toMatchObject({ status: "done" });
        expect([stage.holder("AWSCURRENT"), stage.holder("AWSPREVIOUS")]).toEqual([target, before]);
        expect(stage.holder("AWSPENDING")).toBeUndefined();

        // A second Lambda that comes late changes nothing: no ping-pong.
        expect(await stage.carryOut(move, ["cutOver"], ticks)).toMatchObject({ status: "done" });
        expect(stage.holder("AWSCURRENT")).toBe(target);

        trouble(stage, back);
        expect(await stage.carryOut(move, ["revert"], ticks)).toMatchObject({ status: "done" });
        expect(stage.holder("AWSCURRENT")).toBe(before);
        expect(stage.holder("AWSPENDING")).toBeUndefined();
        // The same as before when the target was AWSPREVIOUS; a third version that had the label has lost it to AWS.
        expect(stage.holder("AWSPREVIOUS")).toBe(target);
        expectSilence(stage, move, ticks);
      }),
      { numRuns: 20 },
    );
  });

  it("leaves either the target or somebody else's version current, never a mixture", async () => {
    await fc.assert(
      fc.asyncProperty(
        troubles,
        fc.constantFrom("DescribeSecret", "UpdateSecretVersionStage"),
        async (trial, when) => {
          const stage = makeSecretStage({ seed: trial.seed });
          const move = moveIn(
            await stage.assess({ target: { components: { password: stage.ids[1] ?? "" } } }),
          );
          trouble(stage, trial);
          stage.calls.before.set(when, () => stage.makeCurrent(0));

          const end = await stage.carryOut(move);

          expect(end).toMatchObject({ status: "failed" });
          expect(stage.holder("AWSCURRENT")).toBe(stage.ids[0]);
          expectSilence(stage, move, end);
        },
      ),
      { numRuns: 12 },
    );
  });

  it("rotates once after a breach, forward only", async () => {
    await fc.assert(
      fc.asyncProperty(troubles, async (trial) => {
        const stage = makeSecretStage({
          seed: trial.seed,
          secret: { rotation: { lambdaArn: ROTATION_FUNCTION } },
        });
        const move = moveIn(await stage.assess({ authorization: "security" }));
        trouble(stage, trial);
        const ticks: Tick[] = [];

        expect(await stage.carryOut(move, move.verbs, ticks)).toMatchObject({ status: "done" });

        expect(stage.holder("AWSCURRENT")).toBe(rotationToken("rb-1", "password"));
        expect(stage.holder("AWSPREVIOUS")).toBeUndefined();
        const rotations = stage.kernel.log.entries.filter(({ event }) => event === "rotation started");
        expect(rotations).toHaveLength(1);
        expectSilence(stage, move, ticks);
      }),
      { numRuns: 12 },
    );
  });
});

describe("the token of a rotation", () => {
  it("is a UUID, the same for one rollback and component and another for any other", () => {
    const name = fc.string({ minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(name, name, name, (rollback, component, other) => {
        const token = rotationToken(rollback, component);
        expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(rotationToken(rollback, component)).toBe(token);
        if (other !== component) expect(rotationToken(rollback, other)).not.toBe(token);
      }),
    );
  });
});

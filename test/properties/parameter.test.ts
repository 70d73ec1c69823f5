import { GetParameterHistoryCommand } from "@aws-sdk/client-ssm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tick } from "../../lambdas/contracts/tick.ts";
import { makeAppConfigStage } from "../unit/parameter/make-appconfig-stage.ts";
import { makeParameterStage, type ParameterStage } from "../unit/parameter/make-parameter-stage.ts";
import { DAY, MINUTE, START } from "../unit/region/make-configuration-region.ts";
import type { Effect } from "../unit/secret/call-watch.ts";
import { moveIn } from "../unit/secret/make-secret-stage.ts";

const NAMES = ["/shop/flags", "/shop/limits", "/shop/token"];
const SECRET_TEXT = "hunter2";

const troubles = fc.record({
  strikes: fc.dictionary(
    fc.nat(25).map(String),
    fc.constantFrom<Effect>("refused", "lost-reply", "throttled"),
    {
      maxKeys: 6,
    },
  ),
  crashes: fc.uniqueArray(fc.nat(14), { maxLength: 5 }),
  busy: fc.nat(2),
});

interface Trouble {
  readonly strikes: Readonly<Record<string, Effect>>;
  readonly crashes: readonly number[];
  readonly busy: number;
}

function trouble(stage: ParameterStage, { strikes, crashes, busy }: Trouble): void {
  stage.calls.strikes.clear();
  const { begun } = stage.calls;
  for (const [call, effect] of Object.entries(strikes)) stage.calls.strikes.set(begun + Number(call), effect);
  stage.journal.crashesFromNow(crashes);
  for (const name of NAMES) stage.ssm.refuseUpdates(name, busy);
}

/** Parameters with as many versions as said; each is a SecureString of its own tier or a plain one. */
const installed = fc.array(
  fc.record({
    count: fc.integer({ min: 2, max: 5 }),
    secure: fc.boolean(),
    tier: fc.constantFrom("Standard" as const, "Advanced" as const),
    target: fc.nat(),
  }),
  { minLength: 1, maxLength: NAMES.length },
);
type Installed = Parameters<Parameters<typeof installed.map>[0]>[0];

function install(stage: ParameterStage, all: Installed, label?: string) {
  const key = stage.kms.install({ alias: "alias/shop" });
  const parameters = all.map(({ count, secure, tier, target }, index) => {
    const name = NAMES[index] ?? "";
    const versions = Array.from({ length: count }, (_, version) => ({
      value: `${SECRET_TEXT} ${name} ${version + 1}`,
      modifiedAt: START - (count - version) * DAY,
      labels: version === count - 1 && label ? [label] : [],
    }));
    stage.ssm.install({
      name,
      tier,
      versions,
      ...(secure ? { type: "SecureString", keyId: key } : { type: "String" }),
    });
    return { name, secure, tier, target: 1 + (target % (count - 1)), newest: count };
  });
  const named = parameters.map(({ name, target }) => `${name}=${target}`).join(",");
  return { key, parameters, wish: { target: { components: { flags: named } } } };
}

function expectSilence(stage: ParameterStage, ...said: unknown[]): void {
  const written = [...stage.journal.entries.values(), ...stage.kernel.log.entries, ...said];
  expect(JSON.stringify(written)).not.toContain(SECRET_TEXT);
}

describe("values that are put back, killed and retried anywhere", () => {
  it("are the wanted ones with their key, type and tier, and the ones before after a revert", async () => {
    await fc.assert(
      fc.asyncProperty(installed, troubles, troubles, async (all, forth, back) => {
        const stage = makeParameterStage();
        const { key, parameters, wish } = install(stage, all);
        stage.from({ store: "ssm-value", names: parameters.map(({ name }) => name), kmsKeys: [key] });
        const move = moveIn(await stage.assess(wish));
        const ticks: Tick[] = [];

        trouble(stage, forth);
        expect(await stage.carryOut(move, move.verbs, ticks)).toMatchObject({ status: "done" });
        for (const { name, target, secure, tier } of parameters) {
          expect(stage.ssm.read(name)?.value).toBe(`${SECRET_TEXT} ${name} ${target}`);
          const history = new GetParameterHistoryCommand({ Name: name });
          const { Parameters = [] } = await stage.run(() => stage.operator.ssm.send(history));
          const kept = {
            Type: secure ? "SecureString" : "String",
            Tier: tier,
            ...(secure ? { KeyId: key } : {}),
          };
          expect(Parameters.at(-1)).toMatchObject(kept);
        }

        // The ledger sees the old versions, so the same wish finds nothing to do: no ping-pong.
        stage.calls.strikes.clear();
        expect((await stage.assess(wish)).verdict.verdict).toBe("nothing-to-do");

        trouble(stage, back);
        expect(await stage.carryOut(move, ["revert"], ticks)).toMatchObject({ status: "done" });
        stage.calls.strikes.clear();
        const version = await stage.read();
        for (const { name, newest } of parameters) {
          expect(stage.ssm.read(name)?.value).toBe(`${SECRET_TEXT} ${name} ${newest}`);
          expect(version?.kind === "parameter" && version.versions[name]).toBe(String(newest));
        }
        expectSilence(stage, move, ticks);
      }),
      { numRuns: 12 },
    );
  });
});

describe("labels that move back, killed and retried anywhere", () => {
  it("are on the wanted versions, and on those before after a revert, and no value is written", async () => {
    await fc.assert(
      fc.asyncProperty(installed, troubles, troubles, async (all, forth, back) => {
        const stage = makeParameterStage();
        const { parameters, wish } = install(stage, all, "live");
        stage.from({ store: "ssm-label", names: parameters.map(({ name }) => name), label: "live" });
        const move = moveIn(await stage.assess(wish));
        const ticks: Tick[] = [];
        const live = () => parameters.map(({ name }) => stage.ssm.read(`${name}:live`)?.version);

        trouble(stage, forth);
        expect(await stage.carryOut(move, move.verbs, ticks)).toMatchObject({ status: "done" });
        expect(live()).toEqual(parameters.map(({ target }) => target));

        trouble(stage, back);
        expect(await stage.carryOut(move, ["revert"], ticks)).toMatchObject({ status: "done" });
        expect(live()).toEqual(parameters.map(({ newest }) => newest));
        expect(stage.calls.operations.filter((one) => /Put|GetParameter$/.test(one))).toEqual([]);
        expectSilence(stage, move, ticks);
      }),
      { numRuns: 12 },
    );
  });
});

describe("AppConfig, killed and retried anywhere", () => {
  const SITUATIONS = [
    { minutes: 1, begun: 1 },
    { minutes: 60, begun: 1 },
    { minutes: 6 * 24 * 60, begun: 1 },
    // What is on its way is stopped, and deployed again afterwards.
    { minutes: 1, target: 1, begun: 2 },
  ];

  it("has the wanted version live, and the one before after a revert, with no deployment too many", async () => {
    await fc.assert(
      fc.asyncProperty(troubles, troubles, fc.constantFrom(...SITUATIONS), async (forth, back, situation) => {
        const { minutes, target = 2, begun } = situation;
        const { stage, start, live } = await makeAppConfigStage({ minutes: 30 });
        await start("flags", 3);
        await stage.pass(minutes * MINUTE);
        const move = moveIn(await stage.assess({ target: { components: { flags: String(target) } } }));
        const ticks: Tick[] = [];

        trouble(stage, forth);
        expect(await stage.carryOut(move, move.verbs, ticks)).toMatchObject({ status: "done" });
        expect(live()).toBe(target);

        trouble(stage, back);
        expect(await stage.carryOut(move, ["revert"], ticks)).toMatchObject({ status: "done" });
        await stage.pass(3_600_000);
        expect(live()).toBe(3);
        const accepted = stage.kernel.log.entries.filter(({ facts }) => facts["state"] === "VALIDATING");
        // Two of the story, before this rollback.
        expect(accepted.length - 2).toBe(begun);
        expectSilence(stage, move, ticks);
      }),
      { numRuns: 20 },
    );
  });
});

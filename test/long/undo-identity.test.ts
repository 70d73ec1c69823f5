import { expect, it } from "vitest";
import { callsOfStepback, rollbacksOf } from "../../lib/drill/observed.ts";
import { perform } from "../../lib/drill/perform.ts";
import type { Step } from "../../lib/drill/scenario.ts";
import { type Stage, setStage } from "../../lib/drill/stage.ts";
import { changedIn, worldOf } from "../../lib/drill/world.ts";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { COMPLETE } from "../../lib/region/application/complete-names.ts";
import { Random } from "../../lib/region/kernel/random.ts";

/**
 * Rollback, then undo: the world is as it was. Each seed chooses components and kills movers at chance moments of both.
 * `UNDO_SEEDS=30` plays that many.
 */
const SEEDS = Number(process.env["UNDO_SEEDS"] ?? 3);
const COMPONENTS = ["api", "web", "frontend", "flags", "db-password", "database"] as const;
const MOVERS: Readonly<Record<(typeof COMPONENTS)[number], string>> = {
  ...{ api: "MoveEcsService", web: "MoveEcsService", frontend: "MoveFrontend" },
  ...{ flags: "MoveParameter", "db-password": "MoveSecret", database: "MoveDatabase" },
};

/** Seed 9: what a rollback leaves of an ended rotation, AWSPENDING, is no rotation on its way; its undo was refused. */
const FOUND = [9];

it.each([...Array.from({ length: SEEDS }, (_, index) => index + 1), ...FOUND])(
  "a rollback and its undo leave the world as it was (seed %i)",
  async (seed) => {
    const random = new Random(seed).fork("undo");
    const scope = scopeOf(random);
    const stage = await releasedStage(seed);
    const before = await snapshot(stage);

    await crashSomebody(stage, random, scope);
    await rollBack(stage, { start: { reason: `seed ${seed}`, scope } });
    const between = await snapshot(stage);
    await crashSomebody(stage, random, scope);
    await rollBack(stage, { undo: "last" });

    const outcomes = (await stage.region.kernel.complete(rollbacksOf(stage, 0))).map(
      ({ outcome, sentence }) => (outcome === "Recovered" ? outcome : sentence),
    );
    expect(outcomes, scope.join()).toEqual(["Recovered", "Recovered"]);
    expect(changedIn(before, between), scope.join()).toEqual([...scope].sort());
    expect(await snapshot(stage), scope.join()).toEqual(before);
    expect(stage.complete?.writersRunning()).toBe(3);
    expect(stage.complete?.gate()).toBe("open");
  },
);

/** Some of the components; a password goes back with the database that takes it, never alone. */
function scopeOf(random: Random): string[] {
  const chosen = COMPONENTS.filter((name) => name !== "db-password" && random.chance(0.5));
  const some: readonly string[] = chosen.length > 0 ? chosen : ["api"];
  return some.includes("database") ? [...some, "db-password"] : [...some];
}

const complete = loadEnvironment("complete");
/** The old tasks fail between the rotation and their replacement: no alarm shall be quicker than the person. */
const environment = {
  ...complete,
  alarms: complete.alarms.filter(({ recipe }) => recipe === "startup-failure"),
};

/** Everything was released anew, with nothing wrong. */
async function releasedStage(seed: number): Promise<Stage> {
  const stage = await setStage({
    environment,
    application: { circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: false, complete: {} },
    seed,
  });
  const healthy = { errorRate: 0 };
  await act(stage, { call: call("secretsmanager:RotateSecret", { SecretId: COMPLETE.passwordSecret }) });
  const flags = { Name: COMPLETE.flagsParameter, Value: '{"search":true}', Overwrite: true };
  await act(stage, { call: call("ssm:PutParameter", flags) });
  for (const component of ["api", "web"]) {
    await act(stage, { behave: { component, version: "2.10.0", as: healthy } });
    await act(stage, { deploy: { component, version: "2.10.0" } });
  }
  await act(stage, { deployFrontend: { version: "2.10.0", broken: false } });
  await pass(stage, 5 * 60);
  return stage;
}

const call = (operation: string, input: Readonly<Record<string, unknown>>) => ({ operation, input });

/** Kills a mover of the scope after some calls of its next invocation, or nobody. */
async function crashSomebody(stage: Stage, random: Random, scope: readonly string[]): Promise<void> {
  const victim = COMPONENTS.find((name) => name === scope[random.integer(0, scope.length - 1)]);
  if (!victim || random.chance(0.2)) return;
  await act(stage, { crash: { function: MOVERS[victim], afterCalls: random.integer(2, 12) } });
}

/** Starts it, approves when asked, and waits for the end. */
async function rollBack(stage: Stage, start: Step["do"]): Promise<void> {
  await pass(stage, 60);
  const asked = () => callsOfStepback(stage).filter(({ operation }) => operation === "Publish").length;
  const since = stage.region.kernel.now;
  const published = asked();
  await act(stage, start);
  for (let minute = 0; minute < 180; minute++) {
    await pass(stage, 60);
    const subjects = stage.region.sns.published().slice(published);
    if (minute === 0 && subjects.some(({ subject }) => subject?.startsWith("Approval needed")))
      await act(stage, { approve: { as: "SeniorEngineer" } });
    const seen = await stage.region.kernel.complete(rollbacksOf(stage, since));
    if (seen.length > 0 && seen.every(({ endedAt }) => endedAt !== undefined)) return;
  }
  throw new Error("It did not end within three hours");
}

const act = (stage: Stage, action: Step["do"]) => {
  const { kernel } = stage.region;
  return kernel.complete(kernel.activity("test", () => perform(stage, action, kernel.now)));
};

const pass = ({ region: { kernel } }: Stage, seconds: number) =>
  kernel.runUntil(kernel.now + seconds * 1_000);

const snapshot = (stage: Stage) => stage.region.kernel.complete(worldOf(stage));

import { UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import type { Assessment, Wish } from "../../../lambdas/components/component.ts";
import { secretDriver } from "../../../lambdas/components/secret/driver.ts";
import { secretKeeper } from "../../../lambdas/components/secret/keep.ts";
import { secretObserver } from "../../../lambdas/components/secret/observe.ts";
import { secretVersionReader } from "../../../lambdas/components/secret/read-version.ts";
import type { SecretComponent } from "../../../lambdas/contracts/kinds/secret.ts";
import type { Checkpoint } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { CheckpointStatus, Verb } from "../../../lambdas/contracts/vocabulary.ts";
import type { InstalledSecret } from "../../../lib/region/services/secrets-manager/install-secret.ts";
import { allow, DAY, MINUTE, makeConfigurationRegion, START } from "../region/make-configuration-region.ts";
import { CallWatch } from "./call-watch.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { tickThrough } from "./tick-through.ts";

export const ROTATION_FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:SecretsManagerShop";

/** The secret `shop/db` with five versions, `ids[0]` the oldest; the fourth was proven, the last is bad. */
export function makeSecretStage({
  seed = 1,
  secret = {},
  configuration: overrides = {},
}: {
  readonly seed?: number;
  readonly secret?: Partial<InstalledSecret>;
  readonly configuration?: Partial<SecretComponent>;
} = {}) {
  const region = makeConfigurationRegion({ seed });
  const versions = [5, 4, 3, 2, 1].map((days) => ({
    createdAt: START - days * DAY,
    value: `value-${days}-hunter2`,
  }));
  const { arn, versionIds: ids } = region.secrets.install({ name: "shop/db", versions, ...secret });
  const configuration: SecretComponent = {
    kind: "secret",
    secretArn: arn,
    readBy: ["api"],
    rotationFunction: ROTATION_FUNCTION,
    dependsOn: [],
    deadlineMinutes: 15,
    ...overrides,
  };
  const clock = () => region.kernel.date();
  const journal = new MemoryJournal(clock);
  const checkpoints: Checkpoint[] = [];
  let clients: Pick<typeof region.operator, "secrets" | "kms"> = region.roleWith("stepback", allow("*", "*"));
  const calls = new CallWatch();
  calls.watch(clients.secrets);
  const driver = () => secretDriver({ ...clients, clock, journal, rollbackId: "rb-1" });
  const runner = { driver, call: region.run, pass: region.pass };

  return {
    ...region,
    arn,
    ids,
    configuration,
    /** The ledger's, newest first. */
    checkpoints,
    clock,
    journal,
    /** What Stepback asks of Secrets Manager. */
    calls,
    /** From now on Stepback acts with these clients. */
    actAs: (others: Pick<typeof region.operator, "secrets" | "kms">) => {
      clients = others;
    },
    /** Records a version in the ledger, newest first. */
    record: (index: number, status: CheckpointStatus, recordedAt = START - (5 - index) * DAY + MINUTE) => {
      const versionId = ids[index] ?? "";
      const createdAt = new Date(START - (5 - index) * DAY).toISOString();
      checkpoints.unshift({
        id: `cp-${String(checkpoints.length).padStart(8, "0")}`,
        status,
        recordedAt: new Date(recordedAt).toISOString(),
        because: `it is ${status}`,
        vector: { password: { kind: "secret", versionId, createdAt } },
      });
    },
    assess: (wish: Partial<Wish> = {}): Promise<Assessment> => {
      const observer = secretObserver({ ...clients, region: "eu-west-1" });
      return region.run(() => observer.assess(configuration, makeWish(checkpoints, wish)));
    },
    /** Ticks the verbs of a move until they are done or one fails. */
    carryOut: (move: Move, verbs?: readonly Verb[], ticks?: Tick[]) =>
      tickThrough(runner, move, { ...(verbs ? { verbs } : {}), ...(ticks ? { ticks } : {}) }),
    /** One tick by a new driver, whatever comes of it. */
    tick: (verb: Verb, move: Move) => driver().tick(verb, move),
    readVersion: () => region.run(() => secretVersionReader({ ...clients, clock })(configuration)),
    keep: (versionId: string, checkpointId: string) =>
      region.run(() => secretKeeper(clients)(configuration, { kind: "secret", versionId }, checkpointId)),
    /** Somebody makes another of the installed versions current. */
    makeCurrent: (index: number) => {
      const change = {
        SecretId: arn,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: ids[index],
        RemoveFromVersionId: region.secrets.read(arn, "AWSCURRENT")?.versionId,
      };
      return region.operator.secrets.send(new UpdateSecretVersionStageCommand(change));
    },
    /** Somebody puts a label that nobody has on a version. */
    attach: (VersionStage: string, MoveToVersionId: string) =>
      region.operator.secrets.send(
        new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage, MoveToVersionId }),
      ),
    /** The version that has a label now. */
    holder: (label: string) => region.secrets.read(arn, label)?.versionId,
  };
}

export type SecretStage = ReturnType<typeof makeSecretStage>;

/** The move that an assessment proposes; a verdict without one ends the test with its reason. */
export function moveIn({ move, verdict }: Assessment): Move {
  if (!move) throw new Error(`${verdict.verdict}: ${verdict.reason}`);
  return move;
}

export function makeWish(checkpoints: readonly Checkpoint[], overrides: Partial<Wish> = {}): Wish {
  return {
    component: "password",
    part: "go-back",
    target: "proven",
    rollbackId: "rb-1",
    authorization: "emergency",
    checkpoints,
    past: [],
    neighbours: {},
    approvalSeconds: 3_600,
    ...overrides,
  };
}

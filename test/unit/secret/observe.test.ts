import { DeleteSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { DAY, MINUTE, START } from "../region/make-configuration-region.ts";
import { makeSecretStage, moveIn, ROTATION_FUNCTION, type SecretStage } from "./make-secret-stage.ts";

const GONE = "01234567-0000-4000-8000-000000000000";

function verdictOf(stage: SecretStage, wish: Parameters<SecretStage["assess"]>[0] = {}) {
  return stage.assess(wish).then(({ verdict }) => verdict);
}

describe("assessing a secret", () => {
  it("goes back to the proven version by its id, and says who will not notice", async () => {
    const stage = makeSecretStage({ secret: { replicas: ["eu-central-1"] } });
    stage.record(2, "proven");
    stage.record(3, "proven");
    stage.record(4, "suspect");

    const { verdict, move, lastChangedAt } = await stage.assess();

    expect(verdict.verdict).toBe("roll-back");
    expect(move).toMatchObject({
      tier: "configuration",
      verbs: ["prepare", "cutOver", "confirm"],
      from: { id: stage.ids[4] },
      to: { id: stage.ids[3], checkpoint: "cp-00000001" },
      details: {
        way: "move-stage",
        fromVersionId: stage.ids[4],
        toVersionId: stage.ids[3],
        deadlineSeconds: 900,
      },
    });
    expect(verdict.warnings.join(" ")).toMatch(/names a version does not follow.*eu-central-1/);
    expect(lastChangedAt).toEqual(new Date(START - DAY));
  });

  it("leaves what is proven alone", async () => {
    const stage = makeSecretStage();
    stage.record(4, "proven");

    expect(await verdictOf(stage)).toMatchObject({ verdict: "nothing-to-do" });
  });

  const pending = { createdAt: START, value: null, stages: ["AWSPENDING"] };
  const refusals: [string, Parameters<typeof makeSecretStage>[0], RegExp][] = [
    [
      "another service manages it",
      { secret: { owningService: "rds" } },
      /managed by rds: change or rotate it there/,
    ],
    [
      "a partner manages it",
      { secret: { type: "SalesforceClientSecret" } },
      /managed by SalesforceClientSecret/,
    ],
    [
      "it is a replica",
      { secret: { primaryRegion: "us-east-1" } },
      /primary is in us-east-1: roll it back there/,
    ],
    [
      "it is rotated and its database stays",
      { secret: { rotation: { lambdaArn: ROTATION_FUNCTION } } },
      /old password is dead in the database.*roll its database back/,
    ],
    [
      "a failed rotation left AWSPENDING",
      { secret: { versions: [{ createdAt: START - DAY, stages: ["AWSCURRENT"] }, pending] } },
      /rotation of shop\/db is in progress or has failed/,
    ],
  ];

  it.each(refusals)("refuses when %s", async (_, options, reason) => {
    const stage = makeSecretStage(options);
    stage.record(3, "proven");

    expect(await verdictOf(stage)).toMatchObject({
      verdict: "refuse",
      reason: expect.stringMatching(reason) as string,
    });
  });

  it("takes AWSPENDING on the version that was current before for the rest of a rotation that had ended", async () => {
    const left = { createdAt: START, stages: ["AWSPREVIOUS", "AWSPENDING"] };
    const stage = makeSecretStage({
      secret: { versions: [{ createdAt: START - DAY, stages: ["AWSCURRENT"] }, left] },
    });

    expect((await verdictOf(stage)).reason).not.toMatch(/in progress or has failed/);
  });

  it("refuses while a rotation is on its way, and when deletion is scheduled", async () => {
    const stage = makeSecretStage({ secret: { rotation: { lambdaArn: ROTATION_FUNCTION } } });
    stage.record(3, "proven");
    await stage.run(() => stage.operator.secrets.send(new RotateSecretCommand({ SecretId: stage.arn })));

    expect((await verdictOf(stage)).reason).toMatch(/in progress or has failed, AWSPENDING is on version/);

    const deleted = makeSecretStage();
    await deleted.run(() =>
      deleted.operator.secrets.send(new DeleteSecretCommand({ SecretId: deleted.arn })),
    );
    expect((await verdictOf(deleted)).reason).toMatch(/scheduled for deletion on .* RestoreSecret/);
  });

  it("refuses a version whose key is disabled", async () => {
    const stage = makeSecretStage();
    const key = stage.kms.install({ alias: "alias/old" });
    const { arn, versionIds } = stage.secrets.install({
      name: "shop/old-key",
      versions: [{ createdAt: START - DAY, keyId: key }, { createdAt: START - MINUTE }],
    });
    stage.configuration.secretArn = arn;
    stage.kms.setState(key, "Disabled");

    const verdict = await verdictOf(stage, { target: { components: { password: versionIds[0] ?? "" } } });

    expect(verdict).toMatchObject({ verdict: "refuse" });
    expect(verdict.reason).toContain("is Disabled. Enable the key");
  });

  it("refuses a version that Secrets Manager no longer keeps, and names those that are there", async () => {
    const stage = makeSecretStage();
    stage.record(3, "proven");
    const [checkpoint] = stage.checkpoints;
    if (checkpoint) checkpoint.vector = { password: { kind: "secret", versionId: GONE } };

    const { verdict, reason } = await verdictOf(stage);

    expect(verdict).toBe("refuse");
    expect(reason).toMatch(
      /version 01234567 is gone: Secrets Manager no longer keeps it\. Kept are .*2026-11-19T/,
    );
  });

  it("takes a version that a person names by id or by label, and never one that may be empty", async () => {
    const stage = makeSecretStage();
    const named = (name: string) => stage.assess({ target: { components: { password: name } } });

    expect(moveIn(await named("AWSPREVIOUS")).to.id).toBe(stage.ids[3]);
    expect(moveIn(await named(stage.ids[0] ?? "")).warnings[0]).toContain("unproven");
    expect((await named("no-such")).verdict.reason).toMatch(/keeps no version "no-such".*Kept are/);
  });

  it("rotates after a breach and never goes back, and refuses without a rotation function", async () => {
    const stage = makeSecretStage({ secret: { rotation: { lambdaArn: ROTATION_FUNCTION } } });
    stage.record(3, "proven");
    const manual = makeSecretStage();

    const { move } = await stage.assess({ authorization: "security" });

    expect(move).toMatchObject({ details: { way: "rotate", fromVersionId: stage.ids[4] } });
    expect(move?.details).not.toHaveProperty("toVersionId");
    expect(move?.to.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((await verdictOf(manual, { authorization: "security" })).reason).toMatch(
      /no rotation function.*restart/,
    );
  });
});

describe("a secret whose database goes back", () => {
  const withDatabase = { configuration: { database: "database" } };
  const rotation = { lambdaArn: ROTATION_FUNCTION };

  it("gets the version that was live at the cut, also when it is rotated", async () => {
    const stage = makeSecretStage({ ...withDatabase, secret: { rotation } });
    stage.record(2, "proven");
    stage.record(3, "suspect");
    stage.record(4, "proven");

    const { move } = await stage.assess({ dataGoesBack: true, cut: new Date(START - 2 * DAY + 10 * MINUTE) });

    expect(move?.to).toMatchObject({ id: stage.ids[3], checkpoint: "cp-00000001" });
  });

  it("trusts labels for a version between the last checkpoint and the cut, and asks when there are none", async () => {
    const stage = makeSecretStage(withDatabase);
    stage.record(1, "proven");

    const labelled = await stage.assess({ dataGoesBack: true, cut: new Date(START - 2 * DAY + MINUTE) });
    const unlabelled = await stage.assess({ dataGoesBack: true, cut: new Date(START - 3 * DAY + MINUTE) });

    expect(moveIn(labelled).to.id).toBe(stage.ids[3]);
    expect(unlabelled.verdict).toMatchObject({ verdict: "refuse" });
    expect(unlabelled.verdict.reason).toContain(`${stage.ids[2]?.slice(0, 8)}`);
    expect(unlabelled.verdict.reason).toContain("name one of them");
  });
});

describe("a rotated password that is named", () => {
  it("goes with its database, though nothing else tells a moment: an undo that is started again", async () => {
    const stage = makeSecretStage({
      configuration: { database: "database" },
      secret: { rotation: { lambdaArn: ROTATION_FUNCTION } },
    });
    const target = { components: { password: stage.ids[3] ?? "" } };

    expect(moveIn(await stage.assess({ target, dataGoesBack: true })).to.id).toBe(stage.ids[3]);
    expect(await stage.assess({ target })).toMatchObject({ verdict: { verdict: "refuse" } });
  });

  it("goes alone back to where a rollback found it, when that left its database there", async () => {
    const stage = makeSecretStage({
      configuration: { database: "database" },
      secret: { rotation: { lambdaArn: ROTATION_FUNCTION } },
    });
    const [target, leftAt] = [{ components: { password: stage.ids[3] ?? "" } }, stage.ids[4] ?? ""];

    expect(moveIn(await stage.assess({ target, leftAt })).to.id).toBe(stage.ids[3]);
    // It was rotated since then: the database has yet another password.
    const rotated = await stage.assess({ target, leftAt: stage.ids[2] ?? "" });
    expect(rotated).toMatchObject({ verdict: { verdict: "refuse" } });
  });
});

describe("the version of a secret", () => {
  it("is the current one, and none during a rotation that has not failed for an hour", async () => {
    const stage = makeSecretStage({ secret: { rotation: { lambdaArn: ROTATION_FUNCTION } } });
    stage.secrets.rotationsOf("shop/db", { outcome: "fails" });

    expect(await stage.readVersion()).toMatchObject({ versionId: stage.ids[4], kind: "secret" });
    await stage.run(() => stage.operator.secrets.send(new RotateSecretCommand({ SecretId: stage.arn })));
    expect(await stage.readVersion()).toBeUndefined();
    await stage.pass(61 * MINUTE);
    expect(await stage.readVersion()).toMatchObject({ versionId: stage.ids[4] });
  });
});

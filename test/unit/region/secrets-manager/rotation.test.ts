import {
  CancelRotateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { RotationBehaviour } from "../../../../lib/region/services/secrets-manager/rotations.ts";
import { DAY, MINUTE, makeConfigurationRegion, START } from "../make-configuration-region.ts";

const TOKEN = "00000000-0000-4000-8000-00000000000a";
const OTHER = "00000000-0000-4000-8000-00000000000b";

/** A region with the secret `db`, which rotates in 20 to 40 seconds. */
function makeRotating({
  seed = 1,
  everyDays,
  ...behaviour
}: { readonly seed?: number; readonly everyDays?: number } & Partial<RotationBehaviour> = {}) {
  const region = makeConfigurationRegion({ seed });
  const { versionIds } = region.secrets.install({
    name: "db",
    versions: [
      { createdAt: START - 2 * DAY, meaning: "green" },
      { createdAt: START - DAY, meaning: "red" },
    ],
    rotation: {
      lambdaArn: "arn:aws:lambda:eu-west-1:123456789012:function:rotate",
      ...(everyDays !== undefined && { rules: { AutomaticallyAfterDays: everyDays } }),
    },
  });
  region.secrets.rotationsOf("db", { fromMs: 20_000, toMs: 40_000, ...behaviour });
  const client = region.operator.secrets;
  const [previous = "", current = ""] = versionIds;
  return {
    ...region,
    client,
    previous,
    current,
    rotate: (ClientRequestToken: string) =>
      region.run(() => client.send(new RotateSecretCommand({ SecretId: "db", ClientRequestToken }))),
    describeIt: () => region.run(() => client.send(new DescribeSecretCommand({ SecretId: "db" }))),
    read: (VersionStage: string) =>
      region.run(() => client.send(new GetSecretValueCommand({ SecretId: "db", VersionStage }))),
    move: (VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
      region.run(() =>
        client.send(
          new UpdateSecretVersionStageCommand({
            SecretId: "db",
            VersionStage,
            MoveToVersionId,
            RemoveFromVersionId,
          }),
        ),
      ),
  };
}

describe("RotateSecret", () => {
  it("is asynchronous: AWSPENDING on an empty version, a value, and then AWSCURRENT", async () => {
    const { rotate, describeIt, read, pass, credentials, secrets, current } = makeRotating();

    expect((await rotate(TOKEN)).VersionId).toBe(TOKEN);
    expect((await describeIt()).VersionIdsToStages).toMatchObject({
      [TOKEN]: ["AWSPENDING"],
      [current]: ["AWSCURRENT"],
    });
    await expect(read("AWSPENDING")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await pass(15_000);
    expect((await read("AWSPENDING")).SecretString).toBeDefined();
    expect(credentials.get("db")).toBe(secrets.labelOf("db", "AWSPENDING"));
    expect(secrets.labelOf("db", "AWSCURRENT")).toBe("red");
    await pass(MINUTE);

    const after = await describeIt();
    expect(after.VersionIdsToStages?.[TOKEN]).toContain("AWSCURRENT");
    expect(after.VersionIdsToStages?.[current]).toEqual(["AWSPREVIOUS"]);
    expect(after.LastRotatedDate?.getTime()).toBeGreaterThan(START);
    expect(secrets.labelOf("db", "AWSCURRENT")).toBe(credentials.get("db"));
  });

  it("leaves AWSPENDING beside AWSCURRENT or nowhere: both happen", async () => {
    const pending = new Set<boolean>();
    for (let seed = 1; seed <= 8; seed++) {
      const { rotate, describeIt, pass } = makeRotating({ seed });
      await rotate(TOKEN);
      await pass(MINUTE);
      pending.add((await describeIt()).VersionIdsToStages?.[TOKEN]?.includes("AWSPENDING") ?? false);
    }

    expect(pending.size).toBe(2);
  });

  it("is the same rotation for the same token, and refused for another while one is on its way", async () => {
    const { rotate, describeIt, pass } = makeRotating();
    await rotate(TOKEN);

    await rotate(TOKEN);
    await expect(rotate(OTHER)).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    await pass(MINUTE);
    await rotate(TOKEN);
    await pass(MINUTE);
    expect(Object.keys((await describeIt()).VersionIdsToStages ?? {})).toHaveLength(2);
    await rotate(OTHER);
  });

  it("needs a rotation function, unless another service owns the secret", async () => {
    const { secrets, run, client } = makeRotating();
    secrets.install({ name: "plain", versions: [{ createdAt: START }] });
    secrets.install({ name: "rds!db", owningService: "rds", versions: [{ createdAt: START }] });
    const rotate = (SecretId: string) => run(() => client.send(new RotateSecretCommand({ SecretId })));

    await expect(rotate("plain")).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: "No Lambda rotation function ARN is associated with this secret.",
    });
    expect((await rotate("rds!db")).VersionId).toBeDefined();
  });

  it("that fails leaves AWSPENDING on an empty version, which blocks the next until it is removed", async () => {
    const { secrets, rotate, describeIt, read, move, pass, current } = makeRotating();
    secrets.rotationsOf("db", { outcome: "fails-empty" });
    await rotate(TOKEN);
    await pass(DAY);

    expect((await describeIt()).VersionIdsToStages).toMatchObject({
      [TOKEN]: ["AWSPENDING"],
      [current]: ["AWSCURRENT"],
    });
    await expect(read("AWSPENDING")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(rotate(OTHER)).rejects.toMatchObject({ name: "InvalidRequestException" });
    await move("AWSPENDING", undefined, TOKEN);
    secrets.rotationsOf("db", { outcome: "succeeds" });
    await rotate(OTHER);
    await pass(MINUTE);
    expect(secrets.current("db")?.versionId).toBe(OTHER);
  });

  it("is refused, and the old rotation goes on, when AWSPENDING lies beside AWSCURRENT after a rollback by hand", async () => {
    const { rotate, move, pass, secrets, credentials, current } = makeRotating({ leavesPending: true });
    await rotate(TOKEN);
    await pass(MINUTE);
    const failed = secrets.labelOf("db", "AWSCURRENT");
    await move("AWSCURRENT", current, TOKEN);
    credentials.set("db", "red");

    await expect(rotate(OTHER)).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    await pass(MINUTE);

    expect(secrets.current("db")?.versionId).toBe(TOKEN);
    expect(credentials.get("db")).toBe(failed);
    expect(secrets.read("db", OTHER)).toBeUndefined();
  });

  it("goes to a new version when AWSPENDING was taken off before", async () => {
    const { rotate, move, pass, secrets, current } = makeRotating({ leavesPending: true });
    await rotate(TOKEN);
    await pass(MINUTE);
    await move("AWSPENDING", undefined, TOKEN);
    await move("AWSCURRENT", current, TOKEN);

    await rotate(OTHER);
    await pass(MINUTE);

    expect(secrets.current("db")?.versionId).toBe(OTHER);
  });

  it("fails when somebody takes AWSPENDING off its version while it is on its way", async () => {
    const { rotate, move, pass, secrets, current } = makeRotating();
    await rotate(TOKEN);

    await move("AWSPENDING", undefined, TOKEN);
    await pass(MINUTE);

    expect(secrets.current("db")?.versionId).toBe(current);
  });

  it("takes AWSCURRENT at its end even from a version that somebody moved it to meanwhile", async () => {
    const { rotate, move, pass, describeIt, previous, current } = makeRotating();
    await rotate(TOKEN);

    await move("AWSCURRENT", previous, current);
    await pass(MINUTE);

    const { VersionIdsToStages } = await describeIt();
    expect(VersionIdsToStages?.[TOKEN]).toContain("AWSCURRENT");
    expect(VersionIdsToStages?.[previous]).toEqual(["AWSPREVIOUS"]);
  });
});

describe("CancelRotateSecret", () => {
  it("stops the rotation where it is, turns rotation off and leaves AWSPENDING", async () => {
    const { rotate, run, client, pass, describeIt, current } = makeRotating();
    await rotate(TOKEN);

    const answer = await run(() => client.send(new CancelRotateSecretCommand({ SecretId: "db" })));
    await pass(MINUTE);

    expect(answer.VersionId).toBe(TOKEN);
    expect(await describeIt()).toMatchObject({
      RotationEnabled: false,
      VersionIdsToStages: { [TOKEN]: ["AWSPENDING"], [current]: ["AWSCURRENT"] },
    });
  });
});

describe("a rotation schedule", () => {
  it("rotates by itself when the days are over, and plans the next time", async () => {
    const { describeIt, pass, secrets, current } = makeRotating({ everyDays: 7 });
    expect((await describeIt()).NextRotationDate).toEqual(new Date(START + 7 * DAY));

    await pass(7 * DAY + MINUTE);

    expect(secrets.current("db")?.versionId).not.toBe(current);
    expect((await describeIt()).NextRotationDate?.getTime()).toBeGreaterThan(START + 14 * DAY);
  });

  it("goes forward again to a version that was left and still has AWSPENDING", async () => {
    const { rotate, move, pass, secrets, current } = makeRotating({ leavesPending: true, everyDays: 7 });
    await rotate(TOKEN);
    await pass(MINUTE);
    await move("AWSCURRENT", current, TOKEN);

    await pass(7 * DAY + 2 * MINUTE);

    expect(secrets.current("db")?.versionId).toBe(TOKEN);
  });
});

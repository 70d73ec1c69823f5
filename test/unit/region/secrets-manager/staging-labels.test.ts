import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { DAY, MINUTE, makeConfigurationRegion, START } from "../make-configuration-region.ts";

const OLDEST = "00000000-0000-4000-8000-000000000001";
const PREVIOUS = "00000000-0000-4000-8000-000000000002";
const CURRENT = "00000000-0000-4000-8000-000000000003";

/** A region with the secret `db`, whose three versions equal the database passwords blue, green and red. */
function makeSecret() {
  const region = makeConfigurationRegion();
  region.secrets.install({
    name: "db",
    versions: [
      { id: OLDEST, createdAt: START - 3 * DAY, meaning: "blue" },
      { id: PREVIOUS, createdAt: START - 2 * DAY, meaning: "green" },
      { id: CURRENT, createdAt: START - DAY, meaning: "red" },
    ],
  });
  const client = region.operator.secrets;
  return {
    ...region,
    client,
    move: (MoveToVersionId?: string, RemoveFromVersionId?: string, VersionStage = "AWSCURRENT") =>
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
    stages: async () => {
      const answer = await region.run(() => client.send(new DescribeSecretCommand({ SecretId: "db" })));
      return answer.VersionIdsToStages;
    },
  };
}

describe("UpdateSecretVersionStage", () => {
  it("moves AWSPREVIOUS to the version that lost AWSCURRENT: the swap", async () => {
    const { move, stages, secrets } = makeSecret();

    await move(PREVIOUS, CURRENT);

    expect(await stages()).toEqual({ [PREVIOUS]: ["AWSCURRENT"], [CURRENT]: ["AWSPREVIOUS"] });
    expect(secrets.labelOf("db", "AWSCURRENT")).toBe("green");
    expect(secrets.current("db")?.versionId).toBe(PREVIOUS);
  });

  it("deprecates the version that had AWSPREVIOUS when it goes back further than that", async () => {
    const { move, stages } = makeSecret();

    await move(OLDEST, CURRENT);

    expect(await stages()).toEqual({ [OLDEST]: ["AWSCURRENT"], [CURRENT]: ["AWSPREVIOUS"] });
  });

  it("refuses to move an attached label without being told from where, and from elsewhere", async () => {
    const { move, stages } = makeSecret();
    const before = await stages();

    await expect(move(PREVIOUS)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining(`currently attached to version ${CURRENT}`),
    });
    await expect(move(OLDEST, PREVIOUS)).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(move(undefined, undefined)).rejects.toMatchObject({ name: "InvalidParameterException" });
    expect(await stages()).toEqual(before);
  });

  it("knows no version that is gone, and never leaves a secret without AWSCURRENT", async () => {
    const { move } = makeSecret();
    const gone = "00000000-0000-4000-8000-00000000dead";

    await expect(move(gone, CURRENT)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(move(undefined, CURRENT)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("can't be completely removed"),
    });
  });

  it("keeps labels of one's own beside its own, up to twenty, and removes them", async () => {
    const { move, stages } = makeSecret();

    for (let pin = 1; pin <= 18; pin++) await move(OLDEST, undefined, `pin-${pin}`);

    await expect(move(OLDEST, undefined, "pin-19")).rejects.toMatchObject({ name: "LimitExceededException" });
    await move(undefined, OLDEST, "pin-1");
    await move(OLDEST, undefined, "pin-19");
    expect((await stages())?.[OLDEST]).toHaveLength(18);
  });

  it("refuses a secret whose deletion is scheduled, and a replica", async () => {
    const { run, client, secrets, move } = makeSecret();
    const { versionIds } = secrets.install({
      name: "copy",
      primaryRegion: "us-east-1",
      versions: [{ createdAt: START }],
    });
    const [MoveToVersionId] = versionIds;
    const input = { SecretId: "copy", VersionStage: "pin", MoveToVersionId };

    await run(() => client.send(new DeleteSecretCommand({ SecretId: "db" })));

    await expect(move(PREVIOUS, CURRENT)).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: expect.stringContaining("marked for deletion"),
    });
    await expect(run(() => client.send(new UpdateSecretVersionStageCommand(input)))).rejects.toMatchObject({
      message: expect.stringContaining("replica secret"),
    });
  });
});

describe("replicas", () => {
  it("follow a moved label with a lag, and say so", async () => {
    const region = makeConfigurationRegion();
    const { versionIds } = region.secrets.install({
      name: "db",
      replicas: ["us-east-1"],
      versions: [{ createdAt: START - 2 * DAY }, { createdAt: START - DAY }],
    });
    const [old, now] = versionIds;
    const client = region.operator.secrets;
    const status = async () => {
      const answer = await region.run(() => client.send(new DescribeSecretCommand({ SecretId: "db" })));
      return answer.ReplicationStatus?.map(({ Status }) => Status);
    };
    region.secrets.replicasLag({ fromMs: 4000, toMs: 4000 });
    await region.run(() =>
      client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: "db",
          VersionStage: "AWSCURRENT",
          MoveToVersionId: old,
          RemoveFromVersionId: now,
        }),
      ),
    );

    expect(await status()).toEqual(["InProgress"]);
    expect(region.secrets.replicaCurrent("db", "us-east-1")).toBe(now);
    await region.pass(MINUTE);
    expect(await status()).toEqual(["InSync"]);
    expect(region.secrets.replicaCurrent("db", "us-east-1")).toBe(old);
  });
});

import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  type ListSecretVersionIdsCommandInput,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { DAY, makeConfigurationRegion, START } from "../make-configuration-region.ts";

function makeClient() {
  const region = makeConfigurationRegion();
  const client = region.operator.secrets;
  return {
    ...region,
    client,
    put: (SecretString: string, more: object = {}) =>
      region.run(() => client.send(new PutSecretValueCommand({ SecretId: "db", SecretString, ...more }))),
    get: (more: object = {}) =>
      region.run(() => client.send(new GetSecretValueCommand({ SecretId: "db", ...more }))),
    list: (more: Partial<ListSecretVersionIdsCommandInput> = {}) =>
      region.run(() => client.send(new ListSecretVersionIdsCommand({ SecretId: "db", ...more }))),
  };
}

describe("the versions of a secret", () => {
  it("are written as AWSCURRENT, once for each token, and never changed", async () => {
    const { run, client, put, get, secrets } = makeClient();
    const created = await run(() =>
      client.send(new CreateSecretCommand({ Name: "db", SecretString: "one" })),
    );
    const ClientRequestToken = "00000000-0000-4000-8000-000000000002";

    const stored = await put("two", { ClientRequestToken });
    await put("two", { ClientRequestToken });

    expect(created.ARN).toMatch(/:secret:db-\w{6}$/);
    expect(stored).toMatchObject({ VersionId: ClientRequestToken, VersionStages: ["AWSCURRENT"] });
    await expect(put("three", { ClientRequestToken })).rejects.toMatchObject({
      name: "ResourceExistsException",
    });
    expect((await get()).SecretString).toBe("two");
    secrets.means("db", "AWSCURRENT", "green");
    expect(secrets.labelOf("db", ClientRequestToken)).toBe("green");
    expect((await get({ VersionStage: "AWSPREVIOUS" })).SecretString).toBe("one");
    await expect(get({ VersionStage: "AWSPREVIOUS", VersionId: ClientRequestToken })).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
  });

  it("come in pages that may be empty before the last", async () => {
    const { secrets, list } = makeClient();
    secrets.install({ name: "db", versions: Array.from({ length: 9 }, () => ({ createdAt: START - DAY })) });
    const sizes: number[] = [];
    const ids = new Set<string | undefined>();
    let NextToken: string | undefined;
    do {
      const page = await list({ MaxResults: 1, NextToken });
      sizes.push(page.Versions?.length ?? 0);
      for (const { VersionId } of page.Versions ?? []) ids.add(VersionId);
      ({ NextToken } = page);
    } while (NextToken !== undefined);

    expect(sizes).toHaveLength(9);
    expect(sizes.filter((size) => size === 0)).toHaveLength(7);
    expect(ids.size).toBe(2);
    expect((await list({ IncludeDeprecated: true })).Versions).toHaveLength(9);
  });

  it("are forgotten beyond the hundred newest when they are older than a day and bear no label", async () => {
    const { secrets, put, list, pass } = makeClient();
    const { versionIds } = secrets.install({
      name: "db",
      versions: Array.from({ length: 101 }, (_, index) => ({
        createdAt: START - DAY / 2 + index,
        ...(index === 0 && { stages: ["pinned"] }),
      })),
    });
    const kept = async () => {
      const first = await list({ IncludeDeprecated: true });
      const second = await list({ IncludeDeprecated: true, NextToken: first.NextToken });
      return [first, second].flatMap(({ Versions = [] }) => Versions.map(({ VersionId }) => VersionId));
    };

    await put("young");
    expect(await kept()).toHaveLength(102);
    await pass(DAY);
    await put("later");

    const [pinned, second, third, fourth] = versionIds;
    expect(await kept()).toHaveLength(101);
    expect(await kept()).toEqual(expect.arrayContaining([pinned, fourth]));
    expect(await kept()).not.toContain(second);
    expect(await kept()).not.toContain(third);
  });

  it("need their own key, not the secret's: a disabled one hides exactly what it encrypts", async () => {
    const { kms, secrets, get, list } = makeClient();
    const keyId = kms.install({ alias: "alias/old" });
    secrets.install({
      name: "db",
      versions: [{ createdAt: START - DAY, keyId: "alias/old" }, { createdAt: START }],
    });

    kms.setState("alias/old", "Disabled");

    await expect(get({ VersionStage: "AWSPREVIOUS" })).rejects.toMatchObject({ name: "DecryptionFailure" });
    expect(secrets.read("db", "AWSPREVIOUS")).toBeUndefined();
    expect((await get()).SecretString).toBeDefined();
    const keys = (await list()).Versions?.flatMap(({ KmsKeyIds = [] }) => KmsKeyIds).sort();
    expect(keys).toEqual(["DefaultEncryptionKey", keyId]);
  });

  it("of several secrets are read at once, with an error for what is not there", async () => {
    const { secrets, run, client } = makeClient();
    secrets.install({ name: "db", versions: [{ createdAt: START, value: "it" }] });

    const answer = await run(() =>
      client.send(new BatchGetSecretValueCommand({ SecretIdList: ["db", "none"] })),
    );

    expect(answer.SecretValues).toMatchObject([{ Name: "db", SecretString: "it" }]);
    expect(answer.Errors).toMatchObject([{ SecretId: "none", ErrorCode: "ResourceNotFoundException" }]);
  });
});

describe("a secret whose deletion is scheduled", () => {
  it("is described, not used, and comes back when it is restored in time", async () => {
    const { secrets, run, client, get, pass, kernel } = makeClient();
    secrets.install({ name: "db", versions: [{ createdAt: START }] });
    const describeIt = () => run(() => client.send(new DescribeSecretCommand({ SecretId: "db" })));
    const remove = () =>
      run(() => client.send(new DeleteSecretCommand({ SecretId: "db", RecoveryWindowInDays: 7 })));

    await remove();
    expect((await describeIt()).DeletedDate).toEqual(new Date(kernel.now + 7 * DAY));
    await expect(get()).rejects.toMatchObject({ name: "InvalidRequestException" });
    expect(secrets.current("db")).toBeUndefined();
    await run(() => client.send(new RestoreSecretCommand({ SecretId: "db" })));
    await pass(8 * DAY);
    expect((await get()).Name).toBe("db");

    await remove();
    await pass(8 * DAY);
    await expect(describeIt()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

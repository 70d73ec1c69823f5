import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { DAY, makeConfigurationRegion, START } from "../make-configuration-region.ts";

const NAME = "/shop/limits";

function makeParameters() {
  const region = makeConfigurationRegion();
  const { ssm: client } = region.operator;
  return {
    ...region,
    client,
    put: (input: Partial<PutParameterCommandInput>) =>
      region.run(() => client.send(new PutParameterCommand({ Name: NAME, Value: "v", ...input }))),
    get: async (Name: string, WithDecryption = true) =>
      (await region.run(() => client.send(new GetParameterCommand({ Name, WithDecryption })))).Parameter,
    history: async (more: object = {}) => {
      const command = new GetParameterHistoryCommand({ Name: NAME, WithDecryption: true, ...more });
      return region.run(() => client.send(command));
    },
  };
}

describe("PutParameter", () => {
  it("makes versions, each of which stays readable by its number", async () => {
    const { put, get, events } = makeParameters();

    expect(await put({ Value: "one", Type: "String" })).toMatchObject({ Version: 1, Tier: "Standard" });
    await expect(put({ Value: "two" })).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
    expect(await put({ Value: "two", Overwrite: true })).toMatchObject({ Version: 2 });

    expect(await get(NAME)).toMatchObject({
      Value: "two",
      Version: 2,
      ARN: "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/limits",
    });
    expect(await get(`${NAME}:1`)).toMatchObject({ Value: "one", Selector: ":1" });
    expect((await get("arn:aws:ssm:eu-west-1:123456789012:parameter/shop/limits:1"))?.Value).toBe("one");
    await expect(get(`${NAME}:7`)).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
    await expect(get("/shop/none")).rejects.toMatchObject({ name: "ParameterNotFound" });
    expect(events.map(({ detailType, detail }) => [detailType, detail["operation"]])).toEqual([
      ["Parameter Store Change", "Create"],
      ["Parameter Store Change", "Update"],
    ]);
  });

  it("encrypts with the default key when none is named, silently: the re-key trap", async () => {
    const { kms, put, history } = makeParameters();
    kms.install({ alias: "alias/app" });
    await put({ Type: "SecureString", KeyId: "alias/app" });

    await put({ Overwrite: true });

    const { Parameters } = await history();
    expect(Parameters?.map(({ KeyId }) => KeyId)).toEqual(["alias/app", "alias/aws/ssm"]);
  });

  it("refuses another type, a lower tier, too long a value, and a key that is not usable", async () => {
    const { kms, put } = makeParameters();
    kms.install({ alias: "alias/app" });
    await put({ Type: "SecureString", KeyId: "alias/app" });

    await expect(put({ Type: "String", Overwrite: true })).rejects.toMatchObject({
      name: "HierarchyTypeMismatchException",
    });
    await expect(put({ Value: "x".repeat(4097), Overwrite: true })).rejects.toMatchObject({
      name: "ValidationException",
    });
    await put({ Value: "x".repeat(4097), Overwrite: true, Tier: "Advanced", KeyId: "alias/app" });
    await expect(put({ Overwrite: true, Tier: "Standard" })).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("downgrade"),
    });
    kms.setState("alias/app", "Disabled");
    const again = put({ Overwrite: true, KeyId: "alias/app" });
    await expect(again).rejects.toMatchObject({ name: "InvalidKeyId" });
    await expect(put({ Overwrite: true, DataType: "aws:ec2:image" })).rejects.toMatchObject({
      name: "NotImplemented",
    });
    await expect(put({ Name: "arn:aws:ssm:x" })).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("holds a value to the pattern that comes with it", async () => {
    const { put } = makeParameters();

    await expect(put({ Type: "String", Value: "ten", AllowedPattern: "^\\d+$" })).rejects.toMatchObject({
      name: "ParameterPatternMismatchException",
    });
    expect(await put({ Type: "String", Value: "10", AllowedPattern: "^\\d+$" })).toMatchObject({
      Version: 1,
    });
  });

  it("drops the oldest of a hundred versions, and refuses when that one bears a label", async () => {
    const { ssm, put, history } = makeParameters();
    const install = (name: string, labels: string[]) =>
      ssm.install({
        name,
        type: "String",
        versions: Array.from({ length: 100 }, (_, index) => ({
          value: `${index}`,
          modifiedAt: START - DAY,
          labels: index === 0 ? labels : [],
        })),
      });
    install(NAME, []);
    install("/shop/pinned", ["live"]);

    expect(await put({ Overwrite: true })).toMatchObject({ Version: 101 });
    expect((await history({ MaxResults: 1 })).Parameters).toMatchObject([{ Version: 2 }]);
    await expect(put({ Name: "/shop/pinned", Overwrite: true })).rejects.toMatchObject({
      name: "ParameterMaxVersionLimitExceeded",
    });
  });

  it("collides with another update when the scenario says so", async () => {
    const { ssm, put } = makeParameters();
    ssm.refuseUpdates(NAME, 1);

    await expect(put({ Type: "String" })).rejects.toMatchObject({ name: "TooManyUpdates" });
    expect(await put({ Type: "String" })).toMatchObject({ Version: 1 });
  });
});

describe("reading parameters", () => {
  it("pages the history, oldest first, at most fifty at a time", async () => {
    const { ssm, history } = makeParameters();
    ssm.install({
      name: NAME,
      type: "String",
      versions: Array.from({ length: 60 }, (_, index) => ({ value: `${index}`, modifiedAt: START - DAY })),
    });

    const first = await history();
    const second = await history({ NextToken: first.NextToken });

    expect(first.Parameters).toHaveLength(50);
    expect(second.Parameters?.map(({ Version }) => Version)).toEqual(
      [...Array(10).keys()].map((n) => n + 51),
    );
    expect(second.NextToken).toBeUndefined();
    await expect(history({ MaxResults: 51 })).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("shows nothing of a SecureString that is not decrypted", async () => {
    const { put, get } = makeParameters();
    await put({ Value: "hunter2", Type: "SecureString" });

    expect((await get(NAME))?.Value).toBe("hunter2");
    expect((await get(NAME, false))?.Value).not.toContain("hunter2");
  });

  it("names what is not there among the invalid, and answers the rest", async () => {
    const { put, run, client, ssm } = makeParameters();
    await put({ Value: "one", Type: "String" });
    const Names = [NAME, `${NAME}:9`, "/shop/none"];

    const answer = await run(() => client.send(new GetParametersCommand({ Names })));

    expect(answer.Parameters).toMatchObject([{ Name: NAME, Value: "one" }]);
    expect(answer.InvalidParameters).toEqual([`${NAME}:9`, "/shop/none"]);
    expect(ssm.read(`${NAME}:9`)).toBeUndefined();
    expect(ssm.read(NAME)).toMatchObject({ value: "one", version: 1 });
  });
});

import {
  AddTagsToResourceCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  UnlabelParameterVersionCommand,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { allow, DAY, makeConfigurationRegion, START } from "../make-configuration-region.ts";

const NAME = "/shop/limits";
const ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/limits";

/** A region with a SecureString under the customer's key, in two versions of which the first is live. */
function makeSecure() {
  const region = makeConfigurationRegion();
  const keyArn = region.kms.install({ alias: "alias/app" });
  region.ssm.install({
    name: NAME,
    type: "SecureString",
    keyId: "alias/app",
    versions: [
      { value: "hunter1", modifiedAt: START - 2 * DAY, labels: ["live"] },
      { value: "hunter2", modifiedAt: START - DAY },
    ],
  });
  const client = region.operator.ssm;
  return {
    ...region,
    keyArn,
    client,
    label: (ParameterVersion: number, ...Labels: string[]) =>
      region.run(() =>
        client.send(new LabelParameterVersionCommand({ Name: NAME, ParameterVersion, Labels })),
      ),
  };
}

const denied = { name: "AccessDeniedException" };

describe("the labels of a parameter", () => {
  it("move from version to version, and readers of the label with them", async () => {
    const { label, ssm, events } = makeSecure();
    expect(ssm.read(`${NAME}:live`)).toMatchObject({ version: 1 });

    await label(2, "live");

    expect(ssm.read(`${NAME}:live`)).toMatchObject({ version: 2, value: "hunter2" });
    expect(events).toMatchObject([
      { source: "aws.ssm", resources: [ARN], detail: { operation: "LabelParameterVersion", name: NAME } },
    ]);
  });

  it("that break the rules are told of in a success, which leaves them where they were", async () => {
    const { label, ssm } = makeSecure();

    const answer = await label(2, "1st", "awsLive", "fine");

    expect(answer).toMatchObject({ InvalidLabels: ["1st", "awsLive"], ParameterVersion: 2 });
    expect(ssm.read(`${NAME}:fine`)).toMatchObject({ version: 2 });
    expect(ssm.read(`${NAME}:awsLive`)).toBeUndefined();
  });

  it("are ten to a version at most, and on no version that is not there", async () => {
    const { label } = makeSecure();
    await label(1, ...Array.from({ length: 9 }, (_, index) => `pin-${index}`));

    await expect(label(1, "one-more")).rejects.toMatchObject({ name: "ParameterVersionLabelLimitExceeded" });
    await expect(label(9, "live")).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
  });

  it("are removed from the version that has them, and from no other", async () => {
    const { run, client, ssm } = makeSecure();
    const unlabel = (ParameterVersion: number) =>
      run(() =>
        client.send(new UnlabelParameterVersionCommand({ Name: NAME, ParameterVersion, Labels: ["live"] })),
      );

    expect(await unlabel(2)).toMatchObject({ RemovedLabels: [], InvalidLabels: ["live"] });
    expect(ssm.read(`${NAME}:live`)).toBeDefined();
    expect(await unlabel(1)).toMatchObject({ RemovedLabels: ["live"] });
    expect(ssm.read(`${NAME}:live`)).toBeUndefined();
  });
});

describe("the permissions of Parameter Store", () => {
  it("let whoever may read the history read the current value, with leave for the key", async () => {
    const { roleWith, run, keyArn } = makeSecure();
    const history = allow("ssm:GetParameterHistory", ARN);
    const via = { StringEquals: { "kms:ViaService": "ssm.eu-west-1.amazonaws.com" } };
    const without = roleWith("without", history).ssm;
    const withKey = roleWith("with", history, allow("kms:Decrypt", keyArn, via)).ssm;
    const read = (client: typeof without, WithDecryption: boolean) =>
      run(() => client.send(new GetParameterHistoryCommand({ Name: NAME, WithDecryption })));

    await expect(read(without, true)).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining(`kms:Decrypt on resource: ${keyArn}`),
    });
    expect((await read(without, false)).Parameters).toHaveLength(2);
    expect((await read(withKey, true)).Parameters).toMatchObject([
      { Value: "hunter1" },
      { Value: "hunter2" },
    ]);
    const direct = new GetParameterCommand({ Name: NAME, WithDecryption: true });
    await expect(run(() => withKey.send(direct))).rejects.toMatchObject(denied);
  });

  it("ask for the key that the new version gets, which is nobody's business when it is the default", async () => {
    const { roleWith, run, keyArn, ssm } = makeSecure();
    const put = allow("ssm:PutParameter", ARN, { StringEquals: { "ssm:Overwrite": "true" } });
    const without = roleWith("without", put).ssm;
    const withKey = roleWith("with", put, allow("kms:Encrypt", keyArn)).ssm;
    const write = (client: typeof without, KeyId?: string) =>
      run(() =>
        client.send(new PutParameterCommand({ Name: NAME, Value: "hunter3", Overwrite: true, KeyId })),
      );

    await expect(write(without, "alias/app")).rejects.toMatchObject(denied);
    await write(withKey, "alias/app");
    expect(ssm.read(NAME)).toMatchObject({ version: 3, keyId: "alias/app" });
    await write(without);
    expect(ssm.read(NAME)).toMatchObject({ version: 4, keyId: "alias/aws/ssm" });
  });

  it("follow the tags of a parameter", async () => {
    const { roleWith, run, client } = makeSecure();
    const managed = { StringEquals: { "aws:ResourceTag/rollback:managed": "true" } };
    const role = roleWith("rollback", allow("ssm:LabelParameterVersion", "*", managed)).ssm;
    const label = () =>
      run(() =>
        role.send(new LabelParameterVersionCommand({ Name: NAME, ParameterVersion: 2, Labels: ["live"] })),
      );

    await expect(label()).rejects.toMatchObject(denied);
    const Tags = [{ Key: "rollback:managed", Value: "true" }];
    await run(() =>
      client.send(new AddTagsToResourceCommand({ ResourceType: "Parameter", ResourceId: NAME, Tags })),
    );
    expect(await label()).toMatchObject({ ParameterVersion: 2 });
  });

  it("never find a value in the region's log or in an event", async () => {
    const { run, client, kernel, events } = makeSecure();
    await run(() => client.send(new PutParameterCommand({ Name: NAME, Value: "hunter3", Overwrite: true })));
    await run(() => client.send(new GetParameterCommand({ Name: NAME, WithDecryption: true })));

    expect(kernel.log.lines().join("\n")).toContain("parameter changed");
    expect(kernel.log.lines().join("\n") + JSON.stringify(events)).not.toContain("hunter");
  });
});

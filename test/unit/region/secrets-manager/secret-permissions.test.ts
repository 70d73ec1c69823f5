import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { allow, DAY, makeConfigurationRegion, START } from "../make-configuration-region.ts";

const LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:rotate";

function makeSecret() {
  const region = makeConfigurationRegion();
  const keyArn = region.kms.install({ alias: "alias/app" });
  const { arn, versionIds } = region.secrets.install({
    name: "shop/db",
    keyId: "alias/app",
    tags: { "rollback:managed": "true" },
    versions: [
      { createdAt: START - DAY, value: "hunter2" },
      { createdAt: START, value: "hunter3" },
    ],
    rotation: { lambdaArn: LAMBDA },
  });
  return { ...region, keyArn, arn, versionIds };
}

const denied = { name: "AccessDeniedException" };

describe("the permissions of Secrets Manager", () => {
  it("let a role with the stage move alone go back and read nothing", async () => {
    const { roleWith, run, arn, versionIds, secrets } = makeSecret();
    const managed = { StringEquals: { "aws:ResourceTag/rollback:managed": "true" } };
    const { secrets: client } = roleWith(
      "rollback",
      allow(
        ["secretsmanager:DescribeSecret", "secretsmanager:UpdateSecretVersionStage"],
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*",
        managed,
      ),
    );
    secrets.install({ name: "foreign", versions: [{ createdAt: START }] });
    const [old, now] = versionIds;
    const describeIt = (SecretId: string) => run(() => client.send(new DescribeSecretCommand({ SecretId })));

    await run(() =>
      client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: "shop/db",
          VersionStage: "AWSCURRENT",
          MoveToVersionId: old,
          RemoveFromVersionId: now,
        }),
      ),
    );

    expect(secrets.current("shop/db")?.versionId).toBe(old);
    expect((await describeIt(arn.slice(0, -7))).ARN).toBe(arn);
    await expect(run(() => client.send(new GetSecretValueCommand({ SecretId: arn })))).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining(`secretsmanager:GetSecretValue on resource: ${arn}`),
    });
    await expect(describeIt("foreign")).rejects.toMatchObject(denied);
    await expect(describeIt("nowhere")).rejects.toMatchObject(denied);
  });

  it("ask for the key as well where a value is read or written, through Secrets Manager only", async () => {
    const { roleWith, run, arn, keyArn } = makeSecret();
    const values = allow(
      ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      `${arn.slice(0, -6)}??????`,
    );
    const via = (service: string) =>
      allow(["kms:Decrypt", "kms:GenerateDataKey"], keyArn, {
        StringEquals: { "kms:ViaService": `${service}.eu-west-1.amazonaws.com` },
      });
    const without = roleWith("without", values).secrets;
    const elsewhere = roleWith("elsewhere", values, via("ssm")).secrets;
    const withKey = roleWith("with", values, via("secretsmanager")).secrets;
    const get = new GetSecretValueCommand({ SecretId: "shop/db" });

    await expect(run(() => without.send(get))).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining(`kms:Decrypt on resource: ${keyArn}`),
    });
    await expect(run(() => elsewhere.send(get))).rejects.toMatchObject(denied);
    const put = new PutSecretValueCommand({ SecretId: "shop/db", SecretString: "hunter4" });
    await expect(run(() => without.send(put))).rejects.toMatchObject(denied);
    await run(() => withKey.send(put));
    expect((await run(() => withKey.send(get))).SecretString).toBe("hunter4");
  });

  it("ask for the rotation function of whoever starts a rotation", async () => {
    const { roleWith, run, arn } = makeSecret();
    const rotate = allow("secretsmanager:RotateSecret", arn);
    const without = roleWith("without", rotate).secrets;
    const complete = roleWith("complete", rotate, allow("lambda:InvokeFunction", LAMBDA)).secrets;
    const command = new RotateSecretCommand({ SecretId: arn });

    await expect(run(() => without.send(command))).rejects.toMatchObject(denied);
    expect((await run(() => complete.send(command))).ARN).toBe(arn);
  });

  it("never find a value in the region's log", async () => {
    const { run, operator, kernel, pass } = makeSecret();
    await run(() => operator.secrets.send(new CreateSecretCommand({ Name: "new", SecretString: "hunter5" })));
    await run(() => operator.secrets.send(new GetSecretValueCommand({ SecretId: "new" })));
    await run(() => operator.secrets.send(new RotateSecretCommand({ SecretId: "shop/db" })));
    await pass(DAY);
    const rotated = await run(() =>
      operator.secrets.send(new GetSecretValueCommand({ SecretId: "shop/db" })),
    );

    const log = kernel.log.lines().join("\n");
    expect(log).toContain("rotation succeeded");
    expect(log).not.toContain("hunter");
    expect(log).not.toContain(rotated.SecretString);
  });
});

import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { allow, DAY, makeConfigurationRegion, START } from "../make-configuration-region.ts";

describe("KMS", () => {
  it("describes a key by id, ARN, alias and alias ARN, with its state", async () => {
    const { kms, operator, run } = makeConfigurationRegion();
    const arn = kms.install({ alias: "alias/app" });
    const id = arn.slice(arn.lastIndexOf("/") + 1);
    const describeKey = async (KeyId: string) =>
      (await run(() => operator.kms.send(new DescribeKeyCommand({ KeyId })))).KeyMetadata;

    for (const KeyId of [id, arn, "alias/app", arn.replace(`key/${id}`, "alias/app")]) {
      expect(await describeKey(KeyId)).toMatchObject({
        Arn: arn,
        KeyState: "Enabled",
        KeyManager: "CUSTOMER",
      });
    }
    kms.setState(id, "Disabled");
    expect(await describeKey(id)).toMatchObject({ KeyState: "Disabled", Enabled: false });
    kms.setState(id, "PendingDeletion");
    expect(await describeKey(id)).toMatchObject({ DeletionDate: new Date(START + 30 * DAY) });
    expect(await describeKey("alias/aws/ssm")).toMatchObject({ KeyManager: "AWS" });
    await expect(describeKey("alias/none")).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Alias arn:aws:kms:eu-west-1:123456789012:alias/none is not found.",
    });
  });

  it("is switched off and on by id or ARN, and not while its deletion is pending", async () => {
    const { kms, operator, run } = makeConfigurationRegion();
    const KeyId = kms.install({ alias: "alias/app" });
    const disable = (id: string) => run(() => operator.kms.send(new DisableKeyCommand({ KeyId: id })));

    await disable(KeyId);
    expect(kms.keys.usable(KeyId)).toBe(false);
    await run(() => operator.kms.send(new EnableKeyCommand({ KeyId })));
    expect(kms.keys.usable(KeyId)).toBe(true);
    await expect(disable("alias/app")).rejects.toMatchObject({ name: "InvalidArnException" });
    kms.setState(KeyId, "PendingDeletion");
    await expect(disable(KeyId)).rejects.toMatchObject({ name: "KMSInvalidStateException" });
  });

  it("asks for leave on the key itself, also by its alias and its tags", async () => {
    const { kms, roleWith, run } = makeConfigurationRegion();
    const arn = kms.install({ alias: "alias/app", tags: { team: "shop" } });
    const client = roleWith(
      "reader",
      allow("kms:DescribeKey", "arn:aws:kms:*:*:key/*", {
        StringEquals: { "aws:ResourceTag/team": "shop", "kms:RequestAlias": "alias/app" },
      }),
    ).kms;
    const describeKey = (KeyId: string) => run(() => client.send(new DescribeKeyCommand({ KeyId })));

    expect((await describeKey("alias/app")).KeyMetadata?.Arn).toBe(arn);
    await expect(describeKey(arn)).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

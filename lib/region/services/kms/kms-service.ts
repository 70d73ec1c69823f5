import * as sdk from "@aws-sdk/client-kms";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, ServiceModel } from "../../service-model.ts";
import { type Key, KeyRing, type KeyState, type NewKey } from "./key-ring.ts";

/** AWS KMS in the simulated region: keys with a state, and who may use them. Nothing is really encrypted. */
export interface Kms {
  readonly model: ServiceModel;
  /** What Secrets Manager and Parameter Store ask before they encrypt or decrypt. */
  readonly keys: KeyRing;
  /** Makes a customer key without a caller, and answers its ARN. */
  install(key?: NewKey): string;
  /** Moves a key, given by id, ARN or alias, to another state; a deletion is pending for 30 days. */
  setState(keyId: string, state: KeyState): void;
}

export function kmsService(context: RegionContext): Kms {
  const keys = new KeyRing(context);
  const client = new sdk.KMSClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const setState = (key: Key, state: KeyState) => {
    key.state = state;
    if (state === "PendingDeletion") key.deletionAt = context.kernel.now + DELETION_WINDOW;
    else delete key.deletionAt;
    context.kernel.log.write("kms", "key state changed", { key: key.id, state });
  };
  /** "Specify the key ID or key ARN" [SDK EnableKey, DisableKey]: which error an alias gets is unverified. */
  const turned = (keyId: string, state: KeyState) => {
    const key = required(context, keys, keyId);
    if (keyId.includes("alias/")) throw new AwsError("InvalidArnException", `Invalid keyId ${keyId}`);
    if (key.state === "PendingDeletion") {
      throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
    }
    setState(key, state);
    return {};
  };
  const model = new ServiceModel("kms", sdk, client)
    .on(sdk.DescribeKeyCommand, {
      accepts: ["KeyId"],
      authorize: ({ KeyId = "" }) => [onKey(context, "kms:DescribeKey", keys.find(KeyId), KeyId)],
      handle: ({ KeyId = "" }) => ({ KeyMetadata: describeKey(context, required(context, keys, KeyId)) }),
    })
    .on(sdk.DisableKeyCommand, {
      accepts: ["KeyId"],
      authorize: ({ KeyId = "" }) => [onKey(context, "kms:DisableKey", keys.find(KeyId), KeyId)],
      handle: ({ KeyId = "" }) => turned(KeyId, "Disabled"),
    })
    .on(sdk.EnableKeyCommand, {
      accepts: ["KeyId"],
      authorize: ({ KeyId = "" }) => [onKey(context, "kms:EnableKey", keys.find(KeyId), KeyId)],
      handle: ({ KeyId = "" }) => turned(KeyId, "Enabled"),
    });
  return {
    model,
    keys,
    install: (key = {}) => keys.create(key).arn,
    setState: (keyId, state) => setState(required(context, keys, keyId), state),
  };
}

/** 30 days, the default of ScheduleKeyDeletion. */
const DELETION_WINDOW = 30 * 86_400_000;

function describeKey(context: RegionContext, key: Key): sdk.KeyMetadata {
  return {
    AWSAccountId: context.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: "ENCRYPT_DECRYPT",
    KeyState: key.state,
    ...(key.deletionAt !== undefined && { DeletionDate: new Date(key.deletionAt) }),
    Origin: "AWS_KMS",
    KeyManager: key.manager,
    KeySpec: "SYMMETRIC_DEFAULT",
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    MultiRegion: false,
  };
}

function onKey(context: RegionContext, action: string, key: Key | undefined, keyId: string): Permission {
  if (!key) return { action, resource: claimedArn(context, keyId) };
  const tags = [...key.tags].map(([name, value]) => [`aws:ResourceTag/${name}`, value]);
  const alias = /alias\/.+$/.exec(keyId)?.[0];
  return {
    action,
    resource: key.arn,
    context: {
      ...Object.fromEntries(tags),
      "kms:CallerAccount": context.account,
      "kms:ResourceAliases": [...key.aliases],
      ...(alias !== undefined && { "kms:RequestAlias": alias }),
    },
  };
}

function required(context: RegionContext, keys: KeyRing, keyId: string): Key {
  const key = keys.find(keyId);
  if (key) return key;
  const arn = claimedArn(context, keyId);
  const message = arn.includes(":alias/") ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`;
  throw new AwsError("NotFoundException", message);
}

function claimedArn(context: RegionContext, keyId: string): string {
  if (keyId.startsWith("arn:")) return keyId;
  return arnOf(context, "kms", keyId.startsWith("alias/") ? keyId : `key/${keyId}`);
}

import type { Tag } from "@aws-sdk/client-secrets-manager";
import type { EncryptionKeys } from "../../encryption-keys.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import type { Permission } from "../../service-model.ts";
import type { Secret } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";

/**
 * Resources and condition keys of the Secrets Manager actions.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export class SecretPermissions {
  readonly #context: RegionContext;
  readonly #store: SecretStore;
  readonly #keys: EncryptionKeys;

  constructor(context: RegionContext, store: SecretStore, keys: EncryptionKeys) {
    this.#context = context;
    this.#store = store;
    this.#keys = keys;
  }

  /**
   * An action on one secret, on its whole ARN however the caller named it; `extra` adds what the request
   * fills in.
   */
  on(
    action: string,
    secretId: string | undefined,
    extra: Readonly<Record<string, string | undefined>> = {},
  ): Permission {
    const secret = this.#store.find(secretId ?? "");
    const resource = secret?.arn ?? this.#claimedArn(secretId ?? "");
    const tags = [...(secret?.tags ?? [])].flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`secretsmanager:ResourceTag/${key}`, value],
    ]);
    const filled = Object.entries(extra).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return {
      action: `secretsmanager:${action}`,
      resource,
      context: {
        "secretsmanager:SecretId": resource,
        ...(secret && { "secretsmanager:SecretPrimaryRegion": secret.primaryRegion }),
        ...Object.fromEntries([...tags, ...filled]),
      },
    };
  }

  create(
    name: string | undefined,
    tags: readonly Tag[] | undefined,
    keyId: string | undefined,
  ): Permission[] {
    const resource = this.#claimedArn(name ?? "");
    const requested = (tags ?? []).map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value]);
    const context = { ...Object.fromEntries(requested), "secretsmanager:Name": name ?? "" };
    const actions = requested.length > 0 ? ["CreateSecret", "TagResource"] : ["CreateSecret"];
    return [
      ...actions.map((action) => ({ action: `secretsmanager:${action}`, resource, context })),
      ...this.use(keyId, resource, ["GenerateDataKey", "Decrypt"]),
    ];
  }

  /**
   * Reading a version: through Secrets Manager, and through the key that this very version is encrypted with.
   */
  read(secretId: string | undefined, stage: string | undefined, versionId: string | undefined): Permission[] {
    const secret = this.#store.find(secretId ?? "");
    // Without a version the request is for AWSCURRENT; that the key is filled in then as well is unverified.
    const asked = stage ?? (versionId === undefined ? "AWSCURRENT" : undefined);
    const found = secret?.versions.get(versionId ?? secret.stages.get(asked ?? "") ?? "");
    return [
      this.on("GetSecretValue", secretId, {
        "secretsmanager:VersionStage": asked,
        "secretsmanager:VersionId": versionId,
      }),
      ...this.use(found?.keyArn, secret?.arn ?? "", ["Decrypt"]),
    ];
  }

  /** Writing a version: Secrets Manager asks for a data key, and decrypts to compare. */
  write(secretId: string | undefined): Permission[] {
    const secret = this.#store.find(secretId ?? "");
    return [
      this.on("PutSecretValue", secretId),
      ...this.use(secret?.keyId, secret?.arn ?? "", ["GenerateDataKey", "Decrypt"]),
    ];
  }

  /** The one who starts a rotation must be allowed to invoke the rotation function. [SDK RotateSecret] */
  rotate(secretId: string | undefined, lambdaArn: string | undefined): Permission[] {
    const secret: Secret | undefined = this.#store.find(secretId ?? "");
    const resource = lambdaArn ?? secret?.rotation?.lambdaArn;
    return [
      this.on("RotateSecret", secretId, { "secretsmanager:RotationLambdaARN": lambdaArn }),
      ...(resource === undefined ? [] : [{ action: "lambda:InvokeFunction", resource }]),
    ];
  }

  /**
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context
   */
  use(keyId: string | undefined, secretArn: string, actions: readonly string[]): Permission[] {
    if (keyId === undefined) return [];
    return this.#keys.permissions(keyId, actions, {
      service: "secretsmanager",
      encryptionContext: { SecretARN: secretArn },
    });
  }

  /** What IAM is asked about when there is no such secret. */
  #claimedArn(secretId: string): string {
    if (secretId.startsWith("arn:")) return secretId;
    return arnOf(this.#context, "secretsmanager", `secret:${secretId}`);
  }
}

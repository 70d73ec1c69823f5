import * as sdk from "@aws-sdk/client-secrets-manager";
import type { EncryptionKeys } from "../../encryption-keys.ts";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { type InstalledSecret, installSecret } from "./install-secret.ts";
import { type ReplicaLag, Replication } from "./replication.ts";
import { addRotationOperations } from "./rotation-operations.ts";
import { type CredentialChanged, type RotationBehaviour, Rotations } from "./rotations.ts";
import { type SecretValue, stagesOf } from "./secret.ts";
import { addSecretOperations } from "./secret-operations.ts";
import { SecretPermissions } from "./secret-permissions.ts";
import { SecretStore } from "./secret-store.ts";
import type { SecretsWorld } from "./secrets-world.ts";
import { addVersionOperations } from "./version-operations.ts";

/** AWS Secrets Manager in the simulated region. Values stay inside: no log line and no event carries one. */
export interface SecretsManager {
  readonly model: ServiceModel;
  /**
   * Creates a secret that exists since before the story; answers its ARN and the ids of its versions, oldest
   * first.
   */
  install(secret: InstalledSecret): { readonly arn: string; readonly versionIds: readonly string[] };
  /** The version that whoever reads the secret by name gets now; undefined when there is nothing to read. */
  current(secretId: string): SecretReading | undefined;
  /** What a reader gets who asks for a staging label or a version id, as a container's `valueFrom` may. */
  read(secretId: string, stageOrVersion: string): SecretReading | undefined;
  /** What the labelled value is worth in the scenario: the database password it equals. */
  labelOf(secretId: string, stage: string): string | undefined;
  /** Says what a version that was written through the API is worth, for `labelOf`. */
  means(secretId: string, stageOrVersion: string, meaning: string): void;
  /** The id of the version that readers of the replica in another region get. */
  replicaCurrent(secretId: string, region: string): string | undefined;
  /** How later rotations of the secret go. */
  rotationsOf(secretId: string, behaviour: Partial<RotationBehaviour>): void;
  /** How long later changes take to reach replicas. */
  replicasLag(lag: ReplicaLag): void;
}

/**
 * One version as its reader sees it, without leave being asked: the reader's own call was authorised, or is a
 * model's.
 */
export interface SecretReading {
  readonly versionId: string;
  readonly stages: readonly string[];
  readonly value: SecretValue;
  readonly meaning: string | undefined;
}

export function secretsManagerService(
  context: RegionContext,
  options: { readonly keys: EncryptionKeys; readonly credentialChanged?: CredentialChanged },
): SecretsManager {
  const client = new sdk.SecretsManagerClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const { keys, credentialChanged = () => undefined } = options;
  const store = new SecretStore(context);
  const replication = new Replication(context.kernel);
  const world: SecretsWorld = {
    context,
    store,
    keys,
    replication,
    permissions: new SecretPermissions(context, store, keys),
    rotations: new Rotations(context, { store, keys, replication, credentialChanged }),
  };
  const model = new ServiceModel("secretsmanager", sdk, client);
  addSecretOperations(model, world);
  addVersionOperations(model, world);
  addRotationOperations(model, world);

  const read = (secretId: string, stageOrVersion: string): SecretReading | undefined => {
    const secret = store.find(secretId);
    const version = secret?.versions.get(secret.stages.get(stageOrVersion) ?? stageOrVersion);
    if (!secret || secret.deletionAt !== undefined || version?.value === undefined) return undefined;
    if (version.keyArn !== undefined && !keys.usable(version.keyArn)) return undefined;
    const { id: versionId, value, meaning } = version;
    return { versionId, stages: stagesOf(secret, versionId), value, meaning };
  };
  return {
    model,
    install: (secret) => installSecret(world, secret),
    current: (secretId) => read(secretId, "AWSCURRENT"),
    read,
    labelOf: (secretId, stage) => read(secretId, stage)?.meaning,
    means: (secretId, stageOrVersion, meaning) => {
      const secret = store.known(secretId);
      const version = secret.versions.get(secret.stages.get(stageOrVersion) ?? stageOrVersion);
      if (!version) throw new Error(`The secret ${secretId} has no version ${stageOrVersion}`);
      version.meaning = meaning;
    },
    replicaCurrent: (secretId, region) =>
      store.find(secretId)?.replicas.find((replica) => replica.region === region)?.current,
    rotationsOf: (secretId, behaviour) => world.rotations.behave(store.known(secretId), behaviour),
    replicasLag: (lag) => {
      replication.lag = lag;
    },
  };
}

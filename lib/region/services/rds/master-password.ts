import type { ModifyDBInstanceMessage } from "@aws-sdk/client-rds";
import type { ClusterRecord } from "./cluster-record.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { passwordLabel } from "./password-label.ts";
import { badCombination, notModelled } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";

/** A new master password on its way into the data. */
export interface MasterChange {
  apply(): void;
}

export type MasterRequest = Pick<
  ModifyDBInstanceMessage,
  "ManageMasterUserPassword" | "MasterUserPassword" | "MasterUserSecretKmsKeyId"
>;

/**
 * Passwords are data: they take effect in the database, and a restore brings back those of its moment. A managed
 * password is a *new* secret with a new ARN (docs/facts/database.md §2). The plain text is never kept.
 */
export function masterChange(
  world: RdsWorld,
  record: InstanceRecord | ClusterRecord,
  {
    ManageMasterUserPassword: manage,
    MasterUserPassword: plain,
    MasterUserSecretKmsKeyId: key,
  }: MasterRequest,
): MasterChange | undefined {
  if (manage && plain !== undefined) {
    throw badCombination("You can't specify MasterUserPassword when ManageMasterUserPassword is on.");
  }
  const name = record.id;
  const source = { kind: "cluster" in record ? "db-instance" : "db-cluster", name } as const;
  const set = (label: string) => {
    record.content.append({ kind: "password", at: world.now, label });
    world.events.record(source, "Reset master credentials", "configuration change", "RDS-EVENT-0016");
  };
  if (plain !== undefined) {
    const label = (world.options.labelOfPassword ?? passwordLabel)(plain);
    return { apply: () => set(label) };
  }
  if (manage === undefined || manage === (record.masterSecret !== undefined)) return undefined;
  if (!manage) throw notModelled("turning ManageMasterUserPassword off");
  const create = world.options.createMasterSecret;
  if (!create) throw notModelled("ManageMasterUserPassword without a Secrets Manager");
  const owner = { resourceId: record.resourceId, username: record.settings.MasterUsername, kmsKeyId: key };
  const secret = create(owner);
  record.masterSecret = { SecretArn: secret.arn, SecretStatus: "creating", KmsKeyId: key };
  return {
    apply: () => {
      record.masterSecret = { SecretArn: secret.arn, SecretStatus: "active", KmsKeyId: key };
      set(secret.passwordLabel);
    },
  };
}

import type { InstanceSight } from "../sight.ts";
import type { Check } from "./check.ts";
import { COPYING } from "./checks-shared.ts";

/** What is checked of single instances; docs/facts/database.md §1. */
export const INSTANCE_CHECKS: readonly Check<InstanceSight>[] = [
  {
    name: "member of a cluster",
    weight: "refuse",
    finds: ({ serving: { instance, identifier } }) =>
      instance.DBClusterIdentifier
        ? `${identifier} is a member of the cluster ${instance.DBClusterIdentifier}; name the cluster in the environment.`
        : undefined,
  },
  {
    name: "engine",
    weight: "refuse",
    finds: ({ serving: { engine } }) => {
      if (engine.startsWith("custom-"))
        return `RDS Custom (${engine}) is not supported: its restores need a profile of their own.`;
      return /^(postgres|mysql|mariadb|db2-|oracle-|sqlserver-)/.test(engine)
        ? undefined
        : `RDS has no point-in-time restore of a single instance for the engine ${engine}.`;
    },
  },
  {
    name: "is a replica",
    weight: "refuse",
    finds: ({ serving: { instance } }) => {
      const source =
        instance.ReadReplicaSourceDBInstanceIdentifier ?? instance.ReadReplicaSourceDBClusterIdentifier;
      return source ? `it is a read replica of ${source}; roll that back instead.` : undefined;
    },
  },
  {
    name: "read replicas",
    weight: "warn",
    finds: ({ serving: { instance } }) => {
      const replicas = [
        ...(instance.ReadReplicaDBInstanceIdentifiers ?? []),
        ...(instance.ReadReplicaDBClusterIdentifiers ?? []),
      ];
      if (replicas.length === 0) return undefined;
      return `Its read replicas ${replicas.join(", ")} stay with the old database and go on showing its data; make new ones afterwards.`;
    },
  },
  {
    name: "cross-region backups",
    weight: "warn",
    ways: COPYING,
    finds: ({ serving: { instance } }) =>
      (instance.DBInstanceAutomatedBackupsReplications ?? []).length === 0
        ? undefined
        : "Its backups are replicated to another region, a copy's are not; start that again afterwards.",
  },
  {
    name: "AWS Backup",
    weight: "warn",
    ways: COPYING,
    finds: ({ serving: { instance } }) =>
      instance.AwsBackupRecoveryPointArn
        ? "AWS Backup manages its backups; assign the new one to the backup plan afterwards."
        : undefined,
  },
  {
    name: "parameter group",
    weight: "refuse",
    ways: COPYING,
    finds: ({ surroundings: { missingParameterGroup: name } }) =>
      name ? `its parameter group ${name} is gone; make it again, or give the instance another.` : undefined,
  },
  {
    name: "parameters that wait for a reboot",
    weight: "warn",
    ways: COPYING,
    finds: ({ serving: { instance } }) => {
      const waiting = (instance.DBParameterGroups ?? []).find(
        ({ ParameterApplyStatus: status }) => status === "pending-reboot",
      );
      return (
        waiting &&
        `Values of its parameter group ${waiting.DBParameterGroupName} wait for a reboot: a copy starts with them, the database never ran with them.`
      );
    },
  },
  {
    name: "option group",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { instance } }) => {
      const broken = (instance.OptionGroupMemberships ?? []).find(
        ({ Status = "in-sync" }) => Status === "removed" || Status === "failed",
      );
      return (
        broken && `its option group ${broken.OptionGroupName} is ${broken.Status}; give it one that works.`
      );
    },
  },
  {
    name: "roles to pass",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { instance }, configuration: { passRoles } }) => {
      const needed = [
        ...(instance.MonitoringInterval ? [instance.MonitoringRoleArn] : []),
        ...(instance.AssociatedRoles ?? []).map(({ RoleArn }) => RoleArn),
      ].flatMap((role) => role ?? []);
      const missing = needed.filter((role) => !passRoles.includes(role));
      if (missing.length === 0) return undefined;
      return `the copy needs ${missing.join(", ")}, which the environment's passRoles do not allow to pass; add them and deploy.`;
    },
  },
  {
    name: "transparent data encryption",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { instance } }) =>
      instance.TdeCredentialArn
        ? "its TDE key store needs a password that nobody here has; restore it by hand."
        : undefined,
  },
  {
    name: "additional volumes",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { instance } }) =>
      (instance.AdditionalStorageVolumes ?? []).length === 0
        ? undefined
        : "it has additional storage volumes; what a restore makes of them is not verified, so restore it by hand.",
  },
  {
    name: "tables that may be empty",
    weight: "warn",
    ways: COPYING,
    finds: ({ serving: { engine } }) => {
      if (engine === "postgres") return "UNLOGGED tables, if there are any, come back empty.";
      return engine === "mysql" || engine === "mariadb"
        ? "Tables that are not InnoDB, if there are any, may not survive a restore."
        : undefined;
    },
  },
];

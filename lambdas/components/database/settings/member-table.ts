import type { CreateDBInstanceMessage, DBInstance, ModifyDBInstanceMessage } from "@aws-sdk/client-rds";
import { performanceInsights } from "./instance-operation-table.ts";
import { INSTANCE_SETTINGS } from "./instance-table.ts";
import { isOn, type Setting, shown, when } from "./setting.ts";
import { shownTags } from "./tags.ts";

export type MemberSetting = Setting<DBInstance, CreateDBInstanceMessage, ModifyDBInstanceMessage>;

/**
 * The settings that a member of a cluster has of its own; a member of a copy is created, not restored, so all of them can
 * be said at once (docs/facts/database.md §3). The rest is the cluster's.
 */
export const MEMBER_SETTINGS: readonly MemberSetting[] = [
  {
    name: "instance class",
    of: ({ DBInstanceClass }) => shown(DBInstanceClass),
    rightWhen: "prepared",
  },
  {
    name: "parameter group",
    of: ({ DBParameterGroups }) => shown(DBParameterGroups?.[0]?.DBParameterGroupName),
    restore: ({ DBParameterGroups }) => ({
      DBParameterGroupName: DBParameterGroups?.[0]?.DBParameterGroupName,
    }),
    rightWhen: "prepared",
  },
  {
    name: "promotion tier",
    of: ({ PromotionTier = 1 }) => shown(PromotionTier),
    restore: ({ PromotionTier = 1 }) => ({ PromotionTier }),
    rightWhen: "prepared",
  },
  {
    name: "public access",
    of: ({ PubliclyAccessible }) => isOn(PubliclyAccessible),
    restore: ({ PubliclyAccessible = false }) => ({ PubliclyAccessible }),
    rightWhen: "prepared",
  },
  {
    name: "automatic minor upgrades",
    of: ({ AutoMinorVersionUpgrade }) => isOn(AutoMinorVersionUpgrade),
    restore: ({ AutoMinorVersionUpgrade }) => ({ AutoMinorVersionUpgrade }),
    rightWhen: "prepared",
  },
  {
    name: "maintenance window",
    of: ({ PreferredMaintenanceWindow }) => shown(PreferredMaintenanceWindow),
    restore: ({ PreferredMaintenanceWindow }) =>
      when(PreferredMaintenanceWindow, { PreferredMaintenanceWindow }),
    rightWhen: "prepared",
  },
  {
    name: "certificate authority",
    of: ({ CACertificateIdentifier }) => shown(CACertificateIdentifier),
    restore: ({ CACertificateIdentifier }) => when(CACertificateIdentifier, { CACertificateIdentifier }),
    rightWhen: "prepared",
  },
  {
    ...asIn("enhanced monitoring"),
    restore: ({ MonitoringInterval = 0, MonitoringRoleArn }) =>
      MonitoringInterval > 0 ? { MonitoringInterval, MonitoringRoleArn } : {},
    rightWhen: "prepared",
  },
  {
    ...asIn("performance insights"),
    restore: (source) => (source.PerformanceInsightsEnabled ? performanceInsights(source) : {}),
    rightWhen: "prepared",
  },
  {
    name: "tags",
    of: ({ TagList }) => shownTags(TagList),
    rightWhen: "prepared",
  },
];

/** A member reads it as every instance does. */
function asIn(name: string): Pick<MemberSetting, "name" | "of"> {
  const same = INSTANCE_SETTINGS.find((setting) => setting.name === name);
  if (!same) throw new Error(`No instance setting is called ${name}`);
  return { name, of: same.of };
}

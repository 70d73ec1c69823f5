import type { DBInstance } from "@aws-sdk/client-rds";
import { OPERATION_SETTINGS } from "./instance-operation-table.ts";
import type { InstanceSetting } from "./instance-setting.ts";
import { STORAGE_SETTINGS } from "./instance-storage-table.ts";
import { isOn, listed, shown, when } from "./setting.ts";
import { shownTags } from "./tags.ts";

/** What is put on with the cut-over, and may differ before. */
const LATE_SETTINGS: readonly InstanceSetting[] = [
  {
    name: "security groups",
    of: (instance) => listed(securityGroupsOf(instance)),
    restore: (source) => ({ VpcSecurityGroupIds: securityGroupsOf(source) }),
    modify: (source) => ({ VpcSecurityGroupIds: securityGroupsOf(source) }),
    rightWhen: "live",
  },
  {
    name: "deletion protection",
    of: ({ DeletionProtection }) => isOn(DeletionProtection),
    // Off while the copy may still have to be discarded.
    restore: () => ({ DeletionProtection: false }),
    modify: ({ DeletionProtection = false }) => ({ DeletionProtection }),
    rightWhen: "live",
  },
  {
    name: "Multi-AZ",
    // Restored in one zone, which is quicker, and the default.
    of: ({ MultiAZ }) => isOn(MultiAZ),
    modify: ({ MultiAZ = false }) => ({ MultiAZ }),
    rightWhen: "live",
  },
  {
    name: "availability zone",
    of: ({ MultiAZ, AvailabilityZone }) => (MultiAZ ? "several" : shown(AvailabilityZone)),
    restore: ({ MultiAZ, AvailabilityZone }) => (MultiAZ ? {} : when(AvailabilityZone, { AvailabilityZone })),
    rightWhen: "live",
  },
];

/** Where an instance stands, who may come in, what it runs with. */
const PLACE_SETTINGS: readonly InstanceSetting[] = [
  {
    name: "instance class",
    of: ({ DBInstanceClass }) => shown(DBInstanceClass),
    restore: ({ DBInstanceClass }) => ({ DBInstanceClass }),
    modify: ({ DBInstanceClass }) => ({ DBInstanceClass }),
    rightWhen: "prepared",
  },
  {
    name: "subnet group",
    of: ({ DBSubnetGroup }) => shown(DBSubnetGroup?.DBSubnetGroupName),
    restore: ({ DBSubnetGroup }) => ({ DBSubnetGroupName: DBSubnetGroup?.DBSubnetGroupName }),
    rightWhen: "prepared",
  },
  {
    name: "parameter group",
    of: (instance) => shown(parameterGroupOf(instance)),
    restore: (source) => ({ DBParameterGroupName: parameterGroupOf(source) }),
    modify: (source) => ({ DBParameterGroupName: parameterGroupOf(source) }),
    rightWhen: "prepared",
  },
  {
    name: "option group",
    of: (instance) => shown(optionGroupOf(instance)),
    restore: (source) => ({ OptionGroupName: optionGroupOf(source) }),
    modify: (source) => ({ OptionGroupName: optionGroupOf(source) }),
    rightWhen: "prepared",
  },
  {
    name: "port",
    of: ({ Endpoint }) => shown(Endpoint?.Port),
    restore: ({ Endpoint }) => when(Endpoint?.Port, { Port: Endpoint?.Port }),
    modify: ({ Endpoint }) => when(Endpoint?.Port, { DBPortNumber: Endpoint?.Port }),
    rightWhen: "prepared",
  },
  {
    name: "public access",
    of: ({ PubliclyAccessible }) => isOn(PubliclyAccessible),
    restore: ({ PubliclyAccessible = false }) => ({ PubliclyAccessible }),
    modify: ({ PubliclyAccessible = false }) => ({ PubliclyAccessible }),
    rightWhen: "prepared",
  },
  {
    name: "network type",
    of: ({ NetworkType = "IPV4" }) => NetworkType,
    restore: ({ NetworkType }) => when(NetworkType, { NetworkType }),
    modify: ({ NetworkType = "IPV4" }) => ({ NetworkType }),
    rightWhen: "prepared",
  },
  {
    name: "license model",
    of: ({ LicenseModel }) => shown(LicenseModel),
    modify: ({ LicenseModel }) => when(LicenseModel, { LicenseModel }),
    rightWhen: "prepared",
  },
  {
    name: "certificate authority",
    of: ({ CACertificateIdentifier }) => shown(CACertificateIdentifier),
    restore: ({ CACertificateIdentifier }) => when(CACertificateIdentifier, { CACertificateIdentifier }),
    modify: ({ CACertificateIdentifier }) => when(CACertificateIdentifier, { CACertificateIdentifier }),
    rightWhen: "prepared",
  },
  {
    name: "IAM authentication",
    of: ({ IAMDatabaseAuthenticationEnabled }) => isOn(IAMDatabaseAuthenticationEnabled),
    // Off is the default, and engines without it are not told.
    restore: ({ IAMDatabaseAuthenticationEnabled: on }) =>
      on ? { EnableIAMDatabaseAuthentication: true } : {},
    modify: ({ IAMDatabaseAuthenticationEnabled: on = false }) => ({ EnableIAMDatabaseAuthentication: on }),
    rightWhen: "prepared",
  },
  {
    name: "processor features",
    of: ({ ProcessorFeatures = [] }) =>
      listed(ProcessorFeatures.map(({ Name, Value }) => `${Name}=${Value}`)),
    restore: ({ ProcessorFeatures = [] }) => (ProcessorFeatures.length > 0 ? { ProcessorFeatures } : {}),
    modify: ({ ProcessorFeatures = [] }) =>
      ProcessorFeatures.length > 0 ? { ProcessorFeatures } : { UseDefaultProcessorFeatures: true },
    rightWhen: "prepared",
  },
  {
    name: "directory",
    of: ({ DomainMemberships = [] }) =>
      listed(DomainMemberships.map(({ Domain, FQDN }) => shown(Domain ?? FQDN))),
    restore: directoryOf,
    modify: directoryOf,
    rightWhen: "prepared",
  },
  {
    name: "customer-owned IP",
    of: ({ CustomerOwnedIpEnabled }) => isOn(CustomerOwnedIpEnabled),
    restore: ({ CustomerOwnedIpEnabled }) => (CustomerOwnedIpEnabled ? { EnableCustomerOwnedIp: true } : {}),
    modify: ({ CustomerOwnedIpEnabled = false }) => ({ EnableCustomerOwnedIp: CustomerOwnedIpEnabled }),
    rightWhen: "prepared",
  },
  {
    name: "roles",
    // AddRoleToDBInstance, one call a role: `missingRoles`.
    of: ({ AssociatedRoles = [] }) => listed(AssociatedRoles.map(roleText)),
    rightWhen: "prepared",
  },
  {
    name: "tags",
    // Restored together with Stepback's own: `restoreInputOf`.
    of: ({ TagList }) => shownTags(TagList),
    rightWhen: "prepared",
  },
];

/**
 * Every setting of an instance that a restore loses, or could lose, and how the copy gets it: docs/facts/database.md §2,
 * row by row. What is not here is the data's (passwords, DBName) or nobody's to carry (`not-carried.ts`).
 */
export const INSTANCE_SETTINGS: readonly InstanceSetting[] = [
  ...PLACE_SETTINGS,
  ...STORAGE_SETTINGS,
  ...OPERATION_SETTINGS,
  ...LATE_SETTINGS,
];

function securityGroupsOf({ VpcSecurityGroups = [] }: Pick<DBInstance, "VpcSecurityGroups">): string[] {
  return VpcSecurityGroups.flatMap(({ VpcSecurityGroupId: id }) => id ?? []);
}

export const roleText = ({
  RoleArn,
  FeatureName,
}: {
  RoleArn?: string | undefined;
  FeatureName?: string | undefined;
}) => `${RoleArn} for ${FeatureName || "everything"}`;

function parameterGroupOf({ DBParameterGroups = [] }: DBInstance): string | undefined {
  return DBParameterGroups[0]?.DBParameterGroupName;
}

function optionGroupOf({ OptionGroupMemberships = [] }: DBInstance): string | undefined {
  return OptionGroupMemberships[0]?.OptionGroupName;
}

/** An AWS Managed directory goes by its id and role, somebody's own by its name and the secret that joins it. */
function directoryOf({ DomainMemberships = [] }: DBInstance) {
  const [membership] = DomainMemberships;
  if (!membership) return {};
  const { Domain, IAMRoleName, FQDN, OU, AuthSecretArn, DnsIps } = membership;
  if (Domain?.startsWith("d-")) return { Domain, DomainIAMRoleName: IAMRoleName };
  return { DomainFqdn: FQDN, DomainOu: OU, DomainAuthSecretArn: AuthSecretArn, DomainDnsIps: DnsIps };
}

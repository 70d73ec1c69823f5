import { peoplesTags } from "../settings/tags.ts";
import type { ClusterSight } from "../sight.ts";
import { isTerminal, SERVING_STATUSES } from "../states.ts";
import type { Check } from "./check.ts";
import { COPYING } from "./checks-shared.ts";

/** What is checked of Aurora clusters; docs/facts/database.md §3. */
export const CLUSTER_CHECKS: readonly Check<ClusterSight>[] = [
  {
    name: "engine",
    weight: "refuse",
    finds: ({ serving: { engine, cluster } }) => {
      if (!engine.startsWith("aurora")) return `only Aurora clusters are supported, and this is ${engine}.`;
      if (cluster.EngineMode === "serverless") return "Aurora Serverless v1 is not supported.";
      return cluster.ClusterScalabilityType === "limitless" || cluster.LimitlessDatabase
        ? "Aurora Limitless is not supported."
        : undefined;
    },
  },
  {
    name: "global database",
    weight: "refuse",
    finds: ({ serving: { cluster } }) =>
      cluster.GlobalClusterIdentifier
        ? `it belongs to the global database ${cluster.GlobalClusterIdentifier}: its other regions would not follow; remove it from there first.`
        : undefined,
  },
  {
    name: "is a replica",
    weight: "refuse",
    finds: ({ serving: { cluster } }) =>
      cluster.ReplicationSourceIdentifier
        ? `it replicates from ${cluster.ReplicationSourceIdentifier}; roll that back instead.`
        : undefined,
  },
  {
    name: "read replicas",
    weight: "warn",
    finds: ({ serving: { cluster } }) =>
      (cluster.ReadReplicaIdentifiers ?? []).length === 0
        ? undefined
        : `Its replicas ${cluster.ReadReplicaIdentifiers?.join(", ")} stay with the old cluster; make new ones afterwards.`,
  },
  {
    name: "members",
    weight: "refuse",
    finds: ({ serving: { members, identifier } }) => {
      const [writer] = members;
      if (!writer) return `${identifier} has no members: nothing serves; create its writer first.`;
      const { DBInstanceIdentifier: name, DBInstanceStatus: status = "" } = writer;
      return SERVING_STATUSES.includes(status)
        ? undefined
        : `its writer ${name} is ${status}; bring it to available first.`;
    },
  },
  {
    name: "readers",
    weight: "warn",
    finds: ({ serving: { members } }) => {
      const bad = members
        .slice(1)
        .filter(({ DBInstanceStatus = "" }) => !SERVING_STATUSES.includes(DBInstanceStatus))
        .map(
          ({ DBInstanceIdentifier: name, DBInstanceStatus: status }) =>
            `${name} is ${status}${isTerminal(status) ? " (a copy gets none like it)" : ""}`,
        );
      return bad.length > 0 ? `Of its readers ${bad.join(", ")}.` : undefined;
    },
  },
  {
    name: "tags of members",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { members } }) => {
      // Stepback's own are not carried over.
      const full = members.find(({ TagList }) => peoplesTags(TagList).length > MOST_MEMBER_TAGS);
      return (
        full &&
        `its member ${full.DBInstanceIdentifier} has more than ${MOST_MEMBER_TAGS} tags, and a copy takes five more; remove some.`
      );
    },
  },
  {
    name: "express configuration",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { cluster } }) =>
      cluster.VPCNetworkingEnabled === false || cluster.InternetAccessGatewayEnabled
        ? "it has no network interface in the VPC or an internet access gateway, which is not supported; restore it by hand."
        : undefined,
  },
  {
    name: "roles to pass",
    weight: "refuse",
    ways: COPYING,
    finds: ({ serving: { cluster, members }, configuration: { passRoles } }) => {
      const needed = [
        // A membership tells the role's name only.
        ...(cluster.DomainMemberships ?? []).flatMap(({ IAMRoleName: name }) =>
          name === undefined || passRoles.some((role) => role.endsWith(`/${name}`))
            ? []
            : [`the role ${name}`],
        ),
        ...members.flatMap(({ MonitoringInterval, MonitoringRoleArn }) =>
          MonitoringInterval && MonitoringRoleArn ? [MonitoringRoleArn] : [],
        ),
        ...(cluster.AssociatedRoles ?? []).flatMap(({ RoleArn }) => RoleArn ?? []),
      ];
      const missing = [...new Set(needed)].filter((role) => !passRoles.includes(role));
      if (missing.length === 0) return undefined;
      return `the copy needs ${missing.join(", ")}, which the environment's passRoles do not allow to pass; add them and deploy.`;
    },
  },
  {
    name: "reader endpoint",
    weight: "warn",
    ways: ["point-in-time", "snapshot", "return"],
    finds: ({ serving: { members }, configuration: { cutOver } }) => {
      if (members.length < 2) return undefined;
      const stays = "Whoever connects to its reader endpoint stays on the old cluster";
      if (cutOver.strategy === "endpoint-parameter" && cutOver.readerParameter === undefined) {
        return `${stays}: name the parameter that holds it as readerParameter.`;
      }
      return cutOver.strategy === "endpoint-secret" && cutOver.readerSecret === undefined
        ? `${stays}: name the secret that holds it as readerSecret.`
        : undefined;
    },
  },
  {
    name: "TLS after a rename",
    weight: "warn",
    ways: ["point-in-time", "snapshot", "return"],
    finds: ({ configuration: { cutOver } }) =>
      cutOver.strategy === "rename"
        ? "Clients that verify the host name need the cluster stopped and started after the rename: only then do its certificates carry the new name."
        : undefined,
  },
];

/** RDS takes 50 tags a resource (its quota; unverified here), and Stepback needs five on a member. */
const MOST_MEMBER_TAGS = 45;

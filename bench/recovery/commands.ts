import type { DBInstance, DBInstanceMessage } from "@aws-sdk/client-rds";
import {
  modifyAfterRestore,
  modifyBeforeCutOver,
  restoreInputOf,
} from "../../lambdas/components/database/settings/instance-settings.ts";
import {
  BOARDROOM,
  COMPONENTS,
  type Component,
  serviceName,
} from "../../lib/region/application/boardroom-names.ts";
import { COMPLETE, ruleArn } from "../../lib/region/application/complete-names.ts";
import { AwsError } from "../../lib/region/service-model.ts";
import type { CommandLine } from "./command-line.ts";
import type { Night } from "./in-night.ts";

/** What the runbooks do, a function each, with the commands of AWS (docs/serial-order.md). */
export interface Commands {
  readonly showPage: () => Promise<void>;
  readonly hidePage: () => Promise<void>;
  /** A dump of the database: here a snapshot. */
  readonly dump: (name: string) => Promise<void>;
  readonly updateServices: (changes: ServiceChanges) => Promise<void>;
  /** Both to the task definition before, with one wait: `--all`. */
  readonly undoServices: (besides?: ServiceChanges) => Promise<void>;
  readonly undoFrontend: () => Promise<void>;
  readonly restoreDatabase: (name: string) => Promise<void>;
  readonly flushCache: () => void;
}

type ServiceChanges = Partial<Record<Component, object>>;

export function commandsOf(cli: CommandLine, night: Night): Commands {
  const { stage } = night;
  const updateServices = async (changes: ServiceChanges) => {
    for (const [component, members] of Object.entries(changes)) {
      // The keys are components: nothing else is in the type.
      const service = serviceName(component as Component);
      await cli.call("ecs:UpdateService", { cluster: BOARDROOM.cluster, service, ...members });
    }
    const services = Object.keys(changes).map((component) => serviceName(component as Component));
    await cli.wait("services-stable", { cluster: BOARDROOM.cluster, services });
  };
  const page = (field: string, value: string) =>
    cli.call("elasticloadbalancing:ModifyRule", {
      RuleArn: ruleArn(stage.region.context, "maintenance"),
      Conditions: [{ Field: field, Values: [value] }],
    });
  return {
    showPage: async () => void (await page("path-pattern", "*")),
    hidePage: async () => void (await page("host-header", "inactive.invalid")),
    dump: async (name) => {
      const DBSnapshotIdentifier = name;
      await cli.call("rds:CreateDBSnapshot", {
        DBInstanceIdentifier: COMPLETE.database,
        DBSnapshotIdentifier,
      });
      await cli.wait("db-snapshot-completed", { DBSnapshotIdentifier });
    },
    updateServices,
    undoServices: async (besides = {}) => {
      const changes: ServiceChanges = {};
      for (const component of COMPONENTS) {
        changes[component] = { ...besides[component], taskDefinition: await previousOf(cli, component) };
      }
      await updateServices(changes);
    },
    undoFrontend: () => undoFrontend(cli, night),
    restoreDatabase: (name) => restoreDatabase(cli, night, name),
    flushCache: () => stage.region.caches.caches.flush(COMPLETE.cache),
  };
}

/** `kubectl rollout undo`: the revision before the newest. */
async function previousOf(cli: CommandLine, component: Component): Promise<string | undefined> {
  const listed = await cli.call("ecs:ListTaskDefinitions", {
    familyPrefix: serviceName(component),
    sort: "DESC",
  });
  return (listed["taskDefinitionArns"] as string[])[1];
}

/** The pointer, as Stepback moves it: a runbook's `aws s3 sync` and its invalidation would take longer. */
async function undoFrontend(cli: CommandLine, { stage }: Night): Promise<void> {
  const KvsARN = stage.ids?.keyValueStoreArn;
  const { ETag } = await cli.call("cloudfront-keyvaluestore:DescribeKeyValueStore", { KvsARN });
  await cli.call("cloudfront-keyvaluestore:PutKey", {
    ...{ KvsARN, IfMatch: ETag },
    ...{ Key: "release", Value: BOARDROOM.goodRelease },
  });
}

/**
 * The restore, what it loses, and the users, as Stepback's own table and strategy have it. Nobody has to find out what
 * was lost: one more than a runbook's reader would know.
 */
async function restoreDatabase(cli: CommandLine, { goodAt }: Night, name: string): Promise<void> {
  const source = await instance(cli, COMPLETE.database);
  const options = { target: name, restoreTo: goodAt, tags: [], tagsOfSource: source.TagList ?? [] };
  await cli.call("rds:RestoreDBInstanceToPointInTime", restoreInputOf(source, options));
  await cli.wait("db-instance-available", { DBInstanceIdentifier: name });
  await giveWhatWasLost(cli, source, name);
  const { Endpoint } = await instance(cli, name);
  const host = { Name: COMPLETE.hostParameter, Value: Endpoint?.Address, Overwrite: true };
  await cli.call("ssm:PutParameter", host);
}

/** Refused while RDS works on the instance, which the waiter has not seen: waited for, and typed again. */
async function giveWhatWasLost(cli: CommandLine, source: DBInstance, name: string): Promise<void> {
  for (;;) {
    const copy = await instance(cli, name);
    const members = { ...modifyAfterRestore(source, copy), ...modifyBeforeCutOver(source, copy) };
    try {
      await cli.call("rds:ModifyDBInstance", members);
      await cli.wait("db-instance-available", { DBInstanceIdentifier: name });
      return;
    } catch (error) {
      if (!(error instanceof AwsError && error.code.startsWith("InvalidDBInstanceState"))) throw error;
      await cli.wait("db-instance-available", { DBInstanceIdentifier: name });
    }
  }
}

async function instance(cli: CommandLine, name: string): Promise<DBInstance> {
  const answer: DBInstanceMessage = await cli.call("rds:DescribeDBInstances", { DBInstanceIdentifier: name });
  const [found] = answer.DBInstances ?? [];
  if (!found) throw new Error(`There is no database ${name}`);
  return found;
}

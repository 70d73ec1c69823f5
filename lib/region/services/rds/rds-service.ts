import * as sdk from "@aws-sdk/client-rds";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import type { Rds } from "./databases.ts";
import { installedDatabases } from "./installed-databases.ts";
import { accountOperations } from "./operations-account.ts";
import { backupOperations } from "./operations-backups.ts";
import { clusterSnapshotOperations } from "./operations-cluster-snapshots.ts";
import { clusterOperations } from "./operations-clusters.ts";
import { instanceOperations } from "./operations-instances.ts";
import { proxyOperations } from "./operations-proxies.ts";
import { restoreOperations } from "./operations-restore.ts";
import { snapshotOperations } from "./operations-snapshots.ts";
import { tagOperations } from "./operations-tags.ts";
import { RdsPermissions } from "./permissions.ts";
import type { RdsOptions } from "./rds-options.ts";
import { RdsWorld } from "./rds-world.ts";

/** Amazon RDS: instances, Aurora clusters, snapshots, automated backups and proxies, in virtual time. */
export function rdsService(context: RegionContext, options: RdsOptions = {}): Rds {
  const world = new RdsWorld(context, options);
  const permissions = new RdsPermissions(world);
  const client = new sdk.RDSClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("rds", sdk, client);
  instanceOperations(model, world, permissions);
  restoreOperations(model, world, permissions);
  snapshotOperations(model, world, permissions);
  backupOperations(model, world, permissions);
  clusterOperations(model, world, permissions);
  clusterSnapshotOperations(model, world, permissions);
  proxyOperations(model, world, permissions);
  tagOperations(model, world, permissions);
  accountOperations(model, world, permissions);
  return { model, databases: installedDatabases(world) };
}

import { DescribeKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import {
  type AccountQuota,
  DescribeAccountAttributesCommand,
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBParameterGroupsCommand,
  DescribePendingMaintenanceActionsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { asked, isNamed } from "../../aws-call.ts";
import type { Sight } from "../sight.ts";

/** What stands around a database and can keep a rollback from working. */
export interface Surroundings {
  readonly quotas: readonly AccountQuota[];
  /** Names of blue/green deployments that it is a part of. */
  readonly blueGreen: readonly string[];
  readonly maintenance: readonly string[];
  /** `Enabled` or what else KMS says; undefined without a key, or with one that the environment does not name. */
  readonly keyState: string | undefined;
  /** A custom parameter group that is gone. */
  readonly missingParameterGroup: string | undefined;
}

/** @param kmsKeys the keys that the environment names: no other can be looked at */
export async function surroundingsOf(
  { rds, kms }: { readonly rds: RDSClient; readonly kms: KMSClient },
  sight: Sight,
  kmsKeys: readonly string[],
): Promise<Surroundings> {
  const [quotas, blueGreen, maintenance, keyState, missingParameterGroup] = await Promise.all([
    quotasOf(rds),
    blueGreenOf(rds, sight.arn),
    maintenanceOf(rds, sight.arn),
    sight.kmsKey !== undefined && kmsKeys.includes(sight.kmsKey) ? stateOf(kms, sight.kmsKey) : undefined,
    missingGroup(rds, sight),
  ]);
  return { quotas, blueGreen, maintenance, keyState, missingParameterGroup };
}

async function quotasOf(rds: RDSClient): Promise<readonly AccountQuota[]> {
  const answer = await asked("Reading the RDS quotas", rds.send(new DescribeAccountAttributesCommand()));
  return answer.AccountQuotas ?? [];
}

/** Those that are over are still listed until somebody deletes them, and no longer hold the database. */
const BLUE_GREEN_ENDED: readonly string[] = ["SWITCHOVER_COMPLETED", "DELETING"];

async function blueGreenOf(rds: RDSClient, arn: string): Promise<readonly string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const page = await asked(
      "Reading the blue/green deployments",
      rds.send(new DescribeBlueGreenDeploymentsCommand(marker ? { Marker: marker } : {})),
    );
    for (const { Source, Target, Status = "", BlueGreenDeploymentName: name } of page.BlueGreenDeployments ??
      []) {
      if ((Source === arn || Target === arn) && !BLUE_GREEN_ENDED.includes(Status)) names.push(name ?? "");
    }
    marker = page.Marker;
  } while (marker);
  return names;
}

async function maintenanceOf(rds: RDSClient, arn: string): Promise<readonly string[]> {
  const answer = await asked(
    "Reading the pending maintenance",
    rds.send(new DescribePendingMaintenanceActionsCommand({ ResourceIdentifier: arn })),
  );
  return (answer.PendingMaintenanceActions ?? []).flatMap(
    ({ PendingMaintenanceActionDetails: details = [] }) => details.flatMap(({ Action }) => Action ?? []),
  );
}

async function stateOf(kms: KMSClient, key: string): Promise<string> {
  try {
    const answer = await asked(
      `Reading the state of the key ${key}`,
      kms.send(new DescribeKeyCommand({ KeyId: key })),
    );
    return answer.KeyMetadata?.KeyState ?? "unknown";
  } catch (error) {
    if (isNamed(error, "NotFoundException")) return "gone";
    throw error;
  }
}

/** RDS does not let anybody delete a group in use, so this is a last look before a long restore. Defaults always exist. */
async function missingGroup(rds: RDSClient, sight: Sight): Promise<string | undefined> {
  if (sight.shape === "cluster") return undefined;
  const name = sight.instance.DBParameterGroups?.[0]?.DBParameterGroupName;
  if (name === undefined || name.startsWith("default.")) return undefined;
  try {
    await asked(
      `Reading the parameter group ${name}`,
      rds.send(new DescribeDBParameterGroupsCommand({ DBParameterGroupName: name })),
    );
    return undefined;
  } catch (error) {
    if (isNamed(error, "DBParameterGroupNotFoundFault", "DBParameterGroupNotFound")) return name;
    throw error;
  }
}

import { type CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import type { DeploymentAlarms } from "@aws-sdk/client-ecs";
import { asked } from "../aws-call.ts";

/**
 * Whether a deployment started now could be failed by the service's deployment alarms. An alarm that is in ALARM when a
 * deployment begins makes ECS ignore them all for that deployment; one that goes off later would fail the rollback and
 * bring the bad version back [docs/facts/ecs.md §5.1, §5.2].
 */
export async function alarmsEndanger(
  cloudwatch: CloudWatchClient,
  alarms: DeploymentAlarms | undefined,
): Promise<boolean> {
  if (!alarms?.enable || !alarms.alarmNames?.length) return false;
  const answer = await asked(
    "Reading the service's deployment alarms",
    cloudwatch.send(
      new DescribeAlarmsCommand({
        AlarmNames: alarms.alarmNames,
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      }),
    ),
  );
  const states = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])];
  return states.every((alarm) => alarm.StateValue !== "ALARM");
}

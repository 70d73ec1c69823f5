import type { AlarmConfiguration, AutoRollbackConfiguration } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../service-model.ts";

/** "An alarm configuration is enabled, but the list is empty"; "a maximum of 10" [dts InvalidAlarmConfigException]. */
export function checkAlarms(configuration: AlarmConfiguration | undefined): void {
  const names = (configuration?.alarms ?? []).map(({ name }) => name);
  if (names.length > 10) {
    throw new AwsError(
      "AlarmsLimitExceededException",
      "The maximum number of alarms for a deployment is 10.",
    );
  }
  const wrong = names.some((name) => !name) || new Set(names).size < names.length;
  if (wrong || (configuration?.enabled && names.length === 0)) {
    throw new AwsError("InvalidAlarmConfigException", "The format of the alarm configuration is invalid.");
  }
}

/** "Automatic rollback is enabled, but … no event types were listed" [dts InvalidAutoRollbackConfigException]. */
export function checkAutoRollback(configuration: AutoRollbackConfiguration | undefined): void {
  if (!configuration?.enabled || (configuration.events ?? []).length > 0) return;
  throw new AwsError(
    "InvalidAutoRollbackConfigException",
    "Automatic rollback is enabled, but no triggering event types were listed.",
  );
}

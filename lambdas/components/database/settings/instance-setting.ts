import type {
  DBInstance,
  ModifyDBInstanceMessage,
  RestoreDBInstanceToPointInTimeMessage,
} from "@aws-sdk/client-rds";
import type { Setting } from "./setting.ts";

export type InstanceSetting = Setting<
  DBInstance,
  RestoreDBInstanceToPointInTimeMessage,
  ModifyDBInstanceMessage
>;

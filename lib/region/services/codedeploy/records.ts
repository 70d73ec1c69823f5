import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  BlueGreenDeploymentConfiguration,
  DeploymentCreator,
  DeploymentStatus,
  ErrorInformation,
  LoadBalancerInfo,
  RevisionLocation,
  RollbackInfo,
} from "@aws-sdk/client-codedeploy";
import type { AppSpec } from "./app-spec.ts";

export interface ApplicationRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly groups: Map<string, GroupRecord>;
}

export interface GroupRecord {
  readonly id: string;
  readonly name: string;
  readonly application: string;
  readonly configName: string;
  readonly serviceRoleArn: string;
  readonly cluster: string;
  readonly service: string;
  /** The two target groups that deployments alternate between, by ARN. */
  readonly targetGroups: readonly [string, string];
  readonly loadBalancerInfo: LoadBalancerInfo;
  readonly alarms: AlarmConfiguration | undefined;
  readonly autoRollback: AutoRollbackConfiguration | undefined;
  readonly blueGreen: BlueGreenDeploymentConfiguration;
  /** Oldest first. */
  readonly deployments: DeploymentRecord[];
}

/** What is deployed: as the caller wrote it, and as it was understood. */
export interface Revision {
  readonly location: RevisionLocation;
  readonly appSpec: AppSpec;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly group: GroupRecord;
  /** Undefined only for a rollback to what ran before CodeDeploy's first deployment. */
  readonly revision: Revision | undefined;
  readonly previous: Revision | undefined;
  readonly configName: string;
  readonly description: string | undefined;
  readonly creator: DeploymentCreator;
  readonly createdAt: number;
  readonly overrideAlarms: AlarmConfiguration | undefined;
  readonly autoRollback: AutoRollbackConfiguration | undefined;
  /** The deployment that this one takes back. */
  readonly undoes: DeploymentRecord | undefined;
  status: DeploymentStatus;
  startedAt: number | undefined;
  completedAt: number | undefined;
  error: ErrorInformation | undefined;
  rollbackInfo: RollbackInfo | undefined;
  /** The task sets: what served before, and what this deployment made. */
  blue: string | undefined;
  green: string | undefined;
  /** Somebody asked it to stop, or an alarm did; it obeys at its next step. */
  halt: Halt | undefined;
  /** ContinueDeployment: the wait that is to end early. */
  continued: "READY_WAIT" | "TERMINATION_WAIT" | undefined;
}

export interface Halt {
  readonly error: ErrorInformation;
  readonly rollback: boolean;
}

/** Succeeded, Failed, Stopped. */
export function isOver({ status }: DeploymentRecord): boolean {
  return ["Succeeded", "Failed", "Stopped"].includes(status);
}

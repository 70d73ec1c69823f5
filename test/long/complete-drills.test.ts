import { playDrills } from "../simulation/play-drills.ts";

const DATABASE = "test/unit/database/driver-*.test.ts";
const PARAMETER = "test/unit/parameter/permissions.test.ts";

playDrills("complete", {
  "CleanUp s3:ListBucket": "drills/execution-is-stopped-without-evidence.yaml",
  "JudgeCheckpoint appconfig:GetDeployment": PARAMETER,
  "JudgeCheckpoint ecr:DescribeImages": "test/unit/ecs-service/keep.test.ts",
  "JudgeCheckpoint ssm:UnlabelParameterVersion": PARAMETER,
  "MoveDatabase ecs:ListTasks": "test/unit/task/*.test.ts",
  "MoveDatabase kms:Decrypt": DATABASE,
  "MoveDatabase kms:GenerateDataKey": DATABASE,
  "MoveDatabase rds:AddRoleToDBInstance": DATABASE,
  "MoveDatabase rds:DescribeEvents": DATABASE,
  "MoveDatabase rds:RebootDBInstance": DATABASE,
  "MoveDatabase rds:RestoreDBInstanceFromDBSnapshot": DATABASE,
  "MoveEcsService cloudwatch:DescribeAlarms": "drills/deployment-alarms-are-quieted.yaml",
  "MoveEcsService ecs:ListTaskDefinitions": "drills/mover-is-killed-after-registering.yaml",
  "MoveEcsService ecs:RegisterTaskDefinition": "drills/old-revision-deregistered.yaml",
  "MoveEcsService ecs:StopServiceDeployment": "drills/deployment-in-flight.yaml",
  "MoveEcsService ecs:TagResource": "drills/old-revision-deregistered.yaml",
  "MoveParameter appconfig:StopDeployment": PARAMETER,
  "MoveSecret kms:DescribeKey": "test/unit/secret/permissions.test.ts",
  "MoveTask ecs:ListTasks": "test/unit/task/*.test.ts",
  "PlanRollback appconfig:GetDeployment": PARAMETER,
  "PlanRollback s3:GetObjectVersion": "test/unit/frontend/*.test.ts",
  "RecordCheckpoint appconfig:GetDeployment": PARAMETER,
});

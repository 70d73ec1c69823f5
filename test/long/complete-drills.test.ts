import { playDrills } from "../simulation/play-drills.ts";

const DATABASE = "test/unit/database/driver-*.test.ts";
const CLUSTER = "test/unit/database/driver-cluster.test.ts";

playDrills("complete", {
  "CleanUp s3:ListBucket": "drills/execution-is-stopped-without-evidence.yaml",
  "JudgeCheckpoint ecr:DescribeImages": "test/unit/ecs-service/keep.test.ts",
  "MoveDatabase ecs:ListTasks": "test/unit/task/*.test.ts",
  "MoveDatabase kms:Decrypt": DATABASE,
  "MoveDatabase kms:GenerateDataKey": DATABASE,
  "MoveDatabase rds:AddRoleToDBInstance": DATABASE,
  "MoveDatabase rds:CreateDBInstance": CLUSTER,
  "MoveDatabase rds:DeleteDBCluster": CLUSTER,
  "MoveDatabase rds:DescribeEvents": DATABASE,
  "MoveDatabase rds:EnableHttpEndpoint": CLUSTER,
  "MoveDatabase rds:ModifyDBCluster": CLUSTER,
  "MoveDatabase rds:RebootDBInstance": DATABASE,
  "MoveDatabase rds:RestoreDBClusterFromSnapshot": CLUSTER,
  "MoveDatabase rds:RestoreDBClusterToPointInTime": CLUSTER,
  "MoveDatabase rds:RestoreDBInstanceFromDBSnapshot": DATABASE,
  "MoveEcsService cloudwatch:DescribeAlarms": "drills/deployment-alarms-are-quieted.yaml",
  "MoveEcsService ecs:ListTaskDefinitions": "drills/mover-is-killed-after-registering.yaml",
  "MoveEcsService ecs:RegisterTaskDefinition": "drills/old-revision-deregistered.yaml",
  "MoveEcsService ecs:StopServiceDeployment": "drills/deployment-in-flight.yaml",
  "MoveEcsService ecs:TagResource": "drills/old-revision-deregistered.yaml",
  "MoveSecret kms:DescribeKey": "test/unit/secret/permissions.test.ts",
  "MoveTask ecs:ListTasks": "test/unit/task/*.test.ts",
  "PlanRollback rds:DescribeDBClusterBacktracks": "test/unit/database/grants.test.ts",
  "PlanRollback s3:GetObjectVersion": "test/unit/frontend/*.test.ts",
});

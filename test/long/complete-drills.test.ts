import { playDrills } from "../simulation/play-drills.ts";

const CLUSTER = "test/unit/database/driver-cluster.test.ts";

playDrills("complete", {
  "CleanUp s3:ListBucket": "drills/execution-is-stopped-without-evidence.yaml",
  "JudgeCheckpoint ecr:DescribeImages": "test/unit/ecs-service/keep.test.ts",
  "MoveDatabase ecs:ListTasks": "test/unit/task/*.test.ts",
  "MoveDatabase rds:CreateDBInstance": CLUSTER,
  "MoveDatabase rds:DeleteDBCluster": CLUSTER,
  "MoveDatabase rds:EnableHttpEndpoint": CLUSTER,
  "MoveDatabase rds:ModifyDBCluster": CLUSTER,
  "MoveDatabase rds:RestoreDBClusterFromSnapshot": CLUSTER,
  "MoveDatabase rds:RestoreDBClusterToPointInTime": CLUSTER,
  "MoveEcsService cloudwatch:DescribeAlarms": "drills/deployment-alarms-are-quieted.yaml",
  "MoveEcsService ecs:ListTaskDefinitions": "drills/mover-is-killed-after-registering.yaml",
  "MoveEcsService ecs:RegisterTaskDefinition": "drills/old-revision-deregistered.yaml",
  "MoveEcsService ecs:StopServiceDeployment": "drills/deployment-in-flight.yaml",
  "MoveEcsService ecs:TagResource": "drills/old-revision-deregistered.yaml",
  "MoveTask ecs:ListTasks": "test/unit/task/*.test.ts",
  "PlanRollback rds:DescribeDBClusterBacktracks": "test/unit/database/grants.test.ts",
  "PlanRollback s3:GetObjectVersion": "test/unit/frontend/*.test.ts",
});

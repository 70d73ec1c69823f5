import { playDrills } from "../simulation/play-drills.ts";

playDrills("complete", {
  "CleanUpMachine sns:Publish": "drills/outage-of-the-ledger.yaml",
  "CleanUp s3:ListBucket": "drills/execution-is-stopped-without-evidence.yaml",
  "JudgeCheckpoint ecr:DescribeImages": "test/unit/ecs-service/keep.test.ts",
  "MoveEcsService cloudwatch:DescribeAlarms": "drills/deployment-alarms-are-quieted.yaml",
  "MoveEcsService codedeploy:StopDeployment": "drills/code-deploy-in-progress.yaml",
  "MoveEcsService ecs:ListTaskDefinitions": "drills/mover-is-killed-after-registering.yaml",
  "MoveEcsService ecs:RegisterTaskDefinition": "drills/old-revision-deregistered.yaml",
  "MoveEcsService ecs:StopServiceDeployment": "drills/deployment-in-flight.yaml",
  "MoveEcsService ecs:TagResource": "drills/old-revision-deregistered.yaml",
  "MoveTask ecs:ListTasks": "test/unit/task/*.test.ts",
  "RemindOfKept elasticache:DescribeReplicationGroups": "test/unit/cache/kept.test.ts",
  "RemindOfKept elasticache:ListTagsForResource": "test/unit/cache/kept.test.ts",
  "RemindOfKept rds:DescribeDBClusterSnapshots": "test/unit/database/kept.long.test.ts",
  "RemindOfKept rds:DescribeDBClusters": "test/unit/database/kept.long.test.ts",
  "RemindOfKept rds:DescribeDBProxyTargets": "test/unit/database/kept-who-serves.test.ts",
  "RemindOfKept secretsmanager:DescribeSecret": "test/unit/database/kept-who-serves.test.ts",
  "PlanRollback s3:GetObjectVersion": "test/unit/frontend/*.test.ts",
});

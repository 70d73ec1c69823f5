import { playDrills } from "./play-drills.ts";

playDrills("example", {
  // Asked when a proven image is kept and a tag of the ring is already somebody's.
  "JudgeCheckpoint ecr:DescribeImages": "test/unit/ecs-service/keep.test.ts",
});

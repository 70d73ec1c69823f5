import type { Random } from "../../../lib/region/kernel/random.ts";
import type { FaultRule } from "../../../lib/region/wire/fault-plan.ts";
import { pick } from "./world.ts";

/** What goes wrong while people are asked and a copy is made. */
export interface MeanwhileTrouble {
  readonly faults: readonly FaultRule[];
  readonly words: string;
}

const CHANGES = [
  "RestoreDBInstanceToPointInTime",
  "RestoreDBClusterToPointInTime",
  "ModifyDBInstance",
  "DeleteDBInstance",
  "DeleteDBCluster",
] as const;

export function troubleOf(random: Random, now: number): MeanwhileTrouble {
  const by = random.chance(0.5) ? "FunctionsMoveDatabase" : "FunctionsCleanUp";
  const skip = random.integer(0, 12);
  switch (pick(random, ["nothing", "a kill", "a change is denied", "an outage", "lost replies"] as const)) {
    case "nothing":
      return { faults: [], words: "nothing goes wrong" };
    case "a kill": {
      const kill: FaultRule = { principalIncludes: by, skip, times: 1, effect: "kills-caller" };
      return { faults: [kill], words: `${by} dies after call ${skip + 1}` };
    }
    case "a change is denied": {
      const [operation, times] = [pick(random, CHANGES), random.chance(0.5) ? 1 : 1_000];
      const denial: FaultRule = {
        ...{ service: "rds", operation, principalIncludes: "FunctionsMoveDatabase" },
        ...{ times, effect: "access-denied" },
      };
      return { faults: [denial], words: `${operation} is denied, ${times} times` };
    }
    case "an outage": {
      const service = pick(random, ["rds", "dynamodb", "lambda"] as const);
      const [from, minutes] = [now + random.integer(0, 60 * 60_000), pick(random, [1, 3, 10, 25] as const)];
      const outage: FaultRule = {
        ...{ service, principalIncludes: "Functions", effect: "server-error" },
        ...{ from, until: from + minutes * 60_000 },
      };
      return { faults: [outage], words: `${service} is out for ${minutes} minutes` };
    }
    case "lost replies": {
      const lost: FaultRule = {
        ...{ service: "rds", mutating: true, principalIncludes: "FunctionsMoveDatabase" },
        ...{ skip: random.integer(0, 3), times: 2, effect: "lost-reply" },
      };
      return { faults: [lost], words: "RDS's replies are lost" };
    }
  }
}

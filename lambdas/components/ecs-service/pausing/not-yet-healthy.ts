import type { Service } from "@aws-sdk/client-ecs";
import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { asked } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import { primaryTaskSet, tasksOf } from "../reads.ts";
import { countHealthy, isServing } from "./count-healthy.ts";

/**
 * Who of a service's tasks gets no requests yet, in words; undefined when the load balancer calls as many of them
 * healthy as are wanted, in every target group. A count alone starts no deployment, so nothing of ECS's own says it: a
 * rollout stays COMPLETED, and a task's health status is that of its containers [docs/facts/ecs.md §2.3, §3.1].
 *
 * A service without a target group has nobody to ask; so has one behind a Classic load balancer or VPC Lattice.
 */
export async function notYetHealthy(job: Job, service: Service): Promise<string | undefined> {
  const balanced = (primaryTaskSet(service)?.loadBalancers ?? service.loadBalancers ?? []).flatMap(
    ({ targetGroupArn, advancedConfiguration }) => {
      // A traffic-shifting service has its tasks in one of the two.
      const other = advancedConfiguration?.alternateTargetGroupArn;
      return targetGroupArn === undefined ? [] : [[targetGroupArn, ...(other === undefined ? [] : [other])]];
    },
  );
  if (balanced.length === 0) return undefined;
  const running = await tasksOf(job.ecs, job.details, "RUNNING");
  const tasks = running.filter(({ lastStatus }) => lastStatus === "RUNNING");
  const desired = service.desiredCount ?? 0;
  for (const arns of balanced) {
    const targets = (await Promise.all(arns.map((arn) => targetsOf(job, arn)))).flat();
    const healthy = countHealthy(tasks, targets);
    if (healthy >= desired) continue;
    const name = arns[0]?.split("/")[1] ?? "";
    return `${healthy} of ${desired} tasks are healthy in the target group ${name}${reasonsOf(targets)}.`;
  }
  return undefined;
}

async function targetsOf({ elb }: Job, TargetGroupArn: string): Promise<TargetHealthDescription[]> {
  const { TargetHealthDescriptions = [] } = await asked(
    `Reading the health of the targets in ${TargetGroupArn.split("/")[1]}`,
    elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
  );
  return TargetHealthDescriptions;
}

/** What AWS says of the others, each reason once; nothing of the old tasks that are on their way out. */
function reasonsOf(targets: readonly TargetHealthDescription[]): string {
  const reasons = targets
    .map(({ TargetHealth }) => TargetHealth)
    .filter((health) => !isServing(health) && !health?.State?.includes("draining"))
    .map((health) => health?.Description ?? health?.Reason ?? health?.State ?? "unknown");
  return reasons.length === 0 ? "" : ` (${[...new Set(reasons)].join("; ")})`;
}

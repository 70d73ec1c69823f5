import { taskCounts } from "./describe-service.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { ServiceRecord } from "./service-record.ts";

const PERIOD_MS = 60_000;

/** What ECS publishes once a minute (docs/facts/frontend-secrets-config.md I): utilisation, and with Container Insights counts. */
export class VendedMetrics {
  readonly #world: EcsWorld;
  #running = false;

  constructor(world: EcsWorld) {
    this.#world = world;
  }

  /** Publishes as long as any service is not INACTIVE. */
  run(): void {
    if (this.#running) return;
    this.#running = true;
    this.#world.context.kernel.schedule(PERIOD_MS, () => {
      this.#running = false;
      const services = [...this.#world.services.values()].filter(({ status }) => status !== "INACTIVE");
      for (const service of services) this.#publish(service);
      if (services.length > 0) this.run();
    });
  }

  #publish(service: ServiceRecord): void {
    const dimensions = { ClusterName: service.cluster.name, ServiceName: service.name };
    // One sample a running task, so that Maximum is the worst task and SampleCount the number of tasks; none, and
    // there is no datapoint at all [DG service_utilization, available-metrics].
    for (const task of service.tasks) {
      if (task.lastStatus !== "RUNNING") continue;
      const { cpuPercent, memoryPercent } = this.#world.behaviourOf(task);
      this.#sample("AWS/ECS", "CPUUtilization", dimensions, this.#jitter(cpuPercent), "Percent");
      this.#sample("AWS/ECS", "MemoryUtilization", dimensions, this.#jitter(memoryPercent), "Percent");
    }
    if (!service.cluster.containerInsights) return;
    const { runningCount, pendingCount } = taskCounts(service);
    const insights = "ECS/ContainerInsights";
    this.#sample(insights, "DesiredTaskCount", dimensions, service.desiredCount, "Count");
    this.#sample(insights, "RunningTaskCount", dimensions, runningCount, "Count");
    this.#sample(insights, "PendingTaskCount", dimensions, pendingCount, "Count");
    this.#sample(insights, "DeploymentCount", dimensions, service.rollouts.length, "Count");
  }

  #sample(
    namespace: string,
    metricName: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit: string,
  ): void {
    this.#world.context.publishMetric({ namespace, metricName, dimensions, value, unit });
  }

  /** Up to 2 % either way, so that charts are not flat. */
  #jitter(percent: number): number {
    return percent * this.#world.random.between(0.98, 1.02);
  }
}

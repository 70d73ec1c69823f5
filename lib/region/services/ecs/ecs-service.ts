import * as sdk from "@aws-sdk/client-ecs";
import type { Application } from "../../application/application.ts";
import type { ServiceTarget } from "../../application/service-target.ts";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { Announcer } from "./announcer.ts";
import { Deployments } from "./deployments.ts";
import type { EcsOptions } from "./ecs-options.ts";
import { EcsWorld } from "./ecs-world.ts";
import { FailureDetection } from "./failure-detection.ts";
import { clusterOperations } from "./operations-clusters.ts";
import { deploymentOperations } from "./operations-deployments.ts";
import { serviceOperations } from "./operations-services.ts";
import { tagOperations } from "./operations-tags.ts";
import { taskDefinitionOperations } from "./operations-task-definitions.ts";
import { taskOperations } from "./operations-tasks.ts";
import { EcsPermissions } from "./permissions.ts";
import { type EcsTarget, registeredTargets } from "./registered-targets.ts";
import { RollingStrategy } from "./rolling-strategy.ts";
import { RunTaskTokens } from "./run-task-tokens.ts";
import { Scheduler } from "./scheduler.ts";
import { type ServiceControl, serviceControl } from "./service-control.ts";
import { serviceTargets } from "./service-targets.ts";
import { StandaloneLifecycle } from "./standalone-lifecycle.ts";
import { TaskFleet } from "./task-fleet.ts";
import { TaskHealth } from "./task-health.ts";
import { TaskLifecycle } from "./task-lifecycle.ts";
import { TaskSetStrategy } from "./task-set-strategy.ts";
import { type TaskSetControl, taskSetControl } from "./task-sets.ts";
import { TrafficShiftStrategy } from "./traffic-shift-strategy.ts";
import { VendedMetrics } from "./vended-metrics.ts";

/** Amazon ECS in the simulated region, and what the region around it may ask of it. */
export interface Ecs {
  readonly model: ServiceModel;
  /** The tasks behind a service's load balancer, as the load balancer sees them. */
  targets(cluster: string, service: string): readonly ServiceTarget[];
  /** What is registered in a target group, draining targets too: for whoever asks the load balancer. */
  registeredIn(targetGroupArn: string): readonly EcsTarget[];
  /** Makes a task definition vanish (AWS's pages conflict on whether an INACTIVE one may). */
  forgetTaskDefinition(arn: string): void;
  /** For CodeDeploy: the task sets of the services that it controls. */
  readonly taskSets: TaskSetControl;
  /** For Application Auto Scaling, and for whoever wants to know whether writers are still alive. */
  readonly services: ServiceControl;
}

/** The parts of the model that its operations work with. */
export interface EcsParts {
  readonly world: EcsWorld;
  readonly permissions: EcsPermissions;
  readonly deployments: Deployments;
  readonly lifecycle: TaskLifecycle;
  readonly standalone: StandaloneLifecycle;
  readonly runTaskTokens: RunTaskTokens;
  readonly health: TaskHealth;
  readonly metrics: VendedMetrics;
}

/** The ECS model: clusters, task definitions, services, their deployments and tasks, in virtual time. */
export function ecsService(context: RegionContext, application: Application, options: EcsOptions): Ecs {
  const parts = assemble(context, application, options);
  const { world, permissions } = parts;
  const client = new sdk.ECSClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("ecs", sdk, client);
  clusterOperations(model, world);
  taskDefinitionOperations(model, world, permissions);
  serviceOperations(model, parts);
  deploymentOperations(model, parts);
  taskOperations(model, parts);
  tagOperations(model, world);
  return {
    model,
    targets: (cluster, service) => serviceTargets(world, cluster, service),
    registeredIn: (targetGroupArn) => registeredTargets(world, targetGroupArn),
    forgetTaskDefinition: (arn) => world.taskDefinitions.forget(arn),
    taskSets: taskSetControl(world),
    services: serviceControl(world),
  };
}

function assemble(context: RegionContext, application: Application, options: EcsOptions): EcsParts {
  const world = new EcsWorld(context, application, options);
  const announcer = new Announcer(world);
  const deployments = new Deployments(world, announcer, (service, deployment) =>
    failures.watchAlarms(service, deployment),
  );
  const failures = new FailureDetection(world, announcer, deployments);
  const lifecycle = new TaskLifecycle(world, announcer, (task) => failures.taskEnded(task));
  const health = new TaskHealth(world, lifecycle, announcer, {
    becameHealthy: (task) => failures.becameHealthy(task),
    failedHealthChecks: (task) => failures.taskEnded(task),
  });
  const fleet = new TaskFleet(world, lifecycle, announcer, failures);
  const scheduler = new Scheduler(world, announcer, fleet, {
    rolling: new RollingStrategy(world, announcer, fleet, deployments),
    shifting: new TrafficShiftStrategy(world, fleet, deployments),
    taskSets: new TaskSetStrategy(fleet),
  });
  world.lookWith((service) => scheduler.look(service));
  return {
    world,
    permissions: new EcsPermissions(world),
    deployments,
    lifecycle,
    standalone: new StandaloneLifecycle(world, announcer),
    runTaskTokens: new RunTaskTokens(world),
    health,
    metrics: new VendedMetrics(world),
  };
}

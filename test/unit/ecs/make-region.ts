import type {
  CreateServiceRequest,
  Deployment,
  Service,
  ServiceDeployment,
  Task,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";
import type { ReleaseBehaviour } from "../../../lib/region/application/application.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { AwsEvent, RegionContext, VendedMetric } from "../../../lib/region/region-context.ts";
import { AwsError, type OperationModel, type Principal } from "../../../lib/region/service-model.ts";
import { type Ecr, ecrService } from "../../../lib/region/services/ecr/ecr-service.ts";
import type { AlarmState, EcsOptions } from "../../../lib/region/services/ecs/ecs-options.ts";
import { type Ecs, ecsService } from "../../../lib/region/services/ecs/ecs-service.ts";

export const START = Date.UTC(2026, 10, 21, 9, 0, 0);
export const TARGET_GROUP =
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/6d0ecf831eec9f09";
export const ALTERNATE_GROUP =
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-alt/0b1f2a3c4d5e6f70";

const OPERATOR: Principal = { arn: "arn:aws:iam::123456789012:role/operator", type: "role" };
const GOOD: ReleaseBehaviour = {
  startSeconds: 10,
  healthySeconds: 3,
  errorRate: 0,
  latencySeconds: 0.1,
  memoryPercent: 40,
  cpuPercent: 20,
};

/** A region with ECS and ECR only, whose releases behave as `releases` says by tag; the rest are good. */
export function makeRegion(overrides: Partial<EcsOptions> & { readonly seed?: number } = {}): TestRegion {
  return new TestRegion(overrides);
}

export class TestRegion {
  readonly kernel: Kernel;
  readonly context: RegionContext;
  readonly ecr: Ecr;
  readonly ecs: Ecs;
  readonly events: AwsEvent[] = [];
  readonly metrics: VendedMetric[] = [];
  readonly alarms = new Map<string, AlarmState>();
  readonly #releases = new Map<string, Partial<ReleaseBehaviour>>();
  readonly #builds = new Map<string, string>();

  constructor({ seed = 7, ...options }: Partial<EcsOptions> & { readonly seed?: number }) {
    this.kernel = new Kernel({ seed, start: START });
    this.context = {
      account: "123456789012",
      region: "eu-west-1",
      kernel: this.kernel,
      emit: (event) => this.events.push(event),
      publishMetric: (metric) => this.metrics.push(metric),
      call: (_principal, service, operation, input) => this.call(service, operation, input),
    };
    this.ecr = ecrService(this.context);
    const application = {
      behaviour: ({ digest }: { readonly digest: string }): ReleaseBehaviour => ({
        ...GOOD,
        ...this.#releases.get(this.#builds.get(digest) ?? ""),
      }),
    };
    this.ecs = ecsService(this.context, application, {
      images: this.ecr.images,
      targetGroup: (arn) =>
        [TARGET_GROUP, ALTERNATE_GROUP].includes(arn)
          ? {
              arn,
              healthCheckIntervalSeconds: 10,
              healthyThresholdCount: 2,
              unhealthyThresholdCount: 2,
              deregistrationDelaySeconds: 30,
            }
          : undefined,
      alarmStateOf: (name) => this.alarms.get(name),
      ...options,
    });
  }

  /** Dispatches without the wire and without IAM; `authorize` runs, because it must never throw. */
  async call(service: string, operation: string, input: object): Promise<Record<string, unknown>> {
    const model = service === "ecs" ? this.ecs.model : this.ecr.model;
    // The map holds operations of every shape; whoever dispatches vouches for the input.
    const found = model.operations.get(operation) as OperationModel<object, object> | undefined;
    if (!found) throw new AwsError("UnknownOperationException", `${service}:${operation}`);
    const call = { service, operation, principal: OPERATOR, requestId: "test" };
    found.authorize(input, call);
    return { ...(await found.handle(input, call)) };
  }

  ecsCall(operation: string, input: object): Promise<Record<string, unknown>> {
    return this.call("ecs", operation, input);
  }

  /** Builds a release and pushes it as a tag, its own name unless told. */
  push(release: string, behaviour: Partial<ReleaseBehaviour> = {}, tag = release): string {
    const digest = this.ecr.push("shop", tag);
    this.#builds.set(digest, release);
    this.#releases.set(release, behaviour);
    return digest;
  }

  setRelease(release: string, behaviour: Partial<ReleaseBehaviour>): void {
    this.#releases.set(release, behaviour);
  }

  async register(tag: string): Promise<string> {
    const image = `${this.ecr.images.registry}/shop${tag.startsWith("@") ? tag : `:${tag}`}`;
    const output: { taskDefinition?: { taskDefinitionArn?: string } } = await this.ecsCall(
      "RegisterTaskDefinition",
      {
        family: "shop",
        containerDefinitions: [
          { name: "app", image, portMappings: [{ containerPort: 8080 }], stopTimeout: 5 },
        ],
      },
    );
    return output.taskDefinition?.taskDefinitionArn ?? "";
  }

  /** Creates the service `shop` with release `v1` and waits until it is deployed. */
  async install(overrides: Partial<CreateServiceRequest> = {}): Promise<Service> {
    this.push("v1");
    await this.ecsCall("CreateCluster", { clusterName: "shop" });
    await this.ecsCall("CreateService", {
      cluster: "shop",
      serviceName: "shop",
      taskDefinition: await this.register("v1"),
      desiredCount: 3,
      launchType: "FARGATE",
      loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 }],
      healthCheckGracePeriodSeconds: 15,
      ...overrides,
    });
    await this.forSeconds(180);
    return this.service();
  }

  /** Pushes the release, registers it and updates the service to it. */
  async deploy(release: string, behaviour: Partial<ReleaseBehaviour> = {}): Promise<string> {
    this.push(release, behaviour);
    return this.update({ taskDefinition: await this.register(release) });
  }

  /** Updates the service; answers the ARN of the latest service deployment. */
  async update(input: Partial<UpdateServiceRequest>): Promise<string> {
    await this.ecsCall("UpdateService", { cluster: "shop", service: "shop", ...input });
    return (await this.history()).at(-1)?.serviceDeploymentArn ?? "";
  }

  async service(): Promise<Service> {
    const output: { services?: Service[] } = await this.ecsCall("DescribeServices", {
      cluster: "shop",
      services: ["shop"],
    });
    return output.services?.[0] ?? {};
  }

  async primary(): Promise<Deployment> {
    const { deployments } = await this.service();
    return deployments?.find(({ status }) => status === "PRIMARY") ?? {};
  }

  /** Every service deployment, oldest first. */
  async history(): Promise<ServiceDeployment[]> {
    const listed: { serviceDeployments?: { serviceDeploymentArn?: string }[] } = await this.ecsCall(
      "ListServiceDeployments",
      { cluster: "shop", service: "shop", maxResults: 20 },
    );
    const arns = (listed.serviceDeployments ?? []).map(({ serviceDeploymentArn }) => serviceDeploymentArn);
    const output: { serviceDeployments?: ServiceDeployment[] } = await this.ecsCall(
      "DescribeServiceDeployments",
      { serviceDeploymentArns: arns },
    );
    return (output.serviceDeployments ?? []).sort(
      (a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0),
    );
  }

  async deployment(arn: string): Promise<ServiceDeployment> {
    const output: { serviceDeployments?: ServiceDeployment[] } = await this.ecsCall(
      "DescribeServiceDeployments",
      { serviceDeploymentArns: [arn] },
    );
    return output.serviceDeployments?.[0] ?? {};
  }

  async tasks(desiredStatus: "RUNNING" | "STOPPED" = "RUNNING"): Promise<Task[]> {
    const listed: { taskArns?: string[] } = await this.ecsCall("ListTasks", {
      cluster: "shop",
      serviceName: "shop",
      desiredStatus,
    });
    if (!listed.taskArns?.length) return [];
    const output: { tasks?: Task[] } = await this.ecsCall("DescribeTasks", {
      cluster: "shop",
      tasks: listed.taskArns,
    });
    return output.tasks ?? [];
  }

  healthyTargets(): number {
    return this.ecs.targets("shop", "shop").filter(({ state }) => state === "healthy").length;
  }

  /** The reasons of the deployment state changes, oldest first. */
  deploymentEvents(): string[] {
    return this.events
      .filter(({ detailType }) => detailType === "ECS Deployment State Change")
      .map(({ detail }) => `${detail["eventName"]}: ${detail["reason"]}`);
  }

  forSeconds(seconds: number): Promise<void> {
    return this.kernel.runUntil(this.kernel.now + seconds * 1000);
  }
}

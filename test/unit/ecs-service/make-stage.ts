import type { CreateServiceRequest } from "@aws-sdk/client-ecs";
import type { Assessment, Driver, Journal, Wish } from "../../../lambdas/components/component.ts";
import { ecsServiceDriver } from "../../../lambdas/components/ecs-service/driver.ts";
import { ecsServiceObserver } from "../../../lambdas/components/ecs-service/observe.ts";
import { ecsServiceVersionReader } from "../../../lambdas/components/ecs-service/observe-version.ts";
import type { EcsServiceComponent } from "../../../lambdas/contracts/kinds/ecs-service.ts";
import type { Checkpoint, JournalEntry } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { TargetChoice } from "../../../lambdas/contracts/request.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { CheckpointStatus, Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { Identities } from "../../../lib/region/iam/identities.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import { applicationAutoScalingService } from "../../../lib/region/services/application-auto-scaling/application-auto-scaling-service.ts";
import { cloudWatchService } from "../../../lib/region/services/cloudwatch/cloudwatch-service.ts";
import { codeDeployService } from "../../../lib/region/services/codedeploy/codedeploy-service.ts";
import type { EcsOptions } from "../../../lib/region/services/ecs/ecs-options.ts";
import { eventBridgeService } from "../../../lib/region/services/eventbridge/eventbridge-service.ts";
import type { SchedulerOptions } from "../../../lib/region/services/scheduler/scheduler-options.ts";
import { schedulerService } from "../../../lib/region/services/scheduler/scheduler-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { ALTERNATE_GROUP, makeRegion, TARGET_GROUP, type TestRegion } from "../ecs/make-region.ts";
import { balancingModel, clientsOf, noticeModel } from "./make-clients.ts";

export const configuration: EcsServiceComponent = {
  kind: "ecs-service",
  cluster: "shop",
  service: "shop",
  taskRoles: [],
  repositories: ["shop"],
  autoScaling: false,
  dependsOn: [],
  deadlineMinutes: 15,
};

/** What guards a well-kept service: with it a failing deployment is rolled back by ECS itself. */
export const breaker: Partial<CreateServiceRequest> = {
  deploymentConfiguration: {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
};

export type StageOptions = Partial<EcsOptions> &
  Pick<SchedulerOptions, "updateTakesPastStart"> & { readonly seed?: number };

/**
 * The service `shop` of the simulated region with Stepback's driver and observer, which reach it through real SDK
 * clients and the wire. Time stands still during a call; `run` moves it between ticks.
 */
export class Stage {
  readonly region: TestRegion;
  readonly faults: FaultPlan;
  readonly endpoint: Endpoint;
  readonly checkpoints: Checkpoint[] = [];
  readonly entries = new Map<string, JournalEntry>();
  clients: ReturnType<typeof clientsOf>;
  /** What the environment says of the service. */
  configuration = configuration;
  /** What the notice function was told. */
  readonly told: unknown[] = [];
  /** Percent of a task's CPU, for scaling. */
  load: number | undefined;
  readonly #identities: Identities;
  #writes = 0;
  /** Journal writes that fail, by number. */
  crashingWrites: ReadonlySet<number> = new Set();

  constructor({ updateTakesPastStart = "never", ...options }: StageOptions = {}) {
    this.region = makeRegion({ alarmStateOf: (name) => cloudwatch.stateOf(name), ...options });
    const cloudwatch = cloudWatchService(this.region.context);
    const { kernel, context } = this.region;
    this.faults = new FaultPlan(kernel);
    const identities = new Identities({ kernel, account: context.account, region: context.region });
    this.#identities = identities;
    this.endpoint = new Endpoint({
      kernel,
      identities,
      faults: this.faults,
      account: context.account,
      region: context.region,
      latency: { fromMs: 0, toMs: 0 },
    });
    const others = [
      codeDeployService(context, {
        ecs: this.region.ecs.taskSets,
        targetGroupArn: (name) => ({ shop: TARGET_GROUP, "shop-alt": ALTERNATE_GROUP })[name],
        alarmStateOf: (name) => cloudwatch.stateOf(name),
      }),
      applicationAutoScalingService(context, { services: this.region.ecs.services, load: () => this.load }),
      eventBridgeService(context),
      schedulerService(context, { mayAssume: (role) => !role.endsWith("/nobody"), updateTakesPastStart }),
      { model: noticeModel(this.told) },
      { model: balancingModel(this.region) },
    ];
    for (const { model } of [this.region.ecs, this.region.ecr, cloudwatch, ...others])
      this.endpoint.add(model);
    this.clients = clientsOf(this.endpoint, context.region, "any");
  }

  /** From now on Stepback may do what these statements say, and nothing else. */
  restrictTo(Statement: PolicyStatement[]): void {
    const trust = { Effect: "Allow" as const, Principal: "*" as const, Action: "sts:AssumeRole" };
    const role = this.#identities.createRole({
      name: "mover",
      assumeRolePolicy: { Statement: trust },
      inlinePolicies: { p: { Statement } },
    });
    const { accessKeyId } = this.#identities.issueCredentials(role, "s");
    this.clients = clientsOf(this.endpoint, this.region.context.region, accessKeyId);
  }

  /** Somebody else's call. */
  operate = (service: string, operation: string, input: object): Promise<Record<string, unknown>> =>
    this.endpoint.call(this.#identities.principalOf("operator"), service, operation, input);

  readonly clock = () => this.region.kernel.date();

  /** A function that starts afresh, as after a crash: it knows what the journal and AWS know. */
  driver(): Driver {
    return ecsServiceDriver({
      ...this.clients,
      clock: this.clock,
      region: this.region.context.region,
      account: this.region.context.account,
      rollbackId: "rb-1",
      journal: this.#journal(),
      checkpointOf: async (id) => this.checkpoints.find((checkpoint) => checkpoint.id === id),
    });
  }

  assess(target: TargetChoice = "proven", part: Wish["part"] = "go-back"): Promise<Assessment> {
    const { account, region } = this.region.context;
    const observer = ecsServiceObserver({ ...this.clients, clock: this.clock, account, region });
    return observer.assess(this.configuration, {
      component: "api",
      part,
      target,
      rollbackId: "rb-1",
      authorization: "emergency",
      checkpoints: this.checkpoints,
      past: [],
      neighbours: { api: this.configuration },
      approvalSeconds: 3_600,
    });
  }

  /** The move that an assessment proposes; a verdict without one ends the test with its reason. */
  async plan(target?: TargetChoice, part?: Wish["part"]): Promise<Move> {
    const { move, verdict } = await this.assess(target, part);
    if (!move) throw new Error(`${verdict.verdict}: ${verdict.reason}`);
    return move;
  }

  /** Records what runs now, as the checkpoint workflow would, newest first. */
  async checkpoint(id: string, status: CheckpointStatus = "proven"): Promise<Checkpoint> {
    const version = await ecsServiceVersionReader(this.clients)(this.configuration);
    if (!version) throw new Error("Nothing to record: a deployment is on its way");
    const recordedAt = this.clock().toISOString();
    const checkpoint: Checkpoint = {
      id,
      status,
      recordedAt,
      because: `it is ${status}`,
      vector: { api: version },
    };
    this.checkpoints.unshift(checkpoint);
    return checkpoint;
  }

  /** The digest that the newest checkpoint recorded. */
  digest(): string | undefined {
    const version = this.checkpoints[0]?.vector["api"];
    return version?.kind === "ecs-service" ? version.images[0]?.digest : undefined;
  }

  /** The task definitions (`shop:1`) of the tasks that were started since an event, in order. */
  startedSince(event: number): string[] {
    return this.region.events
      .slice(event)
      .filter(({ detail }) => detail["lastStatus"] === "PROVISIONING")
      .map(({ detail }) => String(detail["taskDefinitionArn"]).split("/")[1] ?? "");
  }

  judge(id: string, status: CheckpointStatus): void {
    const index = this.checkpoints.findIndex((checkpoint) => checkpoint.id === id);
    const found = this.checkpoints[index];
    if (!found) throw new Error(`No checkpoint ${id}`);
    this.checkpoints[index] = { ...found, status };
  }

  /** Ticks the verbs in order, each by a new driver, through trouble that passes, until they are done or one fails. */
  async run(move: Move, verbs: readonly Verb[] = move.verbs, limit = 600): Promise<Tick> {
    let last: Tick | undefined;
    for (let count = 0; count < limit; count++) {
      last = await this.#through(move, verbs);
      if (last && last.status !== "working") return last;
      await this.region.forSeconds(last?.waitSeconds ?? 2);
    }
    throw new Error(`Still working: ${last?.status === "working" ? last.note : "nothing"}`);
  }

  /** UpdateService and StopServiceDeployment calls that Stepback made and AWS carried out. */
  mutations(operation: string): readonly Record<string, unknown>[] {
    return this.endpoint.calls
      .filter((call) => call.operation === operation && call.outcome === "ok")
      .map((call) => ({ ...call.input }));
  }

  async #through(move: Move, verbs: readonly Verb[]): Promise<Tick | undefined> {
    let last: Tick | undefined;
    for (const verb of verbs) {
      try {
        last = await this.driver().tick(verb, move);
      } catch (error) {
        if (error instanceof Error && ["AwsBusy", "Crash"].includes(error.name)) return undefined;
        throw error;
      }
      if (last.status !== "done") return last;
    }
    return last;
  }

  #journal(): Journal {
    return {
      read: async (name) => [...this.entries.values()].filter(({ component }) => component === name),
      write: async (component, step, facts) => {
        if (this.crashingWrites.has(this.#writes++)) throw new Crash(`before writing ${step}`);
        this.entries.set(step, { component, step, at: this.clock().toISOString(), facts });
      },
    };
  }
}

/** The function was killed. */
class Crash extends Error {
  override readonly name = "Crash";
}

/** A stage with `v1` installed and proven, and then a second release, deployed to the end. */
export async function makeStage({
  service = breaker,
  bad = {},
  ...options
}: StageOptions & {
  readonly service?: Partial<CreateServiceRequest>;
  readonly bad?: Parameters<TestRegion["deploy"]>[1];
} = {}): Promise<Stage> {
  const stage = new Stage(options);
  await stage.region.install(service);
  await stage.checkpoint("cp-1");
  await stage.region.deploy("v2", { errorRate: 0.5, ...bad });
  await stage.region.forSeconds(300);
  return stage;
}

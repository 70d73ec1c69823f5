import type { RegionContext } from "../region-context.ts";
import type { TaskLaunch, TaskOutcome, TaskProgram } from "../services/ecs/task-program.ts";
import type { Application, ReleaseBehaviour, RunningImage, StartedTask } from "./application.ts";
import { BOARDROOM, COMPONENTS, type Component, repositoryName, targetGroupArn } from "./boardroom-names.ts";
import type { CompleteBoardroom } from "./complete-boardroom.ts";
import type { Impact, ImpactCause } from "./impact.ts";
import { ReleaseTable } from "./release-table.ts";
import type { TargetGroup } from "./target-group.ts";
import { type Serving, type TargetsOf, Traffic } from "./traffic.ts";

export interface BoardroomOptions {
  /** Requests per second of each component. 40 and 25 unless told. */
  readonly requestsPerSecond?: Readonly<Record<Component, number>>;
  /** Overrides of the target groups' settings: 10 s × 2 checks, 30 s deregistration delay. */
  readonly targetGroup?: Partial<Omit<TargetGroup, "arn">>;
}

/**
 * The sample application: an API and a web service behind one load balancer, with releases that can be bad in chosen
 * ways. It is made first (ECS asks it how tasks behave), then installed, then its users come.
 */
export class Boardroom implements Application, TaskProgram {
  readonly #context: RegionContext;
  readonly #options: BoardroomOptions;
  readonly #releases = new ReleaseTable();
  #traffic: Traffic | undefined;
  #complete: CompleteBoardroom | undefined;
  #targetsOf: TargetsOf = () => [];
  /** Deregistration delays that differ from the others', seconds. */
  readonly #drainSeconds = new Map<Component, number>();

  constructor(context: RegionContext, options: BoardroomOptions = {}) {
    this.#context = context;
    this.#options = options;
  }

  behaviour(image: RunningImage): ReleaseBehaviour {
    return this.#releases.behaviour(image);
  }

  started(task: StartedTask): void {
    this.#complete?.started(task);
  }

  stopped(taskArn: string): void {
    this.#complete?.stopped(taskArn);
  }

  /** Adds what the services depend on, before they are installed. */
  complete(parts: CompleteBoardroom): void {
    if (this.#traffic) throw new Error("Boardroom is completed before its users come");
    this.#complete = parts;
  }

  /** A standalone task begins; without the complete application there is nothing that one could run. */
  run(launch: TaskLaunch): TaskOutcome {
    if (this.#complete) return this.#complete.tasks.run(launch);
    const failsToStart =
      "CannotStartContainerError: this boardroom has no standalone tasks; it is not complete";
    return { seconds: 0, exitCode: 1, logLines: [], failsToStart };
  }

  /** Which release an image is a build of, whatever its tag says today. */
  releaseOf(image: RunningImage): string {
    return this.#releases.releaseOf(image);
  }

  /** The target group with this ARN, when it is one of the application's: bind it to the ECS model's `targetGroup`. */
  targetGroup(arn: string): TargetGroup | undefined {
    const component = COMPONENTS.find((one) =>
      [false, true].some((alternate) => targetGroupArn(this.#context, one, alternate) === arn),
    );
    if (!component) return undefined;
    return {
      arn,
      healthCheckIntervalSeconds: 10,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
      deregistrationDelaySeconds: this.#drainSeconds.get(component) ?? 30,
      ...this.#options.targetGroup,
    };
  }

  /** Sets the deregistration delay of a component's target groups, seconds. */
  drainsFor(component: Component, seconds: number): void {
    this.#drainSeconds.set(component, seconds);
  }

  /** The target group of this short name, `boardroom-api-alt` for instance. */
  targetGroupArn(name: string): string | undefined {
    return COMPONENTS.flatMap((component) =>
      [false, true].map((alternate) => targetGroupArn(this.#context, component, alternate)),
    ).find((arn) => arn.includes(`:targetgroup/${name}/`));
  }

  /** The load of a service, as the average over its tasks, percent; undefined when none runs. */
  load(service: string, metric: string): number | undefined {
    const targets = this.#targetsOf(BOARDROOM.cluster, service);
    if (targets.length === 0) return undefined;
    const sum = targets.reduce((total, { behaviour }) => total + loadOf(behaviour, metric), 0);
    return sum / targets.length;
  }

  /** A rotation has changed the credential that a secret holds. */
  passwordChanged(secret: string, label: string): void {
    this.#complete?.passwordChanged(secret, label);
  }

  /** Whether security groups let somebody of the application in; nobody is there who could ask before it is complete. */
  admits(groups: readonly string[], port: number, proxyGroups: readonly string[] | undefined): boolean {
    return this.#complete?.network.admits(groups, port, proxyGroups) ?? false;
  }

  /** Builds a release and pushes it, under its own name or under a tag that moves (`latest`); answers the digest. */
  publish(
    push: (repository: string, tag: string) => string,
    component: Component,
    release: string,
    tag = release,
  ): string {
    const digest = push(repositoryName(component), tag);
    this.#releases.built(component, release, digest);
    return digest;
  }

  /** Changes how a release behaves, for tasks that run and tasks to come. */
  setRelease(component: Component, release: string, changes: Partial<ReleaseBehaviour>): void {
    this.#releases.set(component, release, changes);
    this.#context.kernel.log.write("application", "release changed", { component, release, ...changes });
  }

  /** Lets the users in. */
  open(targetsOf: TargetsOf): void {
    if (this.#traffic) throw new Error("Boardroom is already open");
    const rates = this.#options.requestsPerSecond ?? { api: 40, web: 25 };
    this.#targetsOf = targetsOf;
    this.#traffic = new Traffic(this.#context, targetsOf, this.#releases, rates, this.#complete?.backEnd);
    this.#traffic.start();
  }

  /** What users felt since a moment (epoch milliseconds), exact to a few seconds. */
  impact(since = 0): Impact {
    return this.#traffic?.impact.since(since) ?? { failedRequests: 0 };
  }

  /** The same failures, by their cause. */
  impactByCause(since = 0): Partial<Record<ImpactCause, number>> {
    return this.#traffic?.impact.byCause(since) ?? {};
  }

  /** Requests since a moment that were answered with the maintenance page, or not let in by an isolation. */
  turnedAway(since = 0): { readonly maintenance: number; readonly isolated: number } {
    return { maintenance: 0, isolated: 0, ...this.#traffic?.turnedAway.byCause(since) };
  }

  /** The one release that answers all new requests of the component, and since when; undefined while there are two. */
  serving(component: Component): Serving | undefined {
    return this.#traffic?.serving(component);
  }
}

/** The two metrics of ECS that a target tracking policy can name; requests per target are not modelled. */
function loadOf({ cpuPercent, memoryPercent }: ReleaseBehaviour, metric: string): number {
  if (metric === "ECSServiceAverageCPUUtilization") return cpuPercent;
  if (metric === "ECSServiceAverageMemoryUtilization") return memoryPercent;
  throw new Error(`The sample application knows no load by ${metric}`);
}

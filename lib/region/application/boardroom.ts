import type { RegionContext } from "../region-context.ts";
import type { Application, ReleaseBehaviour, RunningImage } from "./application.ts";
import { COMPONENTS, type Component, repositoryName, targetGroupArn } from "./boardroom-names.ts";
import type { Impact } from "./impact.ts";
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
export class Boardroom implements Application {
  readonly #context: RegionContext;
  readonly #options: BoardroomOptions;
  readonly #releases = new ReleaseTable();
  #traffic: Traffic | undefined;

  constructor(context: RegionContext, options: BoardroomOptions = {}) {
    this.#context = context;
    this.#options = options;
  }

  behaviour(image: RunningImage): ReleaseBehaviour {
    return this.#releases.behaviour(image);
  }

  /** Which release an image is a build of, whatever its tag says today. */
  releaseOf(image: RunningImage): string {
    return this.#releases.releaseOf(image);
  }

  /** The target group with this ARN, when it is one of the application's: bind it to the ECS model's `targetGroup`. */
  targetGroup(arn: string): TargetGroup | undefined {
    const known = COMPONENTS.some((component) =>
      [false, true].some((alternate) => targetGroupArn(this.#context, component, alternate) === arn),
    );
    if (!known) return undefined;
    return {
      arn,
      healthCheckIntervalSeconds: 10,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
      deregistrationDelaySeconds: 30,
      ...this.#options.targetGroup,
    };
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
    this.#traffic = new Traffic(this.#context, targetsOf, this.#releases, rates);
    this.#traffic.start();
  }

  /** What users felt since a moment (epoch milliseconds), exact to a few seconds. */
  impact(since = 0): Impact {
    return this.#traffic?.impact.since(since) ?? { failedRequests: 0 };
  }

  /** The one release that answers all new requests of the component, and since when; undefined while there are two. */
  serving(component: Component): Serving | undefined {
    return this.#traffic?.serving(component);
  }
}

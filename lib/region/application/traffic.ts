import type { Random } from "../kernel/random.ts";
import type { RegionContext } from "../region-context.ts";
import type { Backing, Gate } from "./backing.ts";
import { BOARDROOM, COMPONENTS, type Component, serviceName, targetGroupArn } from "./boardroom-names.ts";
import { type ImpactCause, ImpactRecord } from "./impact.ts";
import { LoadBalancerMetrics } from "./load-balancer-metrics.ts";
import type { ReleaseTable } from "./release-table.ts";
import type { ServiceTarget } from "./service-target.ts";
import { type Share, shareRequests } from "./traffic-share.ts";

/** Requests arrive in batches of this length: how exactly an impact's beginning and end are known. */
const TICK_MS = 5_000;
const METRICS_MS = 60_000;

export type TargetsOf = (cluster: string, service: string) => readonly ServiceTarget[];

/** Which release answers the new requests of a component, and since when (epoch milliseconds). */
export interface Serving {
  readonly release: string;
  readonly since: number;
}

/** Users of the sample application: they send requests, get answers by what runs, and are counted. */
export class Traffic {
  readonly impact = new ImpactRecord();
  /** Requests that never got to a target, because somebody wanted it so. */
  readonly turnedAway = new ImpactRecord<Exclude<Gate, "open">>();
  readonly #context: RegionContext;
  readonly #backing: Backing | undefined;
  readonly #targetsOf: TargetsOf;
  readonly #releases: ReleaseTable;
  readonly #rates: Readonly<Record<Component, number>>;
  readonly #random: Random;
  readonly #metrics: LoadBalancerMetrics;
  readonly #serving = new Map<Component, Serving>();
  /** Fractions of a failed request that are owed to the next batch, by component. */
  readonly #owed = new Map<Component, number>();

  constructor(
    context: RegionContext,
    targetsOf: TargetsOf,
    releases: ReleaseTable,
    rates: Readonly<Record<Component, number>>,
    backing?: Backing,
  ) {
    this.#context = context;
    this.#backing = backing;
    this.#targetsOf = targetsOf;
    this.#releases = releases;
    this.#rates = rates;
    this.#random = context.kernel.random.fork("traffic");
    this.#metrics = new LoadBalancerMetrics(context, BOARDROOM.loadBalancer);
  }

  /** Starts the requests; they go on for as long as the clock runs. */
  start(): void {
    this.#every(TICK_MS, () => {
      this.#backing?.tick((requests, cause) => this.#fail(requests, cause));
      for (const component of COMPONENTS) this.#tick(component);
    });
    this.#every(METRICS_MS, () => this.#metrics.publish(this.#hosts()));
  }

  /** The one release that answers all new requests of the component; undefined while there are two, or none. */
  serving(component: Component): Serving | undefined {
    return this.#serving.get(component);
  }

  #tick(component: Component): void {
    const requests = Math.round((this.#rates[component] * TICK_MS * this.#random.between(0.95, 1.05)) / 1000);
    const shares = shareRequests(requests, this.#targetsOf(BOARDROOM.cluster, serviceName(component)));
    this.#noteServing(component, shares);
    const gate = this.#backing?.gate(component, requests) ?? "open";
    if (gate !== "open") {
      this.turnedAway.note(this.#context.kernel.now, requests, gate);
      return;
    }
    if (shares.length === 0) {
      this.#metrics.answeredItself(requests);
      this.#fail(requests, "no-target");
      return;
    }
    for (const share of shares) this.#answer(component, share);
  }

  /** Answers one target's share. */
  #answer(component: Component, { target, requests }: Share): void {
    const { healthySeconds, latencySeconds } = target.behaviour;
    const age = (this.#context.kernel.now - target.startedAt) / 1000;
    if (age < healthySeconds) {
      // Nothing listens yet: a 502, which the load balancer counts as its own error.
      this.#metrics.answeredItself(requests);
      this.#fail(requests, "starting");
      return;
    }
    const trouble = this.#backing?.serve(component, target, requests);
    const isOwn = trouble === undefined || trouble.share < target.behaviour.errorRate;
    const errorRate = isOwn ? target.behaviour.errorRate : trouble.share;
    const exact = requests * errorRate + (this.#owed.get(component) ?? 0);
    const failed = Math.min(requests, Math.floor(exact + 1e-9));
    this.#owed.set(component, exact - failed);
    this.#metrics.targetAnswered(target.targetGroupArn, { requests, failed, latencySeconds });
    this.#fail(failed, isOwn ? "release" : trouble.cause);
  }

  #fail(requests: number, cause: ImpactCause): void {
    this.impact.note(this.#context.kernel.now, requests, cause);
  }

  #noteServing(component: Component, shares: readonly Share[]): void {
    const releases = new Set(shares.map(({ target }) => this.#releases.releaseOf(target.image)));
    const [release] = releases;
    const before = this.#serving.get(component);
    if (release === undefined || releases.size > 1) {
      this.#serving.delete(component);
    } else if (before?.release !== release) {
      this.#serving.set(component, { release, since: this.#context.kernel.now });
      this.#context.kernel.log.write("application", "serving only", { component, release });
    }
  }

  #hosts(): Map<string, { healthy: number; unhealthy: number }> {
    const hosts = new Map<string, { healthy: number; unhealthy: number }>();
    for (const component of COMPONENTS) {
      hosts.set(targetGroupArn(this.#context, component), { healthy: 0, unhealthy: 0 });
      for (const { targetGroupArn: arn, state } of this.#targetsOf(
        BOARDROOM.cluster,
        serviceName(component),
      )) {
        const count = hosts.get(arn) ?? { healthy: 0, unhealthy: 0 };
        if (state === "healthy") count.healthy += 1;
        if (state === "unhealthy") count.unhealthy += 1;
        hosts.set(arn, count);
      }
    }
    return hosts;
  }

  #every(ms: number, action: () => void): void {
    this.#context.kernel.schedule(ms, () => {
      action();
      this.#every(ms, action);
    });
  }
}

import type { RegionContext, VendedMetric } from "../region-context.ts";
import { targetGroupDimension } from "./target-group.ts";

/** How response times spread around a release's latency, so that percentiles differ from the mean: factor and share. */
const LATENCY_SPREAD = [
  [0.5, 0.25],
  [0.9, 0.4],
  [1.2, 0.25],
  [2, 0.1],
] as const;

/** Answers of one target, or of the load balancer itself, to some requests. */
export interface Answers {
  readonly requests: number;
  readonly failed: number;
  readonly latencySeconds: number;
}

/**
 * The counters of one Application Load Balancer, published every minute with the dimensions AWS publishes
 * (docs/facts/frontend-secrets-config.md I): targets' answers by load balancer and by target group, the load balancer's
 * own errors by load balancer only, host counts by target group only.
 */
export class LoadBalancerMetrics {
  readonly #context: RegionContext;
  readonly #loadBalancer: string;
  readonly #answers = new Map<string, Answers[]>();
  #ownErrors = 0;

  constructor(context: RegionContext, loadBalancer: string) {
    this.#context = context;
    this.#loadBalancer = loadBalancer;
  }

  targetAnswered(targetGroupArn: string, answers: Answers): void {
    this.#answers.set(targetGroupArn, [...(this.#answers.get(targetGroupArn) ?? []), answers]);
  }

  /** 502 and 503: the load balancer answered instead of a target. */
  answeredItself(requests: number): void {
    this.#ownErrors += requests;
  }

  /** Publishes what happened since the last time, and starts anew. */
  publish(hosts: ReadonlyMap<string, { readonly healthy: number; readonly unhealthy: number }>): void {
    const everything = [...this.#answers.values()].flat();
    this.#publishAnswers({ LoadBalancer: this.#loadBalancer }, everything);
    for (const [arn, answers] of this.#answers) this.#publishAnswers(this.#dimensions(arn), answers);
    // Reported "if there is a nonzero value"; dimensions LoadBalancer only (CDK's canned metrics).
    if (this.#ownErrors > 0) {
      this.#publish("HTTPCode_ELB_5XX_Count", { LoadBalancer: this.#loadBalancer }, this.#ownErrors);
    }
    for (const [arn, { healthy, unhealthy }] of hosts) {
      this.#publish("HealthyHostCount", this.#dimensions(arn), healthy);
      this.#publish("UnHealthyHostCount", this.#dimensions(arn), unhealthy);
    }
    this.#answers.clear();
    this.#ownErrors = 0;
  }

  #publishAnswers(dimensions: VendedMetric["dimensions"], answers: readonly Answers[]): void {
    const requests = sum(answers.map((answer) => answer.requests));
    if (requests === 0) return;
    const failed = sum(answers.map((answer) => answer.failed));
    this.#publish("RequestCount", dimensions, requests);
    if (requests > failed) this.#publish("HTTPCode_Target_2XX_Count", dimensions, requests - failed);
    if (failed > 0) this.#publish("HTTPCode_Target_5XX_Count", dimensions, failed);
    const byLatency = new Map<number, number>();
    for (const { latencySeconds, requests: count } of answers) {
      byLatency.set(latencySeconds, (byLatency.get(latencySeconds) ?? 0) + count);
    }
    for (const [latencySeconds, count] of byLatency) {
      for (const [factor, share] of LATENCY_SPREAD) {
        const samples = Math.round(count * share);
        if (samples > 0) {
          this.#publish("TargetResponseTime", dimensions, latencySeconds * factor, samples, "Seconds");
        }
      }
    }
  }

  #publish(
    metricName: string,
    dimensions: VendedMetric["dimensions"],
    value: number,
    count = 1,
    unit = "Count",
  ): void {
    this.#context.publishMetric({
      namespace: "AWS/ApplicationELB",
      metricName,
      dimensions,
      value,
      count,
      unit,
    });
  }

  #dimensions(targetGroupArn: string): Record<string, string> {
    return { TargetGroup: targetGroupDimension(targetGroupArn), LoadBalancer: this.#loadBalancer };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What one series of health checks knows: the target of a load balancer, or a container's own check. */
export class HealthProbe {
  state: "initial" | "healthy" | "unhealthy" | "draining" = "initial";
  readonly intervalMs: number;
  readonly #healthyAfter: number;
  readonly #unhealthyAfter: number;
  #passes = 0;
  #failures = 0;
  #nextAt = 0;

  constructor(settings: {
    readonly intervalSeconds: number;
    readonly healthyAfter: number;
    readonly unhealthyAfter: number;
  }) {
    this.intervalMs = settings.intervalSeconds * 1000;
    this.#healthyAfter = settings.healthyAfter;
    this.#unhealthyAfter = settings.unhealthyAfter;
  }

  /** The first check comes one interval after registration. */
  begin(now: number): void {
    this.#nextAt = now + this.intervalMs;
  }

  isDue(now: number): boolean {
    return this.state !== "draining" && now >= this.#nextAt;
  }

  /** Records one check; says whether the state changed. */
  observe(passed: boolean, now: number): boolean {
    this.#nextAt = now + this.intervalMs;
    this.#passes = passed ? this.#passes + 1 : 0;
    this.#failures = passed ? 0 : this.#failures + 1;
    const before = this.state;
    if (this.#passes >= this.#healthyAfter) this.state = "healthy";
    if (this.#failures >= this.#unhealthyAfter) this.state = "unhealthy";
    return this.state !== before;
  }
}

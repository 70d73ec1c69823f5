import type { Component } from "./boardroom-names.ts";
import type { ImpactCause } from "./impact.ts";
import type { ServiceTarget } from "./service-target.ts";

/** What stands around the services: before them whoever lets requests in, behind them what their tasks depend on. */
export interface Backing {
  /** A batch of requests is about to come; `fail` takes down what fails elsewhere than at a target. */
  tick(fail: (requests: number, cause: ImpactCause) => void): void;
  /** Whether a component's requests get as far as its targets. */
  gate(component: Component, requests: number): Gate;
  /** A target takes requests: what is wrong with it now besides its release's own errors; what succeeds is written. */
  serve(component: Component, target: ServiceTarget, requests: number): Trouble | undefined;
}

/** `maintenance`: answered with the maintenance page; `isolated`: not let in at all. */
export type Gate = "open" | "maintenance" | "isolated";

/** Why some of a task's answers are errors. */
export interface Trouble {
  readonly cause: ImpactCause;
  /** Of all requests, 0 to 1. */
  readonly share: number;
}

import type { ParameterMove } from "../../contracts/kinds/parameter.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Answers } from "../answers.ts";
import type { Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";
import type { SightServices } from "./sight.ts";

export interface DriverServices extends SightServices {
  readonly journal: Journal;
  /** Marks the deployments that this rollback starts. */
  readonly rollbackId: string;
}

/** One tick's view of one move: the clients, the move, what was written down so far, and how to answer. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: ParameterMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
}

/** How a store of configuration is changed, and changed back: one mutation a tick. */
export interface Store {
  /** What only the mover may try before anything changes: undefined when it is ready. */
  ready?(job: Job): Promise<Tick | undefined>;
  cutOver(job: Job): Promise<Tick>;
  revert(job: Job): Promise<Tick>;
}

/** To the target, and back to what was live before. */
export type Phase = "cut-over" | "revert";

/**
 * The steps that a move of this kind writes down; `X-intended` always stands before the call that does X. Two a name and
 * phase: a journal is read up to 100 entries, and a component has 20 names at most.
 */
export type Step =
  | MeasuredStep
  | "revert-began"
  | "reverted"
  | `${Phase}-intended:${string}`
  | `${Phase}-restored:${string}`
  | `overlaid:${string}`
  | `${Phase}-stop-intended`
  | `${Phase}-stop-requested`
  | `${Phase}-start-intended`
  | `${Phase}-started`
  | "cut-over-forward";

/** Whether consumers may have got something else because of this rollback. */
export function isTouched({ details, steps }: Pick<Job, "details" | "steps">): boolean {
  if (steps.has("reverted")) return false;
  const names = Object.keys(details.to).map((name): Step => `cut-over-intended:${name}`);
  return steps.hasAny([...names, "cut-over-stop-intended", "cut-over-start-intended"]);
}

export const WAIT_SECONDS = 3;

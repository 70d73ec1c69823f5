import type { Component as Configuration } from "../contracts/environment.ts";
import type { Checkpoint, ComponentVersion, JournalEntry } from "../contracts/ledger.ts";
import type { Move, Verdict } from "../contracts/plan.ts";
import type { TargetChoice } from "../contracts/request.ts";
import type { Tick } from "../contracts/tick.ts";
import type { Verb } from "../contracts/vocabulary.ts";

/** The time of day, from outside: nobody else asks the machine's clock. */
export type Clock = () => Date;

/** What the planner tells a kind about the ledger and the wish. */
export interface Wish {
  readonly component: string;
  readonly target: TargetChoice;
  /** Newest first; every status. */
  readonly checkpoints: readonly Checkpoint[];
}

/** A verdict, and the move that carries it out when it is `roll-back`. */
export interface Assessment {
  readonly verdict: Verdict;
  readonly move?: Move;
  /** When the component last changed, as far as AWS tells: attribution of an alarm compares with it. */
  readonly lastChangedAt?: Date;
}

/** The reading half of a kind, used by the planner whose role can only read. */
export interface Observer {
  /** Looks at the world and says what a rollback would mean for this component. */
  assess(configuration: Configuration, wish: Wish): Promise<Assessment>;
}

/**
 * The acting half of a kind. Every verb is a reconciler tick: look at the world by immutable identity, do at most one
 * mutation, answer. Called once or a hundred times, by a retry, a redrive or a second Lambda: the same end.
 */
export interface Driver {
  tick(verb: Verb, move: Move): Promise<Tick>;
}

/**
 * The rollback's written intentions. `write` is conditional on still holding the lock and throws `LockLost` otherwise;
 * writing the same step again replaces it.
 */
export interface Journal {
  read(component: string): Promise<readonly JournalEntry[]>;
  write(component: string, step: string, facts: JournalEntry["facts"]): Promise<void>;
}

/** Says what a component runs now, for checkpoints; undefined while it is on its way from one version to another. */
export type VersionReader = (configuration: Configuration) => Promise<ComponentVersion | undefined>;

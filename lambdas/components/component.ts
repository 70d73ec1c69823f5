import type { Component as Configuration } from "../contracts/environment.ts";
import type { KeptAddressOf } from "../contracts/kept.ts";
import type { Checkpoint, ComponentVersion, JournalEntry, RollbackRecord } from "../contracts/ledger.ts";
import type { Move, Verdict } from "../contracts/plan.ts";
import type { TargetChoice } from "../contracts/request.ts";
import type { Tick, TickRequest } from "../contracts/tick.ts";
import type { Authorization, Kind, Verb } from "../contracts/vocabulary.ts";
import type { Kept } from "../domain/kept/kept.ts";
import type { Platform } from "../platform/platform.ts";

/** The time of day, from outside: nobody else asks the machine's clock. */
export type Clock = () => Date;

/**
 * The runtime half of a kind: what `registry.ts` and the kind's own function take from its `runtime.ts`. Only kinds that
 * have a version are read; only those whose versions AWS may forget are kept.
 */
export type MakeObserver<K extends Kind = Kind> = (platform: Platform) => Observer<K>;
export type MakeVersionReader<K extends Kind = Kind> = (platform: Platform) => VersionReader<K>;
export type MakeKeeper<K extends Kind = Kind> = (platform: Platform) => Keeper<K>;
export type MakeKeptReader<K extends Kind = Kind> = (platform: Platform) => KeptReader<K>;
/** One driver a request: it writes into that rollback's journal. */
export type MakeDriver = (platform: Platform) => (request: TickRequest) => Driver;

/** The configuration of one kind, narrowed. */
export type ConfigurationOf<K extends Kind> = Extract<Configuration, { readonly kind: K }>;

/** What the planner tells a kind about the ledger and the wish. */
export interface Wish {
  readonly component: string;
  /**
   * `go-back` to a target. `hold`: keep the version, be ready to pause and resume, because a database that it writes to
   * moves. `restart`: keep the version, start fresh tasks that read secrets and parameters again.
   */
  readonly part: "go-back" | "hold" | "restart";
  readonly target: TargetChoice;
  /** The rollback that would carry it out: names of what it makes are derived from it. */
  readonly rollbackId: string;
  readonly authorization: Authorization;
  /** Everything is prepared for real and thrown away again; absent when it is meant. */
  readonly rehearsal?: true;
  /** Newest first; every status. */
  readonly checkpoints: readonly Checkpoint[];
  /** Finished rollbacks and rehearsals, newest first: what took how long. */
  readonly past: readonly RollbackRecord[];
  /**
   * The consistent cut: the moment that all data goes back to, and whose secret versions belong to it. Absent when no
   * data is in scope, or when nothing tells the moment.
   */
  readonly cut?: Date;
  /** The database that takes this password goes back in the same rollback. */
  readonly dataGoesBack?: true;
  /** The version at which a rollback left this password, while its database has the one that is wished. */
  readonly leftAt?: string;
  /** How long people have to approve, seconds: what is written meanwhile stays behind too. */
  readonly approvalSeconds: number;
  /** Whole configuration by component: a kind looks up what its own names point to (a check's task). */
  readonly neighbours: Readonly<Record<string, Configuration>>;
}

/** A verdict, and the move that carries it out when it is `roll-back`. */
export interface Assessment {
  readonly verdict: Verdict;
  readonly move?: Move;
  /** When the component last changed, as far as AWS tells: attribution of an alarm compares with it. */
  readonly lastChangedAt?: Date;
}

/** The reading half of a kind, used by the planner whose role can only read. */
export interface Observer<K extends Kind = Kind> {
  /** Looks at the world and says what a rollback would mean for this component. */
  assess(configuration: ConfigurationOf<K>, wish: Wish): Promise<Assessment>;
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

/**
 * Says what a component is now, for checkpoints; undefined while it is on its way from one version to another. Kinds
 * without a version have no reader.
 */
export type VersionReader<K extends Kind = Kind> = (
  configuration: ConfigurationOf<K>,
) => Promise<ComponentVersion | undefined>;

/**
 * Keeps a proven version alive against AWS's own forgetting (image lifecycle, deprecated secret versions), and lets go
 * of what no longer is a target. Answers in words what it did; failing keeps nobody from calling the checkpoint proven.
 */
export type Keeper<K extends Kind = Kind> = (
  configuration: ConfigurationOf<K>,
  version: ComponentVersion,
  checkpointId: string,
) => Promise<string>;

/**
 * Finds what rollbacks of a component left behind and that costs money until a person removes it. Only reads. `at` is the
 * moment that people are told for.
 */
export type KeptReader<K extends Kind = Kind> = (
  component: string,
  address: KeptAddressOf<K>,
  at: Date,
) => Promise<readonly Kept[]>;

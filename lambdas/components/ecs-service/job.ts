import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { EcsMove } from "../../contracts/ecs-move.ts";
import type { FailureCode } from "../../contracts/failures.ts";
import type { Checkpoint, JournalEntry } from "../../contracts/ledger.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import type { Clock, Journal } from "../component.ts";

export interface DriverServices {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly cloudwatch: CloudWatchClient;
  /** Where the service lives, and so the only ECR registry that can be asked. */
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Marks what this rollback registers, so that it is found again after a crash. */
  readonly rollbackId: string;
  readonly checkpointOf: (id: string) => Promise<Checkpoint | undefined>;
}

/** One tick's view of one move: the clients, the move, what was written down so far, and how to answer. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: EcsMove;
  readonly steps: Steps;
  readonly answer: Answers;
}

/** The steps that a move of this kind writes down; `X-intended` always stands before the call that does X. */
export type Step =
  | "prepared"
  | "cut-over-began"
  | "stop-intended"
  | "stop-requested"
  | "alarms-restore-intended"
  | "alarms-restored"
  | "confirm-began"
  | "revert-began"
  | "revert-stop-intended"
  | "revert-stop-requested"
  | "revert-confirm-began"
  | `${Phase}-${"clone-intended" | "cloned" | "intended" | "started" | "found"}`;

/** A deployment that this rollback may start: that of the target, and that of the way back. */
export type Phase = "cut-over" | "revert";

/** The journal of one component, read once a tick. */
export class Steps {
  readonly #journal: Journal;
  readonly #component: string;
  readonly #clock: Clock;
  readonly #entries: Map<string, JournalEntry>;

  private constructor(journal: Journal, component: string, clock: Clock, entries: readonly JournalEntry[]) {
    this.#journal = journal;
    this.#component = component;
    this.#clock = clock;
    this.#entries = new Map(entries.map((entry) => [entry.step, entry]));
  }

  static async read(journal: Journal, component: string, clock: Clock): Promise<Steps> {
    return new Steps(journal, component, clock, await journal.read(component));
  }

  has(step: Step): boolean {
    return this.#entries.has(step);
  }

  /** When a step was written. */
  timeOf(step: Step): Date | undefined {
    const entry = this.#entries.get(step);
    return entry && new Date(entry.at);
  }

  text(step: Step, fact: string): string | undefined {
    const value = this.#entries.get(step)?.facts[fact];
    return typeof value === "string" ? value : undefined;
  }

  async write(step: Step, facts: JournalEntry["facts"] = {}): Promise<void> {
    const at = this.#clock().toISOString();
    await this.#journal.write(this.#component, step, facts);
    this.#entries.set(step, { component: this.#component, step, at, facts });
  }

  /** Seconds since a step was first taken, which this call takes when it was not. */
  async secondsSince(step: Step): Promise<number> {
    if (!this.has(step)) await this.write(step);
    return (this.#clock().getTime() - (this.timeOf(step)?.getTime() ?? 0)) / 1_000;
  }

  /** Whether this rollback has changed what users get. */
  get touched(): boolean {
    return ["cut-over-started", "stop-requested", "revert-started", "revert-stop-requested"].some((step) =>
      this.#entries.has(step),
    );
  }
}

/** Ends are noticed within one wait; two calls every four seconds stay far below the read limits [docs/facts/ecs.md §4]. */
const WAIT_SECONDS = 4;

/** The three answers of a tick, for one component and verb. */
export class Answers {
  readonly #verb: Verb;
  readonly #component: string;
  readonly #steps: Steps;

  constructor(component: string, verb: Verb, steps: Steps) {
    this.#component = component;
    this.#verb = verb;
    this.#steps = steps;
  }

  working(note: string): Tick {
    return { ...this.#who(), status: "working", note, waitSeconds: WAIT_SECONDS };
  }

  done(note: string): Tick {
    return { ...this.#who(), status: "done", note };
  }

  /** `touched` is what the journal says, unless somebody else's change is felt by users too. */
  failed(code: FailureCode, note: string, touched = this.#steps.touched): Tick {
    return { ...this.#who(), status: "failed", code, note, touched };
  }

  #who() {
    return { component: this.#component, verb: this.#verb };
  }
}

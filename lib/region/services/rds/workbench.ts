import type { Kernel } from "../../kernel/kernel.ts";
import type { Random } from "../../kernel/random.ts";
import type { Range } from "./pace.ts";

/** Something that RDS works on, one job after the other, and whose status people watch. */
export interface Worked {
  readonly id: string;
  /** What stays when names change; snapshots have none. */
  readonly resourceId?: string;
  status: string;
  /** A status that it never leaves again, except by deletion. */
  brokenAs: string | undefined;
  /** A deletion was accepted, whatever the status still says. */
  deleting?: boolean;
  /** Jobs that were accepted and are not done. */
  jobs: number;
  working: Promise<void>;
}

/**
 * Runs what RDS has accepted, in the order of acceptance, and keeps the status while doing so. The log says when there is
 * nothing left to do for something: a status may flash `available` long before.
 */
export class Workbench {
  readonly #kernel: Kernel;
  readonly #random: Random;
  /** Labels of what was accepted since something last rested. */
  readonly #accepted = new Map<Worked, string[]>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#random = kernel.random.fork("rds");
  }

  /** Starts a job at once when nothing else is under way; its first status shows before this returns. */
  queue(on: Worked, label: string, job: () => Promise<void>): void {
    on.jobs += 1;
    this.#accepted.set(on, [...(this.#accepted.get(on) ?? []), label]);
    const started = on.jobs === 1 ? job() : on.working.then(job);
    on.working = started.then(() => {
      on.jobs -= 1;
      if (on.status !== "deleted") on.status = on.brokenAs ?? "available";
      if (on.jobs === 0) this.#tellRest(on);
    });
    this.#kernel.launch(`rds: ${label}`, () => on.working);
  }

  #tellRest(on: Worked): void {
    const { id, resourceId, status } = on;
    const jobs = this.#accepted.get(on) ?? [];
    this.#accepted.delete(on);
    this.#kernel.log.write("rds", "came to rest", { id, resourceId, status, jobs: jobs.join(", ") });
  }

  /** Shows a status for a while, and not at all where that takes no time. */
  async stay(on: Worked, status: string, range: Range): Promise<void> {
    const milliseconds = this.duration(range);
    if (milliseconds === 0) return;
    on.status = status;
    await this.#kernel.sleep(milliseconds);
  }

  async pause(range: Range): Promise<void> {
    await this.#kernel.sleep(this.duration(range));
  }

  /** Whole milliseconds within the range. */
  duration([from, to]: Range): number {
    return Math.round(this.#random.between(from, to));
  }

  get random(): Random {
    return this.#random;
  }
}

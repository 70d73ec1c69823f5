import { COMPONENTS } from "../../lib/region/application/boardroom-names.ts";
import type { Night } from "./in-night.ts";

/** What users felt, in virtual seconds. */
export interface Felt {
  /** The maintenance page was up, or no task that writes ran. */
  readonly closed: number;
  /** The door was open, and something was wrong behind it. */
  readonly faulty: number;
  /** From the beginning until API, web and frontend were the good release, page or not. */
  readonly codeBack: number;
}

const GOOD = "2.9.5";

/** Looks once a second, as a user would who can see behind the page. */
export class UserWatch {
  readonly #night: Night;
  readonly #from: number;
  #watching = true;
  #closed = 0;
  #faulty = 0;
  #codeBackAt: number | undefined;

  constructor(night: Night) {
    this.#night = night;
    this.#from = night.stage.region.kernel.now;
    this.#look();
  }

  end(): Felt {
    this.#watching = false;
    const codeBack = ((this.#codeBackAt ?? Number.NaN) - this.#from) / 1_000;
    return { closed: this.#closed, faulty: this.#faulty, codeBack };
  }

  #look(): void {
    const { stage, complete } = this.#night;
    const { kernel } = stage.region;
    if (!this.#watching) return;
    if (complete.gate() !== "open" || complete.writersRunning() === 0) this.#closed += 1;
    else if (complete.symptoms().length > 0) this.#faulty += 1;
    if (this.#codeBackAt === undefined && this.#codeIsBack()) this.#codeBackAt = kernel.now;
    kernel.schedule(1_000, () => this.#look());
  }

  #codeIsBack(): boolean {
    const { stage, complete } = this.#night;
    const serving = COMPONENTS.map((component) => stage.region.boardroom.serving(component)?.release);
    const releases = [...serving, ...Object.values(complete.frontendReleases())];
    return releases.every((release) => release === GOOD);
  }
}

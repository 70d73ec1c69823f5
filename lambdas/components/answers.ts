import type { FailureCode } from "../contracts/failures.ts";
import type { Tick } from "../contracts/tick.ts";
import type { Verb } from "../contracts/vocabulary.ts";

/** The three answers of a tick, for one component and verb. */
export class Answers {
  readonly #component: string;
  readonly #verb: Verb;
  readonly #touched: () => boolean;
  readonly #waitSeconds: number;

  /** @param touched whether this rollback has changed what users get, as the journal says */
  constructor(
    component: string,
    verb: Verb,
    { touched, waitSeconds }: { readonly touched: () => boolean; readonly waitSeconds: number },
  ) {
    this.#component = component;
    this.#verb = verb;
    this.#touched = touched;
    this.#waitSeconds = waitSeconds;
  }

  /** @param waitSeconds how long to wait before the next look; the kind's own pace unless told */
  working(note: string, waitSeconds = this.#waitSeconds): Tick {
    return { ...this.#who(), status: "working", note, waitSeconds: Math.max(1, Math.round(waitSeconds)) };
  }

  done(note: string): Tick {
    return { ...this.#who(), status: "done", note };
  }

  /** `touched` is what the journal says, unless somebody else's change is felt by users too. */
  failed(code: FailureCode, note: string, touched = this.#touched()): Tick {
    return { ...this.#who(), status: "failed", code, note, touched };
  }

  #who() {
    return { component: this.#component, verb: this.#verb };
  }
}

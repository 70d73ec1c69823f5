import type { Environment } from "../contracts/environment.ts";
import type { TargetChoice } from "../contracts/request.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import type { Observer, Wish } from "./component.ts";

/** What a rollback is about, before any kind was asked. */
export interface Inquiry {
  readonly environment: Environment;
  readonly scope: readonly string[];
  readonly target: TargetChoice;
  readonly strategy: "fast-first" | "together";
  /** An alarm asks for what can be done without a person: data that cannot go back does not stop code. */
  readonly byAlarm: boolean;
  readonly observers: Readonly<Record<Kind, Observer>>;
  readonly wish: Omit<
    Wish,
    "component" | "part" | "target" | "cut" | "dataGoesBack" | "leftAt" | "neighbours" | "approvalSeconds"
  >;
}

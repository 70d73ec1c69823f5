import type { Principal } from "../service-model.ts";

/** One call that reached a service, whether over the wire or from another service. */
export interface CallRecord {
  /** Virtual time of arrival at the service, epoch milliseconds. */
  readonly at: number;
  /** SigV4 signing name. */
  readonly service: string;
  readonly operation: string;
  readonly principal: Principal;
  readonly requestId: string;
  /** `ok`, or the code of the error with which the service answered. */
  readonly outcome: string;
  /** Whether the caller was cut off before it could learn the outcome. */
  readonly replyLost: boolean;
  /** Whether the operation changes anything, judged by its verb. */
  readonly mutating: boolean;
  /** As decoded; in memory only, never logged. */
  readonly input: Readonly<Record<string, unknown>>;
}

const readingVerbs =
  /^(Describe|List|Get|BatchGet|BatchCheck|Head|Query|Scan|TransactGet|Lookup|Search|Filter|Test|Validate|Simulate|Preview|AssumeRole)/;

/** The SDK's schemas leave Smithy's `readonly` trait out, so the verb of the operation's name decides. */
export function isMutating(operation: string): boolean {
  return !readingVerbs.test(operation);
}

/** `role/session`, a user's name, or a service principal: a caller as the log names it. */
export function shortName({ arn, session }: Principal): string {
  const name = arn.split("/").at(-1) ?? arn;
  return session === undefined ? name : `${name}/${session}`;
}

import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Kernel } from "../../kernel/kernel.ts";
import { AwsError } from "../../service-model.ts";

/**
 * How long a `ClientRequestToken` makes a transaction idempotent (API reference, TransactWriteItems: 10
 * minutes).
 */
const VALID_MS = 10 * 60_000;

/**
 * The tokens of transactions that succeeded; that a cancelled one may be repeated with its token is
 * unverified.
 */
export class TransactionTokens {
  readonly #kernel: Kernel;
  readonly #used = new Map<string, { readonly at: number; readonly request: string }>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /**
   * True when this very transaction has been done already; throws when the token was used for another one.
   */
  isRepetition(token: string, items: readonly TransactWriteItem[]): boolean {
    const used = this.#used.get(token);
    if (used === undefined || used.at < this.#kernel.now - VALID_MS) return false;
    if (used.request === JSON.stringify(items)) return true;
    throw new AwsError(
      "IdempotentParameterMismatchException",
      "The request uses the same client token as a previous, but non-identical request.",
    );
  }

  remember(token: string, items: readonly TransactWriteItem[]): void {
    this.#used.set(token, { at: this.#kernel.now, request: JSON.stringify(items) });
  }
}

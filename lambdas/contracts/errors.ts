/**
 * Every error that Stepback itself raises: the code is the error's `name`, which Step Functions matches on, so it is a
 * literal. `docs/errors.md` explains each one; a test compares the two.
 */
export const ERRORS = {
  BadRequest: { retryable: false, actor: "whoever started the rollback" },
  LockLost: { retryable: false, actor: "nobody: another rollback took over" },
  BeingTidied: { retryable: true, actor: "nobody: it goes on when the clean-up is through" },
  LedgerCorrupt: { retryable: false, actor: "the Stepback maintainers" },
  NotAllowed: { retryable: false, actor: "the owner of the AWS account" },
  AwsBusy: { retryable: true, actor: "nobody: it is tried again" },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a name from the table and a message that says what was attempted, on what, what was found, what to do. */
export class StepbackError extends Error {
  override readonly name: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
  }
}

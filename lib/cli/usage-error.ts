/** Something a person typed cannot be done; the message says what, why and what to do instead. Nothing was changed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

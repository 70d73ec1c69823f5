import { createHash } from "node:crypto";

/** A name for a password that gives nothing of it away: what the model keeps instead of passwords. */
export function passwordLabel(password: string): string {
  return `password-${createHash("sha256").update(password).digest("hex").slice(0, 12)}`;
}

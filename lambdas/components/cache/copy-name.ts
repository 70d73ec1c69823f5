import { createHash } from "node:crypto";

/** Tags of a copy: whose rollback made it, and of which cache it is one. Deleting is bound to them, here and by IAM. */
export const ROLLBACK_TAG = "stepback:rollback";
export const SOURCE_TAG = "stepback:source";

/** Of this form, and no other, are the caches that Stepback makes: at most 40 characters, no two hyphens in a row. */
export function copyName(source: string, rollbackId: string, component: string): string {
  const digest = createHash("sha256").update(`${rollbackId} ${component}`).digest("hex").slice(0, 8);
  return `${source.slice(0, 28).replace(/-+$/, "")}-sb-${digest}`;
}

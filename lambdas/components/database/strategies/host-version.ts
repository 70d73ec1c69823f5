import { createHash } from "node:crypto";

/** The id of the secret's version that a rollback of a component writes: a UUID in shape, the same in every retry. */
export function hostVersion(
  rollbackId: string,
  component: string,
  what: "host" | "reader host" = "host",
): string {
  const hex = createHash("sha256").update(`${rollbackId} ${component} ${what}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

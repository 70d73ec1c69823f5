import { createHash } from "node:crypto";

/**
 * The client token of a rotation and so the id of the version that it makes: the same for every attempt of one rollback.
 * A UUID, as the SDK makes one itself; 32 to 64 characters are allowed.
 */
export function rotationToken(rollbackId: string, component: string): string {
  const hash = createHash("sha256").update(`${rollbackId}\n${component}`).digest("hex");
  const variant = ["8", "9", "a", "b"][Number.parseInt(hash.charAt(16), 16) % 4];
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

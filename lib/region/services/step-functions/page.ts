import { AwsError } from "../../service-model.ts";

/**
 * One page of a list. "The default is 100 and the maximum allowed page size is 1000. A value of 0 uses the default."
 * [SDK]; what is above the maximum is refused [localstack AWS snapshots].
 */
export function pageOf<T>(
  all: readonly T[],
  {
    maxResults,
    nextToken,
  }: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly items: T[]; readonly nextToken?: string } {
  const size = maxResults || 100;
  if (size > 1_000) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    );
  }
  const start = nextToken === undefined ? 0 : offsetOf(nextToken);
  const end = start + size;
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: Buffer.from(`page:${end}`).toString("base64") } : { items };
}

function offsetOf(token: string): number {
  const [, offset] = /^page:(\d+)$/.exec(Buffer.from(token, "base64").toString()) ?? [];
  if (offset === undefined) throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
  return Number(offset);
}

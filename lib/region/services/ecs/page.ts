import { AwsError } from "../../service-model.ts";

/** One page of a list: `nextToken` is the offset, opaque to callers. */
export function page<Item>(
  items: readonly Item[],
  input: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
  defaultSize: number,
): { readonly items: Item[]; readonly next: { nextToken?: string } } {
  const from = input.nextToken === undefined ? 0 : Number.parseInt(input.nextToken, 36);
  if (Number.isNaN(from)) throw new AwsError("InvalidParameterException", "Invalid token.");
  const to = from + (input.maxResults ?? defaultSize);
  return {
    items: items.slice(from, to),
    next: to < items.length ? { nextToken: to.toString(36) } : {},
  };
}

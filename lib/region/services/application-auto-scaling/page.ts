import { AwsError } from "../../service-model.ts";

/** One page of a list: `NextToken` is the offset, opaque to callers. */
export function page<Item>(
  items: readonly Item[],
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
  defaultSize: number,
): { readonly items: Item[]; readonly next: { NextToken?: string } } {
  const from = input.NextToken === undefined ? 0 : Number.parseInt(input.NextToken, 36);
  if (Number.isNaN(from)) throw new AwsError("InvalidNextTokenException", "Invalid token.");
  const to = from + (input.MaxResults ?? defaultSize);
  return {
    items: items.slice(from, to),
    next: to < items.length ? { NextToken: to.toString(36) } : {},
  };
}

import { AwsError } from "../../service-model.ts";

/** One page of a list; the token names the position where the next one begins. */
export function page<Item>(
  items: readonly Item[],
  { size, token }: { readonly size: number; readonly token: string | undefined },
): { readonly items: Item[]; readonly NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError("InvalidNextToken", "The next token is invalid.");
  const next = from + size;
  return {
    items: items.slice(from, next),
    ...(next < items.length ? { NextToken: Buffer.from(`${next}`).toString("base64url") } : {}),
  };
}

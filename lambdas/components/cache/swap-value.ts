import type { SSMClient } from "@aws-sdk/client-ssm";
import { type PlainValue, readPlain, writePlain } from "./plain-parameter.ts";

/** What came of an attempt to change a value. */
export type Swap =
  | { readonly swap: "already" | "written" }
  /** It holds something else than either value, which stays. */
  | { readonly swap: "foreign" }
  /** Somebody wrote at the same moment; their value was put back. */
  | { readonly swap: "collided" }
  | { readonly swap: "unusable"; readonly problem: string };

/**
 * Changes a parameter from one value to another, and only from that one. PutParameter has no precondition, so the version
 * is compared before and after (docs/facts/frontend-secrets-config.md §C.1): what somebody wrote in between and was
 * overwritten is put back.
 *
 * @param intend called before the first write: whoever keeps a journal writes the intention down
 */
export async function swapValue(
  ssm: SSMClient,
  name: string,
  { from, to, intend }: { readonly from: string; readonly to: string; readonly intend?: () => Promise<void> },
): Promise<Swap> {
  const before = await readPlain(ssm, name);
  if ("problem" in before) return { swap: "unusable", problem: before.problem };
  if (before.value === to) return { swap: "already" };
  if (before.value !== from) return { swap: "foreign" };
  await intend?.();
  const version = await writePlain(ssm, name, to);
  const overwritten = await overwrittenBetween(ssm, name, before, version);
  if (!overwritten || overwritten.value === to) return { swap: "written" };
  await writePlain(ssm, name, overwritten.value);
  return { swap: "collided" };
}

/** The last value that was written after `before` was read and before `version` was. */
export async function overwrittenBetween(
  ssm: SSMClient,
  name: string,
  before: PlainValue,
  version: number,
): Promise<PlainValue | undefined> {
  if (version <= before.version + 1) return undefined;
  const found = await readPlain(ssm, name, version - 1);
  return "problem" in found ? undefined : found;
}

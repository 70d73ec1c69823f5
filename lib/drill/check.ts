import type { Check } from "./result.ts";

/** One expectation and whether it held; what was found is shown when it did not. */
export const check = (claim: string, held: boolean, found: unknown): Check => ({
  claim,
  held,
  found: typeof found === "string" ? found : JSON.stringify(found),
});

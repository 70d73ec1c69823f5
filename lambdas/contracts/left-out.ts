import * as z from "zod";
import { Tick } from "./tick.ts";
import { Verb } from "./vocabulary.ts";

/**
 * An action that was not carried out because of other components: `left-out` because it needs one that failed, which
 * leaves its component where it is; `not-needed` because nobody that it helps can go on.
 */
export const LeftOut = z.strictObject({
  status: z.enum(["left-out", "not-needed"]),
  component: z.string(),
  verb: Verb,
  /** Components that failed, were left out themselves, or stand half way. */
  because: z.array(z.string()),
});

/** What became of an action of the waves. */
export const Result = z.discriminatedUnion("status", [...Tick.options, LeftOut]);

export type LeftOut = z.infer<typeof LeftOut>;
export type Result = z.infer<typeof Result>;

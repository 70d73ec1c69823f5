import * as z from "zod";
import { frontendOverHttp } from "../../bench/frontend-over-http.ts";
import { JournalEntry } from "../../lambdas/contracts/ledger.ts";
import { Move } from "../../lambdas/contracts/plan.ts";
import { Verb } from "../../lambdas/contracts/vocabulary.ts";

/** What an invocation is told, by message. */
export const Invocation = z.object({
  port: z.number(),
  verb: Verb,
  move: Move,
  entries: z.array(JournalEntry),
  /** The journal's step that ends the invocation: what comes after it is not S3's. */
  until: z.string(),
  /** Milliseconds of processor time that count as one second of a tick. */
  pace: z.number(),
});

export type Invocation = z.infer<typeof Invocation>;

/**
 * One invocation of the frontend's mover, in a process of its own: one tick of a new driver, which knows nothing but the
 * journal. It tells each entry that it writes, and at its end the answer and the most memory it had.
 */
if (import.meta.main) {
  process.once("message", async (message) => {
    const { port, verb, move, entries, until, pace } = Invocation.parse(message);
    const begun = Date.now();
    // By the processor's time, not the day's: where a tick ends does not depend on how busy the machine is.
    const clock = () => {
      const { user, system } = process.cpuUsage();
      return new Date(begun + (user + system) / pace);
    };
    const keep = (entry: JournalEntry) => {
      process.send?.({ entry });
      if (entry.step === until) throw new Error(ENDED);
    };
    const { driver } = frontendOverHttp({ port, rollbackId: "rb-large", entries, clock, keep });
    const tick = await driver.tick(verb, move).catch((error: Error) => {
      if (error.message !== ENDED) throw error;
      return undefined;
    });
    const residentMb = Math.round(process.resourceUsage().maxRSS / 1_024);
    process.send?.({ ...(tick ? { tick } : {}), residentMb }, () => process.exit());
  });
}

const ENDED = "The step that was waited for is written";

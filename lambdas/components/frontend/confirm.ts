import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";

/**
 * How long users may still be given something else after the cut-over: a pointer takes up to a minute to reach the edges
 * (docs/facts/performance-reliability.md, KVS), a slow one more.
 */
const GRACE_SECONDS = 300;

/**
 * Checks that the target is what users get: AWS's own word first, then a request as users make it. One function sees one
 * edge location; what it cannot see, `Deployed` and `Completed` have said before (docs/facts/frontend-secrets-config.md
 * §A.8).
 */
export async function confirm(job: Job, strategy: ReleaseStrategy): Promise<Tick> {
  const { answer, steps, details, probe } = job;
  const verified = await strategy.verify(job);
  if (verified.status !== "done" || !details.probe) return verified;
  const elapsed = await steps.secondsSince("confirm-began");
  const expected = steps.text("prepared", "says") ?? details.toRelease;
  const { host, path } = details.probe;
  const result = await probe(details.probe);
  if (result.answer === "says" && result.value === expected) {
    return answer.done(`https://${host}${path} says ${expected}. ${verified.note}`);
  }
  if (result.answer === "forbidden") return answer.failed("CHECK_FAILED", `It was not asked: ${result.why}.`);
  const why = result.answer === "says" ? `https://${host}${path} says ${result.value}` : result.why;
  if (elapsed <= GRACE_SECONDS) return answer.working(`${why}; ${expected} is expected.`);
  return answer.failed(
    "CHECK_FAILED",
    `${why}, not ${expected}, ${GRACE_SECONDS / 60} minutes after the cut-over.`,
  );
}

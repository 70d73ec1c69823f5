import { mayLeadNowhere } from "./address.ts";
import type { CheckPhase, CheckPlace, CheckResult, CheckRun } from "./check-run.ts";
import { checkByTask } from "./check-task.ts";
import type { Job, Step } from "./job.ts";

/** Runs the configured checks one after the other; each one that was good stays good. */
export async function runChecks(job: Job, phase: CheckPhase, place: CheckPlace): Promise<CheckResult> {
  const { steps, details } = job;
  for (const check of details.checks) {
    const step: Step = `check-${phase}-${check.name}`;
    if (steps.has(step)) continue;
    const result = await runCheck(job, { check, phase, ...place });
    if (result.status !== "good") return result;
    await steps.write(step, { note: result.note });
  }
  const count = details.checks.length;
  if (count === 0) return { status: "good", note: "No integrity checks are configured." };
  return { status: "good", note: `${count === 1 ? "Its check is" : `Its ${count} checks are`} good.` };
}

const RETRY_SECONDS = 15;

/**
 * After a rename the name may lead nowhere for minutes. A migration that starts then fails, and nobody runs it again: so
 * users are not sent on before one check got through, or before the time that AWS names is over.
 */
export async function untilNameLeads(job: Job, place: CheckPlace): Promise<CheckResult> {
  const { steps, details } = job;
  if (!mayLeadNowhere(job)) return { status: "good", note: "" };
  const check = details.checks.find(({ task }) => details.tasks[task]?.safeToRepeat === true);
  if (!check) {
    const note = `For some ten minutes the name ${details.identifier} may lead nowhere; a check that may be repeated would tell when it does.`;
    return { status: "working", note, waitSeconds: RETRY_SECONDS };
  }
  const result = await runCheck(job, { check, phase: "live", ...place });
  if (result.status === "good") {
    await steps.write(`check-live-${check.name}`, { note: result.note });
    await steps.write("name-leads", { by: check.name });
  }
  return result;
}

/** While the address may lead nowhere yet, a check that fails says nothing, and one that runs once only is not begun. */
async function runCheck(job: Job, run: Omit<CheckRun, "attempt">): Promise<CheckResult> {
  const { steps, details } = job;
  const { check, phase } = run;
  const again: Step = `again-${phase}-${check.name}`;
  const attempt = steps.number(again, "attempt") ?? 1;
  const early = phase === "live" && mayLeadNowhere(job);
  if (early && details.tasks[check.task]?.safeToRepeat !== true) {
    const note = `The check ${check.name} waits until the name leads to the renamed database.`;
    return { status: "working", note, waitSeconds: RETRY_SECONDS };
  }
  const result = await checkByTask(job, { ...run, attempt });
  if (result.status !== "failed" || !early) return result;
  await steps.write(again, { attempt: attempt + 1 });
  const note = `${result.note} The name may not lead to the renamed database yet; it is run again.`;
  return { status: "working", note, waitSeconds: RETRY_SECONDS };
}

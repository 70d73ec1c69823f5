import type { Tick } from "../../contracts/tick.ts";
import { withFullStop } from "../../domain/full-stop.ts";
import { refusalText } from "../aws-call.ts";
import type { Job } from "./job.ts";
import { type Switch, switchOf } from "./switches.ts";

/**
 * Shows users the maintenance page. Judged by what is there, not by what was written down: on the way back of a rollback
 * the page is shown a second time.
 */
export async function showPage(job: Job): Promise<Tick> {
  const { answer, details, steps, clock } = job;
  const page = switchOf(job, details.switch);
  const positions = await page.look();
  if ("problem" in positions) return answer.failed("CHANGED_SINCE_PLAN", sentence(positions.problem));
  if (positions.includes("other")) {
    const note = `Somebody changed ${page.name}: neither on nor off, and left alone.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  if (positions.includes("off")) {
    await steps.once("cut-over-began");
    // Only what this rollback turned on is turned off by it.
    await beginAfter(job, "on-intended", "off-began");
    const turned = await page.turn("on");
    if (turned === "turned") return answer.working(`Turning on ${page.name}.`, page.settleSeconds);
    return (
      tooLate(job, "on-intended") ?? answer.working(`Somebody changed ${page.name} at the same time.`, 1)
    );
  }
  const since = steps.timeOf("on-intended");
  const seconds = since ? (clock().getTime() - since.getTime()) / 1_000 : page.settleSeconds;
  if (seconds < page.settleSeconds) {
    return answer.working("The maintenance page is on its way to users.", page.settleSeconds - seconds);
  }
  await steps.once("cut-over-done");
  return answer.done("Users see the maintenance page.");
}

/**
 * Lets users in again, when it was this rollback that showed the page. What somebody changed since stays as it is, and is
 * no success: whether users are let in is theirs to say.
 */
export async function hidePage(job: Job): Promise<Tick> {
  const { answer, details, steps } = job;
  if (!steps.has("on-intended"))
    return answer.done("This rollback did not turn maintenance mode on; nothing to turn off.");
  const page = switchOf(job, details.switch);
  const positions = await page.look();
  if ("problem" in positions) {
    return answer.failed(
      "CHANGED_SINCE_PLAN",
      `Nobody can tell whether users see the page: ${positions.problem}`,
    );
  }
  if (positions.includes("on")) {
    await beginAfter(job, "off-began", "on-intended");
    const turned = await turnOff(page);
    if (typeof turned === "object") return answer.failed("REFUSED_BY_AWS", turned.refusal);
    if (turned === "turned") return answer.working(`Turning off ${page.name}.`, 1);
    return tooLate(job, "off-began") ?? answer.working(`Somebody changed ${page.name} at the same time.`, 1);
  }
  if (positions.includes("other")) {
    const note = `Somebody changed ${page.name} meanwhile: neither on nor off, and left alone. Look whether users are let in.`;
    return answer.failed("SUPERSEDED", note);
  }
  return answer.done("Users are let in again.");
}

/** Nothing keeps users out longer than a page that nobody turns off: a refusal says how. */
async function turnOff(page: Switch): Promise<"turned" | "collided" | { readonly refusal: string }> {
  try {
    return await page.turn("off");
  } catch (error) {
    const refusal = refusalText(error);
    if (refusal === undefined) throw error;
    const commands = page.byHand("off").join(" ; ");
    return { refusal: `Users still see the maintenance page. ${withFullStop(refusal)} By hand: ${commands}` };
  }
}

/** Only reads. */
export async function confirmPage(job: Job): Promise<Tick> {
  const { answer, details } = job;
  const positions = await switchOf(job, details.switch).look();
  if ("problem" in positions) return answer.failed("CHANGED_SINCE_PLAN", sentence(positions.problem));
  if (positions.every((position) => position === "on")) return answer.done("Users see the maintenance page.");
  return answer.failed("SUPERSEDED", "Maintenance mode is not on any more: somebody turned it off.");
}

/** Marks the beginning of a turn: anew when the page was turned the other way since. */
async function beginAfter({ steps }: Job, step: Turn, opposite: Turn): Promise<void> {
  const [began, turnedBack] = [steps.timeOf(step), steps.timeOf(opposite)];
  if (!began || (turnedBack && turnedBack > began)) await steps.write(step);
}

/** Somebody who keeps changing it is not fought for ever. */
function tooLate({ answer, details, steps, clock }: Job, began: Turn): Tick | undefined {
  const first = steps.timeOf(began);
  const seconds = first ? (clock().getTime() - first.getTime()) / 1_000 : 0;
  if (seconds <= details.deadlineSeconds) return undefined;
  const note = `Maintenance mode could not be changed within ${Math.round(seconds / 60)} minutes: somebody else does too.`;
  return answer.failed("TOO_SLOW", note);
}

type Turn = "on-intended" | "off-began";

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

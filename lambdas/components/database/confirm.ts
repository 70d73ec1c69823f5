import type { Tick } from "../../contracts/tick.ts";
import { runChecks } from "./checks.ts";
import { rests } from "./first-backup.ts";
import type { Job } from "./job.ts";
import type { Database } from "./shapes/shape.ts";
import { type Sides, servingGroups, sidesOf } from "./sides.ts";
import { isSteady } from "./steady.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/** Changes that were accepted at the cut-over take minutes; after this long something is wrong. */
const GRACE_SECONDS = 1_800;

/** Checks that users are on the restored data, that it is configured as the old one was, and that it is good. */
export async function confirm(job: Job): Promise<Tick> {
  const { answer, details, shape, steps } = job;
  const sides = details.way === "backtrack" ? await inPlace(job) : await sidesOf(job);
  const { fresh } = sides;
  if (!fresh) return answer.failed("WRONG_VERSION", `The restored ${shape.noun} is gone.`);
  const { who, host } = await strategyOf({ details }).serving(job, [
    fresh,
    ...(sides.old ? [sides.old] : []),
  ]);
  if (who !== fresh.resourceId && !(details.way === "backtrack" && who === "unknowable")) {
    return answer.failed("WRONG_VERSION", `Users of ${details.identifier} are not on ${fresh.identifier}.`);
  }
  const seconds = await steps.secondsSince("confirm-began");
  // A backup that begins meanwhile, or a first one that takes hours, keeps nobody from it.
  if (!(await isSteady(job, "confirm", rests(job, fresh)))) {
    const note = `${fresh.identifier} is ${fresh.status}, coming to rest.`;
    return seconds > GRACE_SECONDS ? answer.failed("TOO_SLOW", note) : answer.working(note);
  }
  const model = modelOf(job, sides);
  const differences = model ? differencesOf(job, model, fresh) : [];
  if (differences.length > 0) {
    const note = `${fresh.identifier} serves, but is not like the old one: ${differences.join("; ")}.`;
    return answer.failed("SETTINGS_DIFFER", note);
  }
  const checked = await runChecks(job, "live", { host: host ?? fresh.host ?? "", arn: fresh.arn });
  if (checked.status === "working") return answer.working(checked.note, checked.waitSeconds);
  if (checked.status === "failed") return answer.failed("CHECK_FAILED", checked.note);
  const lacks = steps.text("lacks", "what") ?? "";
  const later = lacks === "" ? "" : ` Still to come, by itself: ${lacks}.`;
  return answer.done(
    `${details.identifier} is served by ${fresh.identifier} (${fresh.resourceId}). ${checked.note}${later}`.trim(),
  );
}

/** A backtracked cluster is its own successor. */
async function inPlace({ shape, details }: Job): Promise<Sides> {
  return { old: undefined, fresh: await shape.find(details.sourceResourceId) };
}

/** What the new one has to be like. What was kept for an undo is as it was then; only a copy has to be like its source. */
function modelOf(job: Job, { old }: Sides): Database | undefined {
  if (!old || job.details.way === "return") return undefined;
  return job.shape.asServing(old, servingGroups(job, old));
}

function differencesOf({ shape, details }: Job, model: Database, fresh: Database): readonly string[] {
  return details.serveDuringBackups ? shape.felt(model, fresh) : shape.differences(model, fresh, "live");
}

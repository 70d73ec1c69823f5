import type { Job } from "../job.ts";
import { drain, renameTo } from "../rename.ts";
import type { Progress } from "./progress.ts";
import { done } from "./progress.ts";
import type { Strategy, Switch } from "./strategy.ts";

/**
 * The old one gives its name away, the new one takes it: two renames with two reboots, and the application changes
 * nothing (docs/facts/database.md §5 a, §12). The way back first waits for renames that may still be under way.
 */
export const renameStrategy: Strategy = {
  advance: (job, change) => (change.direction === "cut-over" ? swap(job, change) : swapBack(job, change)),

  async serving({ shape, details }) {
    const holder = await shape.named(details.identifier);
    return { who: holder?.resourceId, host: holder?.host, leadsTo: holder ? [holder.resourceId] : [] };
  },

  byHand({ shape, details }, { from, to }) {
    const vacated = details.stagingIdentifier;
    return [
      ...(from?.identifier === details.identifier ? [shape.renameCommand(details.identifier, vacated)] : []),
      ...(to.identifier === details.identifier
        ? []
        : [shape.renameCommand(to.identifier, details.identifier)]),
    ];
  },
};

async function swap(job: Job, { from, to }: Switch): Promise<Progress> {
  const { identifier, retiredIdentifier } = job.details;
  if (from) {
    const left = await renameTo(job, {
      key: "rename-old",
      database: from,
      to: retiredIdentifier,
      partner: to,
    });
    if (left.state !== "done") return left;
  }
  return renameTo(job, { key: "rename-new", database: to, to: identifier, partner: from });
}

async function swapBack(job: Job, { from, to }: Switch): Promise<Progress> {
  const { identifier, stagingIdentifier } = job.details;
  if (!job.steps.has("drained")) {
    const left = [await drain(job, "rename-old", to), await drain(job, "rename-new", from)];
    const waiting = left.find(({ state }) => state !== "done");
    if (waiting) return waiting;
    await job.steps.write("drained");
  }
  if (from) {
    const left = await renameTo(job, {
      key: "rename-back-new",
      database: from,
      to: stagingIdentifier,
      partner: to,
    });
    if (left.state !== "done" && (left.state === "working" || from.identifier === identifier)) return left;
  }
  const back = await renameTo(job, { key: "rename-back-old", database: to, to: identifier, partner: from });
  return back.state === "done" ? done : back;
}

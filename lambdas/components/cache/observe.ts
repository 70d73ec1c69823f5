import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { type CacheComponent, CacheMove } from "../../contracts/kinds/cache.ts";
import type { Move, Verdict } from "../../contracts/plan.ts";
import { measuredOf } from "../../domain/measured.ts";
import type { Assessment, Observer, Wish } from "../component.ts";
import { nameOf } from "../ecs-service/content.ts";
import { resolveRun } from "../task/resolve-run.ts";
import { assessCopy } from "./assess-copy.ts";
import { epochIn } from "./epoch-number.ts";
import { readPlain } from "./plain-parameter.ts";
import type { Proposal } from "./proposal.ts";

export interface ObserverServices {
  readonly ssm: SSMClient;
  readonly elasticache: ElastiCacheClient;
  readonly ecs: ECSClient;
}

/** Says how users would be kept from what the bad release left in a cache. Only reads. */
export function cacheObserver(services: ObserverServices): Observer<"cache"> {
  return {
    async assess(configuration, wish) {
      const proposal = await proposalFor(services, configuration, wish);
      if ("problem" in proposal) return said(wish, "refuse", proposal.problem);
      if ("nothing" in proposal) return said(wish, "nothing-to-do", proposal.nothing);
      const { seconds, prepareSeconds = 0, details, ...rest } = proposal;
      const move: Move = {
        component: wish.component,
        kind: "cache",
        tier: "reversible",
        ...rest,
        ...estimateOf(wish, seconds, prepareSeconds),
        details: CacheMove.parse({
          clean: configuration.clean,
          ...details,
          deadlineSeconds: configuration.deadlineMinutes * 60,
        }),
      };
      const { verdict } = said(wish, "roll-back", move.reason);
      return { verdict: { ...verdict, warnings: move.warnings }, move };
    },
  };
}

function proposalFor(services: ObserverServices, { clean }: CacheComponent, wish: Wish): Promise<Proposal> {
  if (clean.way === "epoch") return nextEpoch(services, clean.parameter);
  if (clean.way === "flush") return flush(services, clean.task, wish);
  return assessCopy(services, clean, wish);
}

/** Always a fresh epoch, also for an undo: what an old one holds has aged, and may be the bad release's. */
async function nextEpoch({ ssm }: ObserverServices, parameter: string): Promise<Proposal> {
  const now = await readPlain(ssm, parameter);
  if ("problem" in now) return now;
  const epoch = epochIn(now.value);
  if (epoch === undefined) {
    return { problem: `the parameter ${parameter} does not hold a whole number; correct it.` };
  }
  const [from, to] = [String(epoch), String(epoch + 1)];
  return {
    from: { id: from, label: `epoch ${from}` },
    to: { id: to, label: `epoch ${to}` },
    reason: `goes from epoch ${from} to ${to}: what the release wrote is not read any more.`,
    warnings: ["The cache starts empty: expect more load on the database until it has filled."],
    verbs: ["cutOver", "confirm"],
    details: { from, to },
    seconds: 5,
  };
}

async function flush({ ecs }: ObserverServices, taskName: string, { neighbours }: Wish): Promise<Proposal> {
  const task = neighbours[taskName];
  if (task?.kind !== "task")
    return { problem: `its task ${taskName} is not configured; correct the environment.` };
  const resolved = await resolveRun(ecs, task, { neighbours });
  if ("problem" in resolved) return { problem: `its task ${taskName} cannot be run: ${resolved.problem}` };
  return {
    from: { id: "filled", label: "filled" },
    to: { id: "emptied", label: `emptied by ${taskName}` },
    reason: `is emptied by ${taskName} in ${nameOf(resolved.run.taskDefinition)}.`,
    warnings: [
      ...resolved.warnings,
      "All of it is emptied at once: expect more load on the database until it has filled.",
    ],
    verbs: ["cutOver"],
    details: { from: "filled", to: "emptied", task: resolved.run },
    // Starting a task on Fargate with a small image, and a short command.
    seconds: 120,
  };
}

/** What earlier rollbacks and rehearsals took, else what is usual. */
function estimateOf({ component, past }: Wish, seconds: number, usual: number) {
  const prepareSeconds = usual === 0 ? 0 : (median(measuredOf(past, component, "prepare")) ?? usual);
  const cutOver = median(measuredOf(past, component, "cutOver")) ?? seconds;
  return { prepareSeconds, estimateSeconds: prepareSeconds + cutOver };
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function said({ component }: Wish, verdict: Verdict["verdict"], reason: string): Assessment {
  return { verdict: { component, kind: "cache", verdict, reason, warnings: [] } };
}

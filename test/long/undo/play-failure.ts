import { Environment } from "../../../lambdas/contracts/environment.ts";
import { FAILURE_POLICIES } from "../../../lambdas/contracts/vocabulary.ts";
import { changedIn } from "../../../lib/drill/world.ts";
import type { FaultRule } from "../../../lib/region/wire/fault-plan.ts";
import type { Calls } from "./kills.ts";
import { Night } from "./night.ts";
import { pick, type World, worldOf } from "./world.ts";

/** What came of a seed whose rollback AWS denied one change. */
export interface PlayedFailure {
  /** What was chosen, what was denied and how it ended, in words: for whoever looks at a failure. */
  readonly story: string;
  /** How a law was broken; empty when all hold. */
  readonly broken: readonly string[];
  readonly struck: boolean;
}

/**
 * A rollback that AWS denies one change falls short, and leaves an application that works; its undo leaves the world as it
 * was. A first rollback meets no trouble and tells what the movers change.
 */
export async function playFailure(seed: number): Promise<PlayedFailure> {
  const world = withPolicy(worldOf(seed));
  const night = await Night.begin(world);
  const calm = await night.through({ kills: [] }, (stop) => night.rollBack(stop));
  await night.undo(calm.rollbackIds);

  const before = await night.snapshot();
  const denial = denialAmong(calm.calls, world);
  const back = await night.through({ kills: [denial] }, (stop) => night.rollBack(stop));
  const works = await lawsBroken(night);
  const undone = await night.undo(back.rollbackIds);
  const left = changedIn(before, await night.snapshot());
  const broken = [
    ...works,
    ...(await lawsBroken(night)),
    ...(left.length > 0
      ? [`these are not as before: ${left.join(", ")}; the undo ended ${undone.outcome}`]
      : []),
  ];
  const { principalIncludes, operation, skip } = denial;
  const story = `${world.words}; ${world.environment.policy.onFailure}; ${principalIncludes} is denied ${operation} ${skip}; ${back.outcome}`;
  return { story, broken, struck: back.idle.length === 0 };
}

function withPolicy(world: World): World {
  const { environment, random } = world;
  const policy = { ...environment.policy, onFailure: pick(random, FAILURE_POLICIES) };
  return { ...world, environment: Environment.parse({ ...environment, policy }) };
}

/** One of the movers' changes of the world, by how many like it came before. */
function denialAmong(calls: Calls, { random }: World): FaultRule {
  const changes = calls.filter((call) => call.mutating && call.service !== "dynamodb" && moverOf(call));
  const chosen = pick(random, changes);
  const isLike = ({ operation, principal }: Calls[number]) =>
    operation === chosen.operation && principal.arn === chosen.principal.arn;
  return {
    ...{ service: chosen.service, operation: chosen.operation, principalIncludes: moverOf(chosen) ?? "" },
    ...{ skip: changes.filter(isLike).indexOf(chosen), times: 1, effect: "access-denied" },
  };
}

const moverOf = ({ principal: { arn, session } }: Calls[number]) =>
  /Move(Cache|Database|EcsService|Frontend|Maintenance|Parameter|Secret|Task)/.exec(
    `${arn} ${session ?? ""}`,
  )?.[0];

/** One call was denied, on purpose. */
const lawsBroken = async (night: Night) =>
  (await night.brokenLaws()).filter((law) => law !== "a call was denied");

import { changedIn } from "../../../lib/drill/world.ts";
import type { FaultRule } from "../../../lib/region/wire/fault-plan.ts";
import { changesIn } from "./denials.ts";
import { Night } from "./night.ts";
import type { PlayedFailure } from "./play-failure.ts";
import { pick, withAnyPolicy, worldOf } from "./world.ts";

/** Minutes for which one of AWS's services answers Stepback nothing but trouble. */
const OUTAGES = [1, 3, 10, 25] as const;
const EFFECTS = ["throttle", "server-error"] as const;
/** By then the clean-up has put right what the rollback could not reach. */
const LATER_SECONDS = 45 * 60;

/**
 * One of AWS's services is out while a rollback runs. It may fall short; some time after the outage the application works,
 * whoever put it right, and the undo leaves the world as it was.
 */
export async function playOutage(seed: number): Promise<PlayedFailure> {
  const world = withAnyPolicy(worldOf(seed));
  const { random } = world;
  const night = await Night.begin(world);
  const began = night.stage.region.kernel.now;
  const calm = await night.through({ kills: [] }, (stop) => night.rollBack(stop));
  const took = night.stage.region.kernel.now - began;
  await night.undo(calm.rollbackIds);
  await night.pass(60);

  const before = await night.snapshot();
  const services = [...changesIn(calm.calls).map(({ service }) => service), "dynamodb"];
  const [service, minutes] = [pick(random, [...new Set(services)].sort()), pick(random, OUTAGES)];
  const from = night.stage.region.kernel.now + random.integer(0, Math.round(took));
  const outage: FaultRule = {
    ...{ service, principalIncludes: "Functions", effect: pick(random, EFFECTS) },
    ...{ from, until: from + minutes * 60_000 },
  };
  const known = await night.rollbackIds();
  const back = await night.through({ kills: [outage] }, async (stop) => {
    const ended = await night.rollBack(stop);
    await night.pass(LATER_SECONDS);
    return ended;
  });
  const broken = [...(await night.brokenLaws())];
  const undone = await night.undo((await night.rollbackIds()).filter((id) => !known.includes(id)));
  const left = changedIn(before, await night.snapshot());
  broken.push(
    ...(await night.brokenLaws()),
    ...(left.length > 0 ? [`not as before: ${left.join(", ")}; the undo ended ${undone.outcome}`] : []),
  );
  const { onFailure } = world.environment.policy;
  const story = `${world.words}; ${onFailure}; ${service} is out for ${minutes} minutes; ${back.outcome}`;
  return { story, broken, struck: back.idle.length === 0 };
}

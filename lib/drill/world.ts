import { COMPLETE } from "../region/application/complete-names.ts";
import { runningVersions } from "./running-versions.ts";
import type { Stage } from "./stage.ts";

/** What everything with a version is at one moment, by component; of the example application only the two services. */
export type World = Readonly<Record<string, unknown>>;

/** Looks at everything that a rollback changes and its way back, or its undo, must bring back. */
export async function worldOf(stage: Stage): Promise<World> {
  const { region, complete } = stage;
  const services = ["api", "web"].map((component) => `boardroom-${component}`);
  const described = await region.operate("ecs", "DescribeServices", { cluster: "boardroom", services });
  const [api, web] = described["services"] as { taskDefinition: string; desiredCount: number }[];
  const world = {
    api: [api?.taskDefinition, api?.desiredCount, await runningVersions(stage, "api")],
    web: [web?.taskDefinition, web?.desiredCount, await runningVersions(stage, "web")],
  };
  if (!complete) return world;
  return {
    ...world,
    frontend: complete.frontendReleases(),
    flags: region.ssm.read(COMPLETE.flagsParameter)?.value,
    "db-password": region.secrets.labelOf(COMPLETE.passwordSecret, "AWSCURRENT"),
    database: [complete.liveDatabase(), region.ssm.read(COMPLETE.hostParameter)?.value],
    schema: complete.content()?.revision,
  };
}

/** The components that differ, sorted. */
export function changedIn(before: World, after: World): readonly string[] {
  return Object.keys(before)
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .sort();
}

import { BOARDROOM } from "../region/application/boardroom-names.ts";
import type { Stage } from "./stage.ts";

/** The releases that the running tasks of a component really run, by image digest, each once. */
export async function runningVersions({ region }: Stage, component: string): Promise<string[]> {
  const address = {
    cluster: BOARDROOM.cluster,
    serviceName: `boardroom-${component}`,
    desiredStatus: "RUNNING",
  };
  const listed = await region.operate("ecs", "ListTasks", address);
  const tasks = listed["taskArns"] as string[];
  if (tasks.length === 0) return [];
  const described = await region.operate("ecs", "DescribeTasks", { cluster: BOARDROOM.cluster, tasks });
  const running = described["tasks"] as { containers: { image: string; imageDigest?: string }[] }[];
  const releases = running.map(({ containers: [container] }) => {
    const image = {
      image: container?.image ?? "",
      repository: `boardroom/${component}`,
      digest: container?.imageDigest ?? "",
    };
    return region.boardroom.releaseOf(image);
  });
  return [...new Set(releases)];
}

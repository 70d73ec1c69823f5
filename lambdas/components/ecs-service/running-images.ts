import type { ECSClient } from "@aws-sdk/client-ecs";
import type { RunningImage } from "./content.ts";
import { type ServiceAddress, tasksOf } from "./reads.ts";

/** The images that the running tasks of a task definition pulled: where ECS keeps no service revisions, they tell. */
export async function imagesRunning(
  ecs: ECSClient,
  address: ServiceAddress,
  taskDefinition: string,
): Promise<RunningImage[]> {
  const { cluster, service } = address;
  const tasks = await tasksOf(ecs, { cluster, service }, "RUNNING");
  const task = tasks.find(
    (one) =>
      one.taskDefinitionArn === taskDefinition && one.containers?.some(({ imageDigest }) => imageDigest),
  );
  return (task?.containers ?? []).flatMap(({ name, image, imageDigest }) =>
    name && image ? [{ container: name, image, ...(imageDigest ? { digest: imageDigest } : {}) }] : [],
  );
}

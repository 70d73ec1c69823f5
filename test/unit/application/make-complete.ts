import { BOARDROOM } from "../../../lib/region/application/boardroom-names.ts";
import type { CompleteOptions } from "../../../lib/region/application/complete-options.ts";
import { deployRelease, type Installation } from "../../../lib/region/application/install-boardroom.ts";
import { installComplete } from "../../../lib/region/application/install-complete.ts";
import { Region } from "../../../lib/region/region.ts";

export const START = Date.UTC(2026, 10, 21, 9, 0, 0);

/** A region in which the complete application is installed, its users inside. */
export async function makeComplete(options: CompleteOptions & { readonly seed?: number } = {}) {
  const { seed = 3, ...built } = options;
  const region = new Region({ account: "111122223333", region: "eu-west-1", seed, start: START });
  const { kernel, boardroom } = region;
  const call: Installation["call"] = (service, operation, input) => region.operate(service, operation, input);
  const parts = { context: region.context, call, boardroom, ecs: region.ecs, ecr: region.ecr, region };
  const { complete, ids, installation } = await kernel.complete(installComplete(parts, built));
  const operate = (service: string, operation: string, input: object) =>
    kernel.complete(region.operate(service, operation, input));
  const forSeconds = (seconds: number) => kernel.runUntil(kernel.now + seconds * 1000);
  await forSeconds(60);
  return {
    region,
    kernel,
    boardroom,
    complete,
    ids,
    operate,
    forSeconds,
    /** What users felt in the next seconds, by cause. */
    feltIn: async (seconds: number) => {
      const since = kernel.now + 1;
      await forSeconds(seconds);
      return boardroom.impactByCause(since);
    },
    deploy: async (release: string) => {
      await kernel.complete(deployRelease(installation, "api", release));
      await forSeconds(240);
    },
    restart: async () => {
      await operate("ecs", "UpdateService", {
        ...{ cluster: BOARDROOM.cluster, service: "boardroom-api", forceNewDeployment: true },
      });
      await forSeconds(240);
    },
    /** Runs a standalone task to its end; answers its exit code. */
    runTask: async (taskDefinition: string, command: readonly string[], environment: object = {}) => {
      const started = await operate("ecs", "RunTask", {
        ...{ cluster: BOARDROOM.cluster, taskDefinition, launchType: "FARGATE" },
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["subnet-0a1b2c3d"], securityGroups: ["sg-0a5c1e7d"] },
        },
        overrides: {
          containerOverrides: [
            {
              ...{ name: BOARDROOM.container, command },
              environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
            },
          ],
        },
      });
      const [task] = started["tasks"] as { readonly taskArn: string }[];
      await forSeconds(240);
      const described = await operate("ecs", "DescribeTasks", {
        ...{ cluster: BOARDROOM.cluster, tasks: [task?.taskArn] },
      });
      const [ended] = described["tasks"] as { readonly containers: { readonly exitCode?: number }[] }[];
      return ended?.containers[0]?.exitCode;
    },
  };
}

import type * as z from "zod";
import { Environment } from "../../../lambdas/contracts/environment.ts";

type Input = z.input<typeof Environment>;

export const account = "111122223333";
export const region = "eu-west-1";
export const senior = `arn:aws:iam::${account}:role/Senior`;

export function makeComponent(overrides: Partial<Input["components"][string]> = {}) {
  return { kind: "ecs-service" as const, cluster: "shop", service: "shop-api", ...overrides };
}

/** The environment `prod` of the application "shop": `web` goes back after `api`. */
export function makeEnvironment({
  policy = {},
  ...overrides
}: Partial<Input> & { policy?: Input["policy"] } = {}): Environment {
  return Environment.parse({
    name: "prod",
    application: "shop",
    account,
    region,
    components: { api: makeComponent(), web: makeComponent({ service: "shop-web", dependsOn: ["api"] }) },
    alarms: [
      { recipe: "memory", name: "api-memory", components: ["api"] },
      { recipe: "running-below-desired", name: "web-tasks", components: ["web"], severity: "high" },
    ],
    policy: { approvers: { senior: [senior] }, ...policy },
    ...overrides,
  });
}

import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type * as z from "zod";
import { Environment } from "../../lambdas/contracts/environment.ts";

/** The example environment of the repository, with what a test wants otherwise at the top level. */
export function makeEnvironment(overrides: Partial<z.input<typeof Environment>> = {}): Environment {
  const file = `${import.meta.dirname}/../../environments/example.yaml`;
  return Environment.parse({ ...parse(readFileSync(file, "utf8")), ...overrides });
}

/** One component, no alarms, no approvers: the least that an environment can be. */
export function makeSmallEnvironment(overrides: Partial<z.input<typeof Environment>> = {}): Environment {
  return Environment.parse({
    name: "small",
    application: "corner shop",
    account: "444455556666",
    region: "us-east-1",
    components: { till: { kind: "ecs-service", cluster: "shop", service: "till" } },
    ...overrides,
  });
}

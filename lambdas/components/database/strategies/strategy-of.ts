import type { Job } from "../job.ts";
import { parameterStrategy } from "./endpoint-parameter.ts";
import { secretStrategy } from "./endpoint-secret.ts";
import { proxyStrategy } from "./proxy.ts";
import { renameStrategy } from "./rename-swap.ts";
import type { Strategy } from "./strategy.ts";

/** The way that the environment configures. */
export function strategyOf({ details: { cutOver } }: Pick<Job, "details">): Strategy {
  switch (cutOver.strategy) {
    case "proxy":
      return proxyStrategy(cutOver);
    case "endpoint-parameter":
      return parameterStrategy(cutOver);
    case "endpoint-secret":
      return secretStrategy(cutOver);
    case "rename":
      return renameStrategy;
  }
}

import type { Environment } from "../../lambdas/contracts/environment.ts";
import { synthesise } from "../stack/synthesise.ts";
import { scratchDirectory } from "./scratch-directory.ts";

const made = new Map<string, string>();

/**
 * The directory of an environment's cloud assembly, synthesised once a process: many drills share an environment, and
 * none changes its assembly. The bundles must exist.
 */
export function assemblyOf(environment: Environment): string {
  const key = JSON.stringify(environment);
  const directory = made.get(key) ?? synthesise(environment, scratchDirectory());
  made.set(key, directory);
  return directory;
}

import type { Facts, Told } from "./timeline.ts";

/** Tells what CodeDeploy does with its deployments, by the component's name. */
export function tellCodeDeploy(
  { deployment, service, status, creator, error }: Facts,
  nameOf: (service: string) => string,
): Told | undefined {
  const words = WORDS[String(status)];
  if (words === undefined) return undefined;
  const isRollback = creator === "codeDeployRollback";
  const what = isRollback ? words.rollback : words.deployment;
  const why = error === undefined ? "" : `: ${String(error)}`;
  return { who: "aws", text: `${nameOf(String(service))}: CodeDeploy ${what} (${String(deployment)})${why}` };
}

/** What a status means of a deployment, and of one that takes another one back. */
const WORDS: Readonly<Record<string, { readonly deployment: string; readonly rollback: string }>> = {
  Created: { deployment: "begins a deployment", rollback: "begins to go back" },
  Ready: { deployment: "waits until somebody lets the traffic move", rollback: "waits" },
  Baking: { deployment: "moves a part of the traffic", rollback: "moves a part of the traffic" },
  Succeeded: { deployment: "has ended a deployment", rollback: "has gone back" },
  Failed: { deployment: "failed to deploy", rollback: "could not go back" },
  Stopped: { deployment: "stopped a deployment", rollback: "stopped going back" },
};

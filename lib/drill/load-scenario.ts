import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkedYaml, FileError } from "../files/checked-yaml.ts";
import { Scenario } from "./scenario.ts";

/** Reads and checks a drill's file; a wrong one is answered with file, line, field and what was expected. */
export function loadScenario(file: string): Scenario {
  const scenario = read(file);
  if (scenario.like === undefined) return scenario;
  const base = loadScenario(join(dirname(file), `${scenario.like}.yaml`));
  const { environment, application, alarms } = base;
  return {
    ...scenario,
    ...{ environment, application },
    ...(alarms ? { alarms } : {}),
    components: { ...base.components, ...scenario.components },
    policy: { ...base.policy, ...scenario.policy },
    steps: [...base.steps, ...scenario.steps],
    limit: Math.max(base.limit, scenario.limit),
  };
}

function read(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new FileError(`${file} cannot be read. The drills that come with Stepback lie in drills/.`, {
      cause: error,
    });
  }
  return checkedYaml(text, file, Scenario);
}

import { readFileSync } from "node:fs";
import { checkedYaml, FileError } from "../files/checked-yaml.ts";
import { Scenario } from "./scenario.ts";

/** Reads and checks a drill's file; a wrong one is answered with file, line, field and what was expected. */
export function loadScenario(file: string): Scenario {
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

import { readFileSync } from "node:fs";
import { Environment } from "../../lambdas/contracts/environment.ts";
import { checkedYaml, FileError } from "./checked-yaml.ts";

/** Reads and checks `environments/<name>.yaml`. */
export function loadEnvironment(
  name: string,
  directory = `${import.meta.dirname}/../../environments`,
): Environment {
  const file = `environments/${name}.yaml`;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new FileError(
      `"${name}" is not an environment's name: lower-case letters, digits and hyphens, like example.`,
    );
  }
  let text: string;
  try {
    text = readFileSync(`${directory}/${name}.yaml`, "utf8");
  } catch (error) {
    throw new FileError(`${file} does not exist. Copy environments/example.yaml to it and fill it in.`, {
      cause: error,
    });
  }
  const environment = checkedYaml(text, file, Environment);
  if (environment.name === name) return environment;
  throw new FileError(
    `${file}: its "name" is "${environment.name}", but the file is called ${name}.yaml; make them the same.`,
  );
}

import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import { Environment } from "../../lambdas/contracts/environment.ts";

/** A wrong environment file; the message names the file, the line, the field and what was expected. */
export class EnvironmentFileError extends Error {
  override readonly name = "EnvironmentFileError";
}

/** Reads and checks `environments/<name>.yaml`. */
export function loadEnvironment(
  name: string,
  directory = `${import.meta.dirname}/../../environments`,
): Environment {
  const file = `environments/${name}.yaml`;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new EnvironmentFileError(
      `"${name}" is not an environment's name: lower-case letters, digits and hyphens. Try -c env=example.`,
    );
  }
  let text: string;
  try {
    text = readFileSync(`${directory}/${name}.yaml`, "utf8");
  } catch (error) {
    throw new EnvironmentFileError(
      `${file} does not exist. Copy environments/example.yaml to it and fill it in.`,
      { cause: error },
    );
  }
  const environment = parseEnvironment(text, file);
  if (environment.name === name) return environment;
  throw new EnvironmentFileError(
    `${file}: its "name" is "${environment.name}", but the file is called ${name}.yaml; make them the same.`,
  );
}

/** @param file how messages call the text */
export function parseEnvironment(text: string, file: string): Environment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken)
    throw new EnvironmentFileError(
      `${file}, line ${lineAt(broken.pos[0])}: not YAML: ${broken.message.split("\n")[0]}`,
    );
  const parsed = Environment.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const lineOf = (issue: z.core.$ZodIssue): number => {
    for (let path = wholePathOf(issue); ; path = path.slice(0, -1)) {
      const pair = rangeOf(document, path);
      if (pair !== undefined) return lineAt(pair);
      if (path.length === 0) return 1;
    }
  };
  const findings = parsed.error.issues.map(
    (issue) => `${file}, line ${lineOf(issue)}: ${issue.path.join(".") || "the file"}: ${issue.message}`,
  );
  throw new EnvironmentFileError(findings.join("\n"));
}

/** An unknown key's path ends at its parent; the key itself is what a person looks for. */
function wholePathOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : [...issue.path];
}

/** The offset of the key (or item) at a path; undefined when it is not in the file. */
function rangeOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  const node = document.getIn(path, true);
  if (!node || typeof node !== "object" || !("range" in node)) return undefined;
  const range: unknown = node.range;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

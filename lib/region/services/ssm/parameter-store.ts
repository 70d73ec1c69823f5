import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { Parameter, ParameterVersion } from "./parameter.ts";

export interface Selected {
  readonly parameter: Parameter;
  readonly version: ParameterVersion;
  /** `:3` or `:live`, as the caller wrote it. */
  readonly selector: string | undefined;
}

/** The parameters of the region, by whatever their callers call them. */
export class ParameterStore {
  readonly #context: RegionContext;
  /** By name. */
  readonly #parameters = new Map<string, Parameter>();

  constructor(context: RegionContext) {
    this.#context = context;
  }

  all(): Parameter[] {
    return [...this.#parameters.values()];
  }

  create(name: string, first: ParameterVersion, tags: Readonly<Record<string, string>> = {}): Parameter {
    const parameter: Parameter = {
      name,
      arn: this.arnOf(name),
      tags: new Map(Object.entries(tags)),
      versions: [first],
      labels: new Map(),
    };
    this.#parameters.set(name, parameter);
    return parameter;
  }

  remove(parameter: Parameter): void {
    this.#parameters.delete(parameter.name);
  }

  /** `…:parameter/name` for both `name` and `/name`: never a double slash. */
  arnOf(name: string): string {
    return arnOf(this.#context, "ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`);
  }

  /** By name or ARN, without a selector. */
  find(nameOrArn: string): Parameter | undefined {
    const name = nameOrArn.trim();
    return this.#parameters.get(name) ?? this.all().find(({ arn }) => arn === name);
  }

  required(nameOrArn: string | undefined): Parameter {
    const parameter = this.find(nameOrArn ?? "");
    if (!parameter) throw notFound(nameOrArn ?? "");
    return parameter;
  }

  /** By name or ARN, with an optional `:version` or `:label`; the newest version without one. */
  select(nameOrArn: string): Selected {
    const { base, selector } = splitSelector(nameOrArn);
    const parameter = this.required(base);
    const wanted = selector?.slice(1);
    const number = wanted === undefined ? undefined : (parameter.labels.get(wanted) ?? Number(wanted));
    const version =
      number === undefined
        ? parameter.versions.at(-1)
        : parameter.versions.find((candidate) => candidate.number === number);
    if (version) return { parameter, version, selector };
    throw versionNotFound(parameter.name, wanted ?? "");
  }
}

/** Splits `name:selector` and `arn:aws:ssm:…:parameter/name:selector`. */
export function splitSelector(nameOrArn: string): {
  readonly base: string;
  readonly selector: string | undefined;
} {
  const name = nameOrArn.trim();
  const [, base, selector] = /^((?:arn:[^/]*\/)?[^:]*)(:[^:]+)?$/.exec(name) ?? [];
  return { base: base ?? name, selector };
}

export function notFound(name: string): AwsError {
  return new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
}

export function versionNotFound(name: string, version: string): AwsError {
  return new AwsError(
    "ParameterVersionNotFound",
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );
}

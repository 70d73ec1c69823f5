import type { ParameterVersion } from "../../contracts/kinds/parameter.ts";
import { versionIdOf } from "../../contracts/version-id.ts";
import {
  chooseVersion,
  type Recorded,
  type VersionChoice,
  type VersionSituation,
} from "../choose-version.ts";
import type { Versions } from "./sight.ts";

export type ParameterChoice = Exclude<VersionChoice<ParameterVersion>, { choice: "look-up" }>;

export type ParameterSituation = Pick<
  VersionSituation<ParameterVersion>,
  "component" | "wish" | "records"
> & {
  /** What is live now, by every configured name. */
  readonly versions: Versions;
};

/** Chooses which versions shall be live. Names that a checkpoint does not know stay as they are. */
export function chooseTarget({ component, wish, records, versions }: ParameterSituation): ParameterChoice {
  const choice = chooseVersion({
    component,
    wish,
    current: versionOf(versions),
    records: records.flatMap((record) => onlyConfigured(record, versions)),
    idOf: versionIdOf,
    labelOf,
  });
  return choice.choice === "look-up" ? asNamed(choice.name, versions) : choice;
}

/** The names whose version differs, with the version they shall have. */
export function differences(to: Versions, from: Versions): Versions {
  return Object.fromEntries(Object.entries(to).filter(([name, version]) => from[name] !== version));
}

export function versionOf(versions: Versions): ParameterVersion {
  return { kind: "parameter", versions: { ...versions } };
}

/** `/shop/flags:3, /shop/limits:7 and 2 more`. */
export function labelOf({ versions }: ParameterVersion): string {
  const all = Object.entries(versions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, version]) => `${name}:${version}`);
  const more = all.length - SHOWN;
  return more > 0 ? `${all.slice(0, SHOWN).join(", ")} and ${more} more` : all.join(", ");
}

const SHOWN = 3;

function onlyConfigured(
  record: Recorded<ParameterVersion>,
  versions: Versions,
): Recorded<ParameterVersion>[] {
  const names = Object.keys(versions);
  const known = names.filter((name) => record.version.versions[name] !== undefined);
  if (known.length === 0) return [];
  const merged = names.map((name) => [name, record.version.versions[name] ?? versions[name] ?? ""]);
  return [{ ...record, version: versionOf(Object.fromEntries(merged)) }];
}

/** `name=version,…` as a move names it; the version alone when there is one name only. */
function asNamed(asked: string, versions: Versions): ParameterChoice {
  const names = Object.keys(versions);
  const [only] = names;
  const wanted: Record<string, string> = {};
  for (const part of asked.split(",")) {
    const at = part.lastIndexOf("=");
    const name = at < 0 && names.length === 1 && only !== undefined ? only : part.slice(0, at);
    const version = part.slice(at + 1);
    if (!names.includes(name) || !/^\d+$/.test(version)) {
      const example = names.map((one) => `${one}=${versions[one]}`).join(",");
      return {
        choice: "refuse",
        reason: `"${asked}" names no versions of it: say name=version, as in ${example}.`,
      };
    }
    wanted[name] = version;
  }
  const version = versionOf({ ...versions, ...wanted });
  const label = labelOf(version);
  if (Object.keys(differences(wanted, versions)).length === 0) {
    return { choice: "nothing-to-do", reason: `already is ${label}, as asked.` };
  }
  const warnings = [`${label} is unproven: it is in no checkpoint.`];
  return { choice: "target", version, checkpoint: "", because: `${label}, as asked`, warnings };
}

import { PutParameterCommand, type PutParameterCommandInput, type SSMClient } from "@aws-sdk/client-ssm";
import { StepbackError } from "../../../contracts/errors.ts";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed, refusalText } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import type { NameChange } from "./by-name.ts";
import type { HistoryEntry } from "./history.ts";
import { readValue } from "./read-value.ts";

/**
 * Writes the value of `source` as a new version over `newest`: read and written within one invocation. When the new
 * version's number shows that somebody wrote at the same moment, their version is below ours and is told of.
 */
export async function putBack(
  { ssm, answer, steps }: Job,
  { phase, name }: NameChange,
  { source, newest }: { readonly source: HistoryEntry; readonly newest: HistoryEntry },
): Promise<Tick> {
  const value = await readValue(ssm, name, source.version);
  if (value === undefined)
    return answer.failed("TARGET_GONE", `Version ${source.version} of ${name} is gone.`);
  await steps.once(`${phase}-intended:${name}`, { baseline: newest.version, source: source.version });
  const doing = `Putting the value of version ${source.version} of ${name} back`;
  const { version, busy, refusal } = await put(ssm, doing, {
    Name: name,
    Value: value,
    ...settings(source, newest),
  });
  if (busy) return answer.working(`${doing}: somebody else is changing it at this moment.`);
  if (refusal !== undefined) return answer.failed("REFUSED_BY_AWS", `${doing}: AWS said ${refusal}.`);
  const below = newest.version + 1;
  if (version === undefined || version === below)
    return answer.working(`${doing}: done, as version ${below}.`, 1);
  if (phase === "cut-over") await steps.write(`overlaid:${name}`, { version: String(version - 1) });
  return answer.failed(
    "SUPERSEDED",
    `Somebody wrote version ${version - 1} of ${name} at the same moment, and version ${version} of this rollback lies over it: look at it.`,
    true,
  );
}

/**
 * What belongs to the value goes back with it: without a KeyId AWS would silently use its own key. The tier cannot go
 * down again (docs/facts/frontend-secrets-config.md §C.1).
 */
function settings(
  source: HistoryEntry,
  newest: HistoryEntry,
): Omit<PutParameterCommandInput, "Name" | "Value"> {
  const tier = newest.Tier === "Advanced" ? newest.Tier : source.Tier;
  return {
    Overwrite: true,
    ...(newest.Type ? { Type: newest.Type } : {}),
    ...(newest.Type === "SecureString" && source.KeyId ? { KeyId: source.KeyId } : {}),
    ...(tier ? { Tier: tier } : {}),
    ...(source.DataType ? { DataType: source.DataType } : {}),
    ...(source.AllowedPattern ? { AllowedPattern: source.AllowedPattern } : {}),
    ...(source.Description ? { Description: source.Description } : {}),
  };
}

/** AWS's own words may quote the value that it refuses, so only the error's name gets out; a missing permission quotes none. */
async function put(
  ssm: SSMClient,
  doing: string,
  input: PutParameterCommandInput,
): Promise<{ readonly version?: number | undefined; readonly busy?: true; readonly refusal?: string }> {
  try {
    const { Version } = await asked(doing, ssm.send(new PutParameterCommand(input)));
    return { version: Version };
  } catch (error) {
    if (isNamed(error, "TooManyUpdates")) return { busy: true };
    if (error instanceof StepbackError) throw error;
    if (error instanceof Error && refusalText(error) !== undefined) return { refusal: error.name };
    throw error;
  }
}

import { GetParameterHistoryCommand, type ParameterHistory, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import { done, failed, working } from "./progress.ts";
import type { Progress, Strategy } from "./strategy.ts";

type Parameter = Extract<DatabaseCutOver, { readonly strategy: "endpoint-parameter" }>;

/**
 * Writes the host name into the parameter that applications read when they start. Parameter Store compares nothing by
 * itself: value and version are compared before, and the version after (docs/facts/frontend-secrets-config.md §C.1).
 */
export function parameterStrategy({ parameter }: Parameter): Strategy {
  return {
    async advance(job, { direction, from, to }) {
      const now = await newest(job, parameter);
      if (now?.Type !== "String") {
        return failed("CHANGED_SINCE_PLAN", `The parameter ${parameter} is gone, or is no String any more.`);
      }
      if (now.Value === to.host) return landed(job, { parameter, key: `parameter-${direction}`, now });
      const written = job.steps.number("parameter-cut-over-written", "version");
      const known = from?.host !== undefined && now.Value === from.host;
      if (!known && (direction === "cut-over" || written !== now.Version)) {
        // On the way back from a cut-over that did not come this far, nothing of ours is in it.
        if (direction === "back" && !job.steps.has("switched")) return done;
        const note = `The parameter ${parameter} holds another host than the plan saw: version ${now.Version}; it was left alone.`;
        return failed("CHANGED_SINCE_PLAN", note);
      }
      return write(job, { parameter, key: `parameter-${direction}`, now, host: to.host });
    },

    async serving(job, among) {
      const now = await newest(job, parameter);
      const who = among.find(({ host }) => host !== undefined && host === now?.Value)?.resourceId;
      return { who, host: now?.Value };
    },

    // A parameter's value is in no note: the command asks RDS for it.
    byHand: ({ shape }, { to }) => [
      `aws ssm put-parameter --name ${parameter} --overwrite --value "$(${shape.hostCommand(to.identifier)})"`,
    ],
  };
}

/** The newest version with everything that the next one has to repeat; undefined when there is no such parameter. */
async function newest({ ssm }: Job, parameter: string): Promise<ParameterHistory | undefined> {
  let found: ParameterHistory | undefined;
  let token: string | undefined;
  do {
    const command = new GetParameterHistoryCommand({
      Name: parameter,
      ...(token ? { NextToken: token } : {}),
    });
    const page = await asked(`Reading the parameter ${parameter}`, ssm.send(command)).catch(
      (error: unknown) => {
        if (isNamed(error, "ParameterNotFound")) return undefined;
        throw error;
      },
    );
    for (const one of page?.Parameters ?? []) if ((one.Version ?? 0) > (found?.Version ?? 0)) found = one;
    token = page?.NextToken;
  } while (token);
  return found;
}

interface Landing {
  readonly parameter: string;
  readonly key: string;
  readonly now: ParameterHistory;
}

/** Our version must be the one right after what was compared: else somebody wrote at the same moment. */
async function landed({ steps }: Job, { parameter, key, now }: Landing): Promise<Progress> {
  const before = steps.number(`${key}-intended`, "version");
  await steps.once(`${key}-written`, { version: now.Version ?? 0 });
  const between = before !== undefined && (steps.number(`${key}-written`, "version") ?? 0) - before > 1;
  if (!between) return done;
  const note = `Somebody wrote the parameter ${parameter} at the same moment: look at version ${before + 1}.`;
  return failed("CHANGED_SINCE_PLAN", note);
}

/** A version says everything anew; without the tier the account's default would count. */
async function write(
  { ssm, steps }: Job,
  { parameter, key, now, host }: Landing & { readonly host: string | undefined },
): Promise<Progress> {
  if (host === undefined) return working("The database has no host name yet.");
  await steps.write(`${key}-intended`, { version: now.Version ?? 0 });
  const policies = (now.Policies ?? []).flatMap(({ PolicyText }) => PolicyText ?? []);
  const input = {
    Name: parameter,
    Value: host,
    Type: now.Type,
    Overwrite: true,
    ...(now.Tier && { Tier: now.Tier }),
    ...(now.DataType && { DataType: now.DataType }),
    ...(now.AllowedPattern && { AllowedPattern: now.AllowedPattern }),
    ...(now.Description && { Description: now.Description }),
    ...(policies.length > 0 && { Policies: `[${policies.join(",")}]` }),
  };
  try {
    await asked(`Writing the parameter ${parameter}`, ssm.send(new PutParameterCommand(input)));
  } catch (error) {
    if (!isNamed(error, "TooManyUpdates")) throw error;
    return working(`The parameter ${parameter} is being changed by somebody else; looking again.`, 2);
  }
  return working(`The parameter ${parameter} was written.`, 1);
}

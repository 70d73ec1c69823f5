import { GetParameterHistoryCommand, type ParameterHistory, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import type { Database } from "../shapes/shape.ts";
import type { Progress } from "./progress.ts";
import { done, failed, working } from "./progress.ts";
import type { Strategy, Switch } from "./strategy.ts";

type Parameter = Extract<DatabaseCutOver, { readonly strategy: "endpoint-parameter" }>;

/**
 * Writes the host name into the parameter that applications read when they start, and the reader endpoint's into another
 * one where there is one. Parameter Store compares nothing by itself: value and version are compared before, and the
 * version after (docs/facts/frontend-secrets-config.md §C.1).
 */
export function parameterStrategy(configured: Parameter): Strategy {
  const hosts = hostsOf(configured);
  return {
    async advance(job, change) {
      for (const host of hosts) {
        const progress = await bring(job, host, change);
        if (progress.state !== "done") return progress;
      }
      return done;
    },

    async serving(job, among) {
      const found = await Promise.all(
        hosts.map(async ({ parameter, of }) => {
          const value = (await newest(job, parameter))?.Value;
          return { value, who: among.find((one) => of(one) !== undefined && of(one) === value)?.resourceId };
        }),
      );
      const leadsTo = [...new Set(found.flatMap(({ who }) => who ?? []))];
      const agreed = leadsTo.length === 1 && found.every(({ who }) => who !== undefined);
      return { who: agreed ? leadsTo[0] : undefined, host: found[0]?.value, leadsTo };
    },

    // A parameter's value is in no note: the command asks RDS for it.
    byHand: ({ shape }, { to }) =>
      hosts.map(({ parameter, whose }) => {
        const value = `"$(${shape.hostCommand(to.identifier, whose)})"`;
        return `aws ssm put-parameter --name ${parameter} --overwrite --value ${value}`;
      }),
  };
}

/** One parameter and the host name that belongs into it. */
interface Host {
  readonly parameter: string;
  readonly whose: "writer" | "reader";
  readonly of: (database: Pick<Database, "host" | "readerHost">) => string | undefined;
  /** How its steps in the journal begin. */
  readonly step: "parameter" | "reader-parameter";
}

function hostsOf({ parameter, readerParameter: reader }: Parameter): readonly Host[] {
  return [
    { parameter, whose: "writer", of: ({ host }) => host, step: "parameter" },
    ...(reader === undefined
      ? []
      : [
          {
            parameter: reader,
            whose: "reader" as const,
            of: ({ readerHost }: Pick<Database, "readerHost">) => readerHost,
            step: "reader-parameter" as const,
          },
        ]),
  ];
}

async function bring(job: Job, host: Host, { direction, from, to }: Switch): Promise<Progress> {
  const { parameter, of, step } = host;
  const now = await newest(job, parameter);
  if (now?.Type !== "String") {
    return failed("CHANGED_SINCE_PLAN", `The parameter ${parameter} is gone, or is no String any more.`);
  }
  const key = `${step}-${direction}`;
  if (now.Value === of(to)) return landed(job, { parameter, key, now });
  const written = job.steps.number(`${step}-cut-over-written`, "version");
  const known = from !== undefined && of(from) !== undefined && now.Value === of(from);
  if (!known && (direction === "cut-over" || written !== now.Version)) {
    // On the way back from a cut-over that did not come this far, nothing of ours is in it.
    if (direction === "back" && !job.steps.has("switched")) return done;
    const note = `The parameter ${parameter} holds another host than the plan saw: version ${now.Version}; it was left alone.`;
    return failed("CHANGED_SINCE_PLAN", note);
  }
  return write(job, { parameter, key, now, host: of(to) });
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

import { GetParameterHistoryCommand, type ParameterHistory, type SSMClient } from "@aws-sdk/client-ssm";
import { asked, isNamed } from "../../aws-call.ts";

/** A version of a parameter without its value, which goes no further than the answer that it came in. */
export interface HistoryEntry extends Omit<ParameterHistory, "Value" | "Labels" | "Version"> {
  readonly version: number;
  readonly labels: readonly string[];
}

/** The versions that Parameter Store keeps, at most 100, oldest first. */
export type History = readonly [HistoryEntry, ...HistoryEntry[]];

/** Undefined when there is no such parameter. Not decrypted: what is secret stays so. */
export async function historyOf(ssm: SSMClient, name: string): Promise<History | undefined> {
  const entries: HistoryEntry[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await asked(
        `Reading the history of the parameter ${name}`,
        ssm.send(new GetParameterHistoryCommand({ Name: name, ...(NextToken ? { NextToken } : {}) })),
      );
      for (const { Value: _, Labels = [], Version = 0, ...rest } of page.Parameters ?? []) {
        entries.push({ ...rest, version: Version, labels: Labels });
      }
      NextToken = page.NextToken;
    } while (NextToken);
  } catch (error) {
    if (isNamed(error, "ParameterNotFound")) return undefined;
    throw error;
  }
  const [first, ...rest] = entries.sort((a, b) => a.version - b.version);
  return first && [first, ...rest];
}

/** The histories of several parameters, or the sentence that one of them is missing. */
export async function historiesOf(
  ssm: SSMClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, History> | { readonly obstacle: string }> {
  const found = await Promise.all(names.map(async (name) => [name, await historyOf(ssm, name)] as const));
  const missing = found.filter(([, history]) => !history).map(([name]) => name);
  if (missing.length > 0) {
    return {
      obstacle: `there is no parameter ${missing.join(", ")}: correct the environment file and deploy.`,
    };
  }
  return new Map(found.flatMap(([name, history]) => (history ? [[name, history] as const] : [])));
}

/** What whoever reads the name alone gets. */
export function newestOf(history: History): HistoryEntry {
  return history.at(-1) ?? history[0];
}

/** The version that has a label now. */
export function holderOf(history: History, label: string): HistoryEntry | undefined {
  return history.find(({ labels }) => labels.includes(label));
}

import { check } from "./check.ts";
import { historyOf } from "./observed.ts";
import type { Check, RollbackSeen } from "./result.ts";
import type { Expectation } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** Looks for values that must stay where they are in everything that Stepback writes down or says. */
export async function judgeSecrecy(
  stage: Stage,
  { neverTold = [] }: Expectation,
  rollbacks: readonly RollbackSeen[],
): Promise<Check[]> {
  if (neverTold.length === 0) return [];
  const told = await toldBy(stage, rollbacks);
  return neverTold.map((value) => {
    const places = Object.entries(told).filter(([, text]) => text.includes(value));
    const where = places.map(([place]) => place).join(", ");
    return check(`nobody is told "${value}"`, places.length === 0, where || "nowhere");
  });
}

/** By place, as text. Quotation marks of texts within texts are escaped: look for values without any. */
async function toldBy(
  stage: Stage,
  rollbacks: readonly RollbackSeen[],
): Promise<Readonly<Record<string, string>>> {
  const { region, ledgerTable } = stage;
  // What people do in a drill is told with their values.
  const log = region.kernel.log.entries.filter(({ source }) => source !== "drill");
  const histories = await Promise.all(rollbacks.map(({ execution }) => historyOf(stage, execution)));
  const ledger = await region.operate("dynamodb", "Scan", { TableName: ledgerTable });
  return {
    logs: JSON.stringify(log),
    states: JSON.stringify(histories),
    messages: JSON.stringify(region.sns.mailbox()),
    ledger: JSON.stringify(ledger),
    reports: reportsOf(stage, rollbacks),
  };
}

/** Everything in the buckets that reports lie in. */
function reportsOf({ region }: Stage, rollbacks: readonly RollbackSeen[]): string {
  const names = new Set(rollbacks.flatMap(({ report }) => /^s3:\/\/([^/]+)\//.exec(report ?? "")?.[1] ?? []));
  const versions = [...names].flatMap((name) => {
    const bucket = region.buckets.get(name);
    return [...bucket.keys()].flatMap((key) => bucket.versionsOf(key));
  });
  return versions
    .map((version) => (version.kind === "object" ? Buffer.from(version.body).toString() : ""))
    .join("\n");
}

import { check } from "./check.ts";
import type { Check, RollbackSeen } from "./result.ts";
import type { Expectation } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** Compares who is where with what people read: in the last message, and in the report of the rollback that moved. */
export function judgeTable(
  { region }: Stage,
  { table }: Expectation,
  rollbacks: readonly RollbackSeen[],
): Check[] {
  if (!table) return [];
  const moved = rollbacks.find((rollback) => rollback.moved);
  const messages = region.sns.published().map(({ message }) => message);
  const message = messages.findLast((text) => moved?.report !== undefined && text.includes(moved.report));
  const places = {
    "the last message": linesOf(message ?? ""),
    "the report": rowsOf(reportOf(region, moved)),
  };
  return Object.entries(places).map(([place, lines]) => {
    const wrong = Object.entries(table).filter(([name, words]) => !lines.get(name)?.startsWith(words));
    const strangers = [...lines.keys()].filter((name) => table[name] === undefined);
    const found = [...wrong.map(([name]) => name), ...strangers].map((name) => `${name}: ${lines.get(name)}`);
    return check(`${place} says who is where`, found.length === 0, found);
  });
}

/** `- api: done, at boardroom-api:1 (2.9.5). Its note.` */
function linesOf(message: string): ReadonlyMap<string, string> {
  const lines = [...message.matchAll(/^- ([\w-]+): (.*)$/gm)];
  return new Map(lines.map(([, name = "", words = ""]) => [name, words]));
}

/** The rows of the report in the words of the message. */
function rowsOf(report: string): ReadonlyMap<string, string> {
  const [, section = ""] = /## Who is where\n([\s\S]*?)\n## /.exec(report) ?? [];
  const rows = [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row = ""]) => row.split(" | "));
  return new Map(
    rows.slice(1).map(([name = "", , , state = "", where = "", note = ""]) => {
      return [name, `${state}${where.trim() === "" ? "" : `, at ${where}`}. ${note}`.trim()];
    }),
  );
}

function reportOf(region: Stage["region"], moved: RollbackSeen | undefined): string {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(moved?.report ?? "") ?? [];
  if (bucket === undefined || key === undefined) return "";
  const [newest] = region.buckets.get(bucket).versionsOf(key);
  return newest?.kind === "object" ? Buffer.from(newest.body).toString() : "";
}

import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { Command } from "commander";
import { Checkpoint, checkpointKey, RollbackRecord, rollbackKey } from "../../lambdas/contracts/ledger.ts";
import { LOCK_KEYS } from "../../lambdas/contracts/lock.ts";
import { finishLine } from "../../lambdas/domain/unfinished.ts";
import { LedgerTable } from "../../lambdas/platform/ledger/ledger-table.ts";
import { currentLock, type Lock } from "../../lambdas/platform/ledger/lock.ts";
import { type AwsOptions, clientOptionsOf, withAwsOptions } from "./aws-options.ts";
import { UsageError } from "./usage-error.ts";

/** `stepback list`: what the ledger knows: who runs, what is proven, what was rolled back. */
export function listCommand(): Command {
  return withAwsOptions(new Command("list"))
    .description("Show the running rollback, the checkpoints and the finished rollbacks of an environment")
    .action(list);
}

async function list(options: AwsOptions): Promise<void> {
  const { environment, client } = clientOptionsOf(options);
  const dynamodb = new DynamoDBClient(client);
  const table = await ledgerTableOf(dynamodb, environment.name);
  const ledger = new LedgerTable(dynamodb, { table, environment: environment.name });
  const now = new Date();
  const [rollback, rehearsal, asking] = await Promise.all(
    LOCK_KEYS.map((key) => currentLock(ledger, key, now)),
  );
  const checkpoints = await ledger.list(checkpointKey(""), Checkpoint, { limit: 20 });
  const rollbacks = await ledger.list(rollbackKey(""), RollbackRecord, { limit: 20 });
  const lines = [
    rollback ? `${doing(rollback)}: ${rollback.owner} (${rollback.execution})` : "Nothing is running.",
    ...(rehearsal ? [`Rehearsing: ${rehearsal.owner} (${rehearsal.execution})`] : []),
    ...(asking ? [`${copies(asking)}: ${asking.owner} (${asking.execution})`] : []),
    "",
    "Checkpoints, newest first:",
    ...orNone(checkpoints.map(({ id, status, because }) => `  ${id}  ${status.padEnd(11)}  ${because}`)),
    "",
    "Rollbacks, newest first:",
    ...orNone(rollbacks.flatMap((record) => rollbackLines(record, environment.name))),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function rollbackLines(
  { id, outcome, reason, unfinished }: RollbackRecord,
  environment: string,
): readonly string[] {
  const line = `  ${id}  ${outcome.padEnd(22)}  ${short(reason)}`;
  return unfinished ? [line, `    ${finishLine(environment, id, unfinished)}`] : [line];
}

const copies = ({ tidying }: Lock) =>
  tidying ? "Removing copies that nobody approved" : "Making copies while people are asked";

const doing = ({ tidying, watching }: Lock) => {
  if (tidying) return "Being put in order";
  return watching ? "Watching alarms" : "Running";
};

const orNone = (lines: readonly string[]) => (lines.length > 0 ? lines : ["  none yet"]);

/** An alarm's reason lists every datapoint; the report has the whole of it. */
const short = (reason: string) => (reason.length > 100 ? `${reason.slice(0, 99)}…` : reason);

async function ledgerTableOf(dynamodb: DynamoDBClient, environment: string): Promise<string> {
  const prefix = `Stepback-${environment}-Ledger`;
  const { TableNames = [] } = await dynamodb.send(
    new ListTablesCommand({ ExclusiveStartTableName: prefix, Limit: 10 }),
  );
  const name = TableNames.find((candidate) => candidate.startsWith(prefix));
  if (name) return name;
  throw new UsageError(
    `There is no ledger of environment ${environment} here: is the stack Stepback-${environment} deployed?`,
  );
}

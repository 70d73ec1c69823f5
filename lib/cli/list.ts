import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Command } from "commander";
import { Checkpoint, checkpointKey, RollbackRecord, rollbackKey } from "../../lambdas/contracts/ledger.ts";
import { LOCK_KEYS } from "../../lambdas/contracts/lock.ts";
import { LedgerTable } from "../../lambdas/platform/ledger/ledger-table.ts";
import { currentLock } from "../../lambdas/platform/ledger/lock.ts";
import { type AwsOptions, clientOptionsOf, machineArnOf, withAwsOptions } from "./aws-options.ts";
import { linesOf } from "./list-lines.ts";
import { questionsOf } from "./open-questions.ts";
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
  const locks = await Promise.all(LOCK_KEYS.map((key) => currentLock(ledger, key, now)));
  const known = {
    environment: environment.name,
    locks: locks.flatMap((lock) => lock ?? []),
    questions: await questionsOf(new SFNClient(client), ledger, machineArnOf(environment)).catch(
      unlessDenied,
    ),
    checkpoints: await ledger.list(checkpointKey(""), Checkpoint, { limit: 20 }),
    rollbacks: await ledger.list(rollbackKey(""), RollbackRecord, { limit: 20 }),
  };
  process.stdout.write(`${linesOf(known).join("\n")}\n`);
}

function unlessDenied(error: unknown): undefined {
  if (!(error instanceof Error) || error.name !== "AccessDeniedException") throw error;
}

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

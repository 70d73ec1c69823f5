import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CLIENT_OPTIONS, type Platform } from "../platform.ts";
import { LedgerTable } from "./ledger-table.ts";

/** The ledger of the environment this function was deployed for. */
export function ledgerOf(platform: Platform): LedgerTable {
  return new LedgerTable(new DynamoDBClient(CLIENT_OPTIONS), {
    table: platform.setting("ledgerTable"),
    environment: platform.setting("environmentName"),
  });
}

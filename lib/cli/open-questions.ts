import { ListExecutionsCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { Approval } from "../../lambdas/contracts/approval.ts";
import { approvalKey } from "../../lambdas/contracts/ledger.ts";
import { rollbackIdOf } from "../../lambdas/domain/rollback-id.ts";
import type { LedgerTable } from "../../lambdas/platform/ledger/ledger-table.ts";

/** What everybody may read of a question: never the token that answers it. */
export type OpenQuestion = Pick<Approval, "rollbackId" | "group" | "requestedBy" | "expiresAt">;

/**
 * The questions of executions that run: one that was answered with no, or stopped, runs no more; one that was approved holds
 * the rollback's lock, or waits for it while another rollback moves something.
 *
 * @param machine ARN of the rollback machine
 */
export async function questionsOf(
  sfn: SFNClient,
  ledger: LedgerTable,
  machine: string,
): Promise<readonly OpenQuestion[]> {
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: "RUNNING", maxResults: 100 }),
  );
  const found = await Promise.all(
    executions.flatMap(({ name, startDate }) => {
      if (name === undefined || startDate === undefined) return [];
      const id = rollbackIdOf({ name, startedAt: startDate.toISOString() });
      return [ledger.get(approvalKey(id), Approval)];
    }),
  );
  return found.flatMap((approval) => approval ?? []);
}

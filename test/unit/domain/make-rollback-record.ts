import type { RollbackRecord } from "../../../lambdas/contracts/ledger.ts";
import { makeMove } from "./make-move.ts";

type Moved = RollbackRecord["moves"][number];

export function makeMoved(overrides: Partial<Moved> = {}): Moved {
  const { component, kind, tier, from, to } = makeMove(
    overrides.component === undefined ? {} : { component: overrides.component },
  );
  return { component, kind, tier, from, to, took: {}, ...overrides };
}

/** An automatic rollback of `api` that ended well at 00:30. */
export function makeRollbackRecord(overrides: Partial<RollbackRecord> = {}): RollbackRecord {
  return {
    id: "rb-20261121-001500-aaaaaaaa",
    mode: "execute",
    outcome: "Recovered",
    automatic: true,
    eventId: "event-0",
    requestedBy: "alarm stepback-prod-api-memory",
    reason: "Threshold Crossed",
    startedAt: "2026-11-21T00:15:00.000Z",
    endedAt: "2026-11-21T00:30:00.000Z",
    moves: [makeMoved()],
    report: "s3://reports/prod/rb-20261121-001500-aaaaaaaa/report.md",
    ...overrides,
  };
}

import type { Move, PlannedRollback } from "../../../lambdas/contracts/plan.ts";
import type { ReportRequest } from "../../../lambdas/contracts/report.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { Verification } from "../../../lambdas/contracts/verification.ts";
import { planOf } from "../../../lambdas/domain/planning/plan-of.ts";
import { makeDependencies } from "../../support/make-relations.ts";
import { makeMove, makeVerdict } from "./make-move.ts";

/** `api` in the first wave and `web` in the second, started by the alarm at 01:00. */
export function makePlanned({
  moves = [makeMove(), makeMove({ component: "web" })],
  ...overrides
}: Partial<PlannedRollback> & { moves?: readonly Move[] } = {}): PlannedRollback {
  const verdicts = moves.map(({ component }) => makeVerdict({ component }));
  return {
    rollbackId: "rb-20261121-010005-3f2a9c1d",
    mode: "execute",
    decision: { action: "roll-back", sentence: "Rolling back now: severity critical." },
    plan: planOf(moves, verdicts, makeDependencies({ web: ["api"] })).plan,
    requestedBy: "alarm stepback-prod-api-memory",
    reason: "Threshold Crossed",
    eventId: "event-1",
    automatic: true,
    alarms: ["stepback-prod-api-memory"],
    verifyMinutes: 15,
    onFailure: "stop",
    approvers: [],
    approvalExpiresMinutes: 60,
    ahead: [],
    since: "2026-11-21T01:00:00.000Z",
    lock: "lock",
    leaseSeconds: 3_300,
    announcement: { subject: "Rolling back shop (prod)", message: "Rolling back now." },
    ...overrides,
  };
}

export const done = (component: string): Tick => ({
  status: "done",
  component,
  verb: "confirm",
  note: `runs ${component}:41.`,
});

export const failed = (component: string, touched: boolean): Tick => ({
  status: "failed",
  component,
  verb: "cutOver",
  code: "STUCK",
  note: "ECS could not place tasks.",
  touched,
});

export const recovered: Verification = {
  status: "recovered",
  note: "stepback-prod-api-memory: OK.",
  open: [],
  recoveredAt: "2026-11-21T01:08:00.000Z",
};

export const notRecovered: Verification = {
  status: "not-recovered",
  note: "stepback-prod-api-memory (ALARM) is not OK and the time for it is over.",
  open: ["stepback-prod-api-memory (ALARM)"],
};

/** Everything went back by 01:05 and the alarm was OK at 01:08. */
export function makeReportRequest(overrides: Partial<ReportRequest> = {}): ReportRequest {
  return {
    planned: makePlanned(),
    results: [done("api"), done("web")],
    wayOut: [],
    verification: recovered,
    execution: {
      id: "arn:aws:states:eu-west-1:111122223333:execution:stepback-prod-rollback:run-1",
      startedAt: "2026-11-21T01:00:05.000Z",
    },
    cutOverAt: "2026-11-21T01:05:05.000Z",
    ...overrides,
  };
}

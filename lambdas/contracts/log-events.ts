/** Log events that somebody will query: imported by the handlers, the saved queries and the dashboard. */
export const LOG_EVENTS = {
  decided: "rollback decided",
  tick: "component tick",
  verified: "recovery verified",
  reported: "rollback reported",
  approvalRequested: "approval requested",
  approvalGiven: "approval given",
  checkpointRecorded: "checkpoint recorded",
  checkpointJudged: "checkpoint judged",
  cleanedUp: "rollback cleaned up",
  reminded: "kept things looked at",
  failed: "step failed",
} as const;

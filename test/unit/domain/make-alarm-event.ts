import { account, region } from "./make-environment.ts";

export const alarmName = "stepback-prod-api-memory";

/** The event that CloudWatch sends when `api-memory` goes into ALARM (docs/facts/frontend-secrets-config.md G). */
export function makeAlarmEvent(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    version: "0",
    id: "event-1",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account,
    time: "2026-11-21T01:00:00Z",
    region,
    resources: [`arn:aws:cloudwatch:${region}:${account}:alarm:${alarmName}`],
    detail: makeAlarmDetail(),
    ...overrides,
  };
}

export function makeAlarmDetail(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    alarmName,
    state: { value: "ALARM", reason: "Threshold Crossed", timestamp: "2026-11-21T01:00:00.000+0000" },
    previousState: { value: "OK" },
    ...overrides,
  };
}

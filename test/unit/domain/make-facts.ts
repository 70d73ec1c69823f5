import type * as z from "zod";
import type { Policy } from "../../../lambdas/contracts/environment.ts";
import { Request } from "../../../lambdas/contracts/request.ts";
import { type AlarmCall, readAlarmEvent } from "../../../lambdas/domain/alarm-event.ts";
import type { Facts } from "../../../lambdas/domain/decide.ts";
import { makeAlarmEvent } from "./make-alarm-event.ts";
import { makeEnvironment } from "./make-environment.ts";
import { makeMove, makeVerdict } from "./make-move.ts";

export const now = new Date("2026-11-21T01:01:00Z");
export const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

/** The alarm `api-memory` of `prod` went into ALARM a minute ago. */
export function makeAlarmCall(overrides: Partial<AlarmCall> = {}): AlarmCall {
  const call = readAlarmEvent(makeAlarmEvent(), makeEnvironment());
  if ("problem" in call) throw new Error(call.problem);
  return { ...call, ...overrides };
}

export interface FactsOverrides extends Partial<Omit<Facts, "request" | "assessed">> {
  readonly request?: z.input<typeof Request>;
  readonly policy?: z.input<typeof Policy>;
  readonly assessed?: Partial<Facts["assessed"]>;
}

/** A person asks, in an emergency, to roll back `api`, which changed ten minutes ago. */
export function makeFacts({ request, policy, assessed, ...overrides }: FactsOverrides = {}): Facts {
  return {
    request: Request.parse({ reason: "errors after 2.10.0", ...request }),
    environment: makeEnvironment(policy ? { policy } : {}),
    assessed: {
      verdicts: [makeVerdict()],
      moves: [makeMove()],
      circle: [],
      lastChanges: [{ component: "api", at: minutesAgo(10) }],
      ...assessed,
    },
    recent: [],
    now,
    ...overrides,
  };
}

/** The same, started by the alarm, which is still in ALARM. */
export function makeAlarmFacts(overrides: FactsOverrides = {}): Facts {
  return makeFacts({ alarm: makeAlarmCall(), alarmNow: "ALARM", ...overrides });
}

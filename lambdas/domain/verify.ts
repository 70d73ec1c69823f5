import type { Verification } from "../contracts/verification.ts";

interface Alarm {
  readonly name: string;
  readonly state: string;
  readonly since?: Date;
}

/**
 * Judges recovery from the alarms: all OK is recovered. An alarm that cannot be found or has no data is not OK:
 * silence proves nothing.
 *
 * @param expected names of the alarms that must be OK
 * @param deadline epoch milliseconds after which waiting is over
 */
export function verify(
  alarms: readonly Alarm[],
  expected: readonly string[],
  { now, deadline }: { readonly now: Date; readonly deadline: number },
): Verification {
  const found = new Map(alarms.map((alarm) => [alarm.name, alarm]));
  const open = expected.flatMap((name) => {
    const state = found.get(name)?.state ?? "missing";
    return state === "OK" ? [] : [`${name} (${state})`];
  });
  if (open.length > 0) {
    const late = now.getTime() >= deadline;
    const note = `${open.join(", ")} ${open.length === 1 ? "is" : "are"} not OK${late ? " and the time for it is over" : " yet"}.`;
    return { status: late ? "not-recovered" : "waiting", note, open };
  }
  if (expected.length === 0) {
    return {
      status: "not-recovered",
      note: "No alarm watches these components, so nothing proves that the trouble is over.",
      open: [],
    };
  }
  const last = Math.max(...expected.map((name) => found.get(name)?.since?.getTime() ?? 0));
  const recoveredAt = new Date(Math.min(last || now.getTime(), now.getTime())).toISOString();
  return { status: "recovered", note: `${expected.join(", ")}: OK.`, open: [], recoveredAt };
}

import type { Random } from "../../kernel/random.ts";

/** Half an hour of every day: `03:10-03:40`. */
export function randomTimeWindow(random: Random): string {
  const from = random.integer(0, 23 * 60);
  return `${clock(from)}-${clock(from + 30)}`;
}

/** Half an hour of a week: `sun:03:10-sun:03:40`. */
export function randomMaintenanceWindow(random: Random): string {
  const day = DAYS[random.integer(0, 6)] ?? "sun";
  const [from, to] = randomTimeWindow(random).split("-");
  return `${day}:${from}-${day}:${to}`;
}

/** When a maintenance window begins next, epoch milliseconds; it is in UTC. */
export function nextMaintenance(window: string, now: number): number {
  const [, day = "sun", hour = "0", minute = "0"] =
    /^(\w{3}):(\d\d):(\d\d)-/.exec(window.toLowerCase()) ?? [];
  const today = new Date(now);
  const days = (DAYS.indexOf(day) - today.getUTCDay() + 7) % 7;
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  const begins = midnight + ((days * 24 + Number(hour)) * 60 + Number(minute)) * 60_000;
  return begins > now ? begins : begins + 7 * 24 * 3_600_000;
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/**
 * Whether people are told today of something that is kept until a day: on that day, and every seventh day after it.
 * Daily messages would be filtered away, and one that comes once is forgotten. Today and the tag's day are all that it
 * takes, so nobody has to remember what was told: a look that is repeated, or comes to nothing, changes nothing.
 *
 * A day that cannot be read would never come: that is told on Mondays.
 */
export function isDue(expires: string, at: Date): boolean {
  const days = daysAfter(expires, at);
  return days === undefined ? at.getUTCDay() === MONDAY : days >= 0 && days % 7 === 0;
}

/** Until when it is kept, as the end of a sentence. */
export function untilWords(expires: string, at: Date): string {
  const days = daysAfter(expires, at);
  if (days === undefined) return `until "${expires}", which is no day like ${dayOf(at)}`;
  if (days === 0) return `until ${expires}, which is today`;
  if (days < 0) return `until ${expires}`;
  return `until ${expires}, which was ${days === 1 ? "yesterday" : `${days} days ago`}`;
}

/** The day to which a command prolongs: a month from now. */
export function aMonthAfter(at: Date): string {
  return dayOf(new Date(at.getTime() + 30 * DAY_MILLIS));
}

/** How many days ago the day was, negative when it is still to come; undefined when it is no day. UTC, as the tag is. */
function daysAfter(expires: string, at: Date): number | undefined {
  const day = new Date(`${expires}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || dayOf(day) !== expires) return undefined;
  return Math.floor((at.getTime() - day.getTime()) / DAY_MILLIS);
}

const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);

const DAY_MILLIS = 86_400_000;
const MONDAY = 1;

import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import { compileFilterPattern } from "./filter-pattern.ts";
import type { LogGroup, LogStore, StoredLogEvent } from "./log-store.ts";
import { invalid } from "./log-store.ts";

/** API reference, GetLogEvents and FilterLogEvents: up to 10,000 events an answer. */
const PAGE = 10_000;

/**
 * One stream's events, the newest page first unless `startFromHead`. At an end of the stream the answer gives
 * the token back that it was asked with, which is how readers know that they are done (API reference,
 * GetLogEvents).
 */
export function getLogEvents(
  store: LogStore,
  group: LogGroup,
  input: logs.GetLogEventsRequest,
): Omit<logs.GetLogEventsCommandOutput, "$metadata"> {
  const { limit = PAGE, startFromHead = false, nextToken } = input;
  const stream = store.stream(group, input.logStreamName);
  const events = store.eventsOf(group, stream).filter(within(input.startTime, input.endTime));
  const [, direction, position] = /^([fb])\/(\d+)$/.exec(nextToken ?? "") ?? [];
  if (nextToken !== undefined && position === undefined) throw invalid("nextToken");
  let first = startFromHead ? 0 : Math.max(0, events.length - limit);
  if (position !== undefined)
    first = direction === "f" ? Number(position) : Math.max(0, Number(position) - limit);
  const last = direction === "b" ? Number(position) : Math.min(events.length, first + limit);
  return {
    events: events.slice(first, last).map(({ timestamp, message, ingestedAt }) => ({
      timestamp,
      message,
      ingestionTime: ingestedAt,
    })),
    nextForwardToken: `f/${last}`,
    nextBackwardToken: `b/${first}`,
  };
}

/** A group's events of all (or the named) streams that match a text pattern, oldest first. */
export function filterLogEvents(
  store: LogStore,
  group: LogGroup,
  input: logs.FilterLogEventsRequest,
): Omit<logs.FilterLogEventsCommandOutput, "$metadata"> {
  const { logStreamNames, logStreamNamePrefix = "", limit = PAGE, nextToken } = input;
  const matches = compileFilterPattern(input.filterPattern ?? "");
  // "Events with a timestamp later than this time are not returned": unlike in GetLogEvents the end is
  // included.
  const endTime = input.endTime === undefined ? undefined : input.endTime + 1;
  if (nextToken !== undefined && !/^\d+$/.test(nextToken)) throw invalid("nextToken");
  const first = Number(nextToken ?? 0);
  const found = [...group.streams.values()]
    .filter(({ name }) => logStreamNames?.includes(name) ?? name.startsWith(logStreamNamePrefix))
    .flatMap((stream) =>
      store.eventsOf(group, stream).map((event) => ({ ...event, logStreamName: stream.name })),
    )
    .filter(within(input.startTime, endTime))
    .filter(({ message }) => matches(message))
    .sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
  const events = found.slice(first, first + limit).map(({ id, ingestedAt, ...event }) => ({
    ...event,
    eventId: id,
    ingestionTime: ingestedAt,
  }));
  const more = first + limit < found.length;
  return { events, ...(more ? { nextToken: String(first + limit) } : {}) };
}

/** From `start` on, up to but without `end`: as GetLogEvents takes them (SDK 3.1162, GetLogEventsRequest). */
function within(
  start = 0,
  end = Number.POSITIVE_INFINITY,
): (event: Pick<StoredLogEvent, "timestamp">) => boolean {
  return ({ timestamp }) => timestamp >= start && timestamp < end;
}

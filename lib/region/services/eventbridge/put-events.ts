import type { PutEventsRequestEntry, PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { type BusEvent, busEvent } from "./bus-event.ts";

/**
 * PutEvents: "The total entry size must be less than 1MB" (SDK 3.1162's documentation), at most 10 entries.
 */
const LIMITS = { bytes: 1_048_576, entries: 10 } as const;

/** What becomes of one entry: an event for the bus, or the refusal that its sender reads in the answer. */
export type EntryVerdict =
  | { readonly event: BusEvent; readonly result: PutEventsResultEntry }
  | { readonly event: undefined; readonly result: PutEventsResultEntry };

/** Checks a caller's entries one by one; a request that has nothing right about it is refused whole. */
export function judgeEntries(
  context: RegionContext,
  entries: readonly PutEventsRequestEntry[],
): EntryVerdict[] {
  if (entries.length === 0 || entries.length > LIMITS.entries) {
    const text = `Value at 'entries' must have length between 1 and ${LIMITS.entries}`;
    throw new AwsError("ValidationException", `1 validation error detected: ${text}`);
  }
  if (entries.reduce((bytes, entry) => bytes + entryBytes(entry), 0) >= LIMITS.bytes) {
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
  // "If you submit a request in which none of the entries have each of these properties, EventBridge fails
  // the entire request" (SDK 3.1162, PutEventsRequestEntry). Unverified text.
  if (entries.every((entry) => missingMember(entry) !== undefined)) {
    throw new AwsError("ValidationException", "No entry has all of Source, DetailType and Detail.");
  }
  return entries.map((entry) => judgeEntry(context, entry));
}

function judgeEntry(context: RegionContext, entry: PutEventsRequestEntry): EntryVerdict {
  const refused = (ErrorCode: string, ErrorMessage: string): EntryVerdict => ({
    event: undefined,
    result: { ErrorCode, ErrorMessage },
  });
  const missing = missingMember(entry);
  if (missing !== undefined) {
    const text = `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`;
    return refused("InvalidArgument", text);
  }
  const { Source: source = "", DetailType: detailType = "", Detail = "", Resources: resources = [] } = entry;
  if (source.startsWith("aws.")) {
    return refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  const detail = parseObject(Detail);
  if (!detail) return refused("MalformedDetail", "Detail is malformed.");
  const event = busEvent(context, { source, detailType, resources, detail }, entry.Time?.getTime());
  return { event, result: { EventId: event.id } };
}

function missingMember(entry: PutEventsRequestEntry): string | undefined {
  return (["Source", "DetailType", "Detail"] as const).find((member) => !entry[member]);
}

/**
 * User guide, "Calculating PutEvents event entry size": 14 bytes for a time, and the UTF-8 bytes of the rest.
 */
function entryBytes({
  Time,
  Source = "",
  DetailType = "",
  Detail = "",
  Resources = [],
}: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), Time ? 14 : 0);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

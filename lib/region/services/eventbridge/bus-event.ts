import type { AwsEvent, RegionContext } from "../../region-context.ts";

/** An event as rules see it and targets receive it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 with whole seconds: `2026-11-21T01:02:03Z`. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Stamps what the bus adds to an event; `at` is the event's own time when its sender gave one. */
export function busEvent(context: RegionContext, event: AwsEvent, at = context.kernel.now): BusEvent {
  return {
    version: "0",
    id: context.kernel.random.uuid(),
    "detail-type": event.detailType,
    source: event.source,
    account: context.account,
    time: secondsTimestamp(at),
    region: context.region,
    resources: [...event.resources],
    detail: event.detail,
  };
}

/** `2026-11-21T01:02:03Z` */
export function secondsTimestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

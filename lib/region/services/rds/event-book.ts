import type * as rds from "@aws-sdk/client-rds";
import { arnOf, type RegionContext } from "../../region-context.ts";

/** What happened to databases, for DescribeEvents and, where the message has a documented id, for EventBridge. */
export class EventBook {
  readonly #context: RegionContext;
  readonly #events: RecordedEvent[] = [];

  constructor(context: RegionContext) {
    this.#context = context;
  }

  /** @param id `RDS-EVENT-…` where docs/facts/database.md §6 gives one; without it nothing goes to EventBridge */
  record(source: EventSource, message: string, category: string, id?: string): void {
    const { kind, name } = source;
    const arn = arnOf(this.#context, "rds", `${ARN_KIND[kind]}:${name}`);
    this.#events.push({ kind, name, arn, message, category, at: this.#context.kernel.now });
    this.#context.kernel.log.write("rds", "database event", { kind, name, message });
    if (id === undefined) return;
    this.#context.emit({
      source: "aws.rds",
      detailType: DETAIL_TYPE[kind],
      resources: [arn],
      detail: {
        EventCategories: [category],
        SourceType: SOURCE_TYPE[kind],
        SourceArn: arn,
        Date: this.#context.kernel.date().toISOString(),
        Message: message,
        SourceIdentifier: name,
        EventID: id,
      },
    });
  }

  /** Oldest first; RDS keeps events for fourteen days (docs/facts/database.md §6). */
  between(from: number, to: number): readonly rds.Event[] {
    const kept = this.#context.kernel.now - 14 * 24 * 3_600_000;
    return this.#events
      .filter(({ at }) => at >= Math.max(from, kept) && at <= to)
      .map(({ kind, name, arn, message, category, at }) => ({
        SourceIdentifier: name,
        SourceType: kind,
        SourceArn: arn,
        Message: message,
        EventCategories: [category],
        Date: new Date(at),
      }));
  }
}

export interface EventSource {
  readonly kind: "db-instance" | "db-cluster" | "db-snapshot" | "db-cluster-snapshot";
  readonly name: string;
}

interface RecordedEvent extends EventSource {
  readonly arn: string;
  readonly message: string;
  readonly category: string;
  readonly at: number;
}

const ARN_KIND = {
  "db-instance": "db",
  "db-cluster": "cluster",
  "db-snapshot": "snapshot",
  "db-cluster-snapshot": "cluster-snapshot",
} as const;

/** The instance's is documented; the others by analogy, unverified (docs/facts/database.md §6). */
const DETAIL_TYPE = {
  "db-instance": "RDS DB Instance Event",
  "db-cluster": "RDS DB Cluster Event",
  "db-snapshot": "RDS DB Snapshot Event",
  "db-cluster-snapshot": "RDS DB Cluster Snapshot Event",
} as const;

const SOURCE_TYPE = {
  "db-instance": "DB_INSTANCE",
  "db-cluster": "CLUSTER",
  "db-snapshot": "SNAPSHOT",
  "db-cluster-snapshot": "CLUSTER_SNAPSHOT",
} as const;

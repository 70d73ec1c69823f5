import type { RegionContext } from "../../region-context.ts";
import { arnOf } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";

export interface StoredLogEvent {
  readonly id: string;
  /** Epoch milliseconds, as the writer says. */
  readonly timestamp: number;
  /** Epoch milliseconds, when it arrived. */
  readonly ingestedAt: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  readonly events: StoredLogEvent[];
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly streams: Map<string, LogStream>;
  retentionDays: number | undefined;
  readonly kmsKeyId: string | undefined;
  readonly groupClass: string;
}

/** The account's log groups. Events older than a group's retention are gone for every reader. */
export class LogStore {
  readonly groups = new Map<string, LogGroup>();
  readonly #context: RegionContext;
  #events = 0;

  constructor(context: RegionContext) {
    this.#context = context;
  }

  createGroup(name: string, options: Partial<Pick<LogGroup, "kmsKeyId" | "groupClass">> = {}): LogGroup {
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) throw invalid("logGroupName");
    if (this.groups.has(name)) throw alreadyExists("log group");
    const group: LogGroup = {
      name,
      arn: arnOf(this.#context, "logs", `log-group:${name}`),
      createdAt: this.#context.kernel.now,
      streams: new Map(),
      retentionDays: undefined,
      kmsKeyId: options.kmsKeyId,
      groupClass: options.groupClass ?? "STANDARD",
    };
    this.groups.set(name, group);
    return group;
  }

  createStream(group: LogGroup, name: string): LogStream {
    if (!/^[^:*]{1,512}$/.test(name)) throw invalid("logStreamName");
    if (group.streams.has(name)) throw alreadyExists("log stream");
    const stream = { name, createdAt: this.#context.kernel.now, events: [] };
    group.streams.set(name, stream);
    return stream;
  }

  /** Appends one event that arrives now. */
  append(stream: LogStream, timestamp: number, message: string): void {
    const id = String(this.#events++).padStart(56, "0");
    stream.events.push({ id, timestamp, ingestedAt: this.#context.kernel.now, message });
  }

  /** A stream's events within the group's retention, oldest first. */
  eventsOf(group: LogGroup, stream: LogStream): StoredLogEvent[] {
    const days = group.retentionDays;
    const oldest = days === undefined ? Number.NEGATIVE_INFINITY : this.#context.kernel.now - days * DAY_MS;
    return stream.events
      .filter((event) => event.timestamp > oldest)
      .sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
  }

  setRetention(group: LogGroup, days: number): void {
    if (!RETENTION_DAYS.includes(days)) throw invalid("retentionInDays");
    group.retentionDays = days;
  }

  /** By name, or by ARN with or without the `:*`. */
  group(nameOrArn: string | undefined): LogGroup {
    const name = groupNameOf(nameOrArn);
    const group = this.groups.get(name);
    if (group) return group;
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }

  stream(group: LogGroup, name: string | undefined): LogStream {
    const stream = group.streams.get(name ?? "");
    if (stream) return stream;
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
}

const DAY_MS = 86_400_000;

/** API reference, PutRetentionPolicy: the possible values. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];

/** The name in a log group's ARN; a plain name stays what it is. */
export function groupNameOf(nameOrArn: string | undefined): string {
  return /^arn:aws:logs:[^:]*:\d*:log-group:([^:]+)/.exec(nameOrArn ?? "")?.[1] ?? nameOrArn ?? "";
}

function alreadyExists(what: string): AwsError {
  return new AwsError("ResourceAlreadyExistsException", `The specified ${what} already exists`);
}

export function invalid(parameter: string): AwsError {
  return new AwsError(
    "InvalidParameterException",
    `1 validation error detected: Value at '${parameter}' is not valid.`,
  );
}

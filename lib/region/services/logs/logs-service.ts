import * as logs from "@aws-sdk/client-cloudwatch-logs";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, ServiceModel } from "../../service-model.ts";
import { filterLogEvents, getLogEvents } from "./log-queries.ts";
import { logGroupResource, queryDefinitionResource, resourcePolicyResource } from "./log-resources.ts";
import { groupNameOf, type LogGroup, LogStore } from "./log-store.ts";

export interface CloudWatchLogs {
  readonly model: ServiceModel;
  /**
   * Writes one line that occurs now, as the Lambda runtime does; makes group and stream when they are
   * missing.
   */
  append(group: string, stream: string, message: string): void;
}

/** Amazon CloudWatch Logs: groups, streams, events and plain text filters. */
export function logsService(context: RegionContext): CloudWatchLogs {
  const store = new LogStore(context);
  const client = new logs.CloudWatchLogsClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("logs", logs, client);
  addGroupOperations(model, store, context);
  addEventOperations(model, store, context);
  model.provides("AWS::Logs::LogGroup", logGroupResource(store));
  model.provides("AWS::Logs::ResourcePolicy", resourcePolicyResource());
  model.provides("AWS::Logs::QueryDefinition", queryDefinitionResource(context));
  return {
    model,
    append: (groupName, streamName, message) => {
      const group = store.groups.get(groupName) ?? store.createGroup(groupName);
      const stream = group.streams.get(streamName) ?? store.createStream(group, streamName);
      store.append(stream, context.kernel.now, message);
    },
  };
}

/**
 * The resource that IAM checks. For a group as a whole the request names `log-group:NAME:log-stream:`, so
 * that a policy has to end in `:*`, as AWS's documentation asks. Unverified beyond AWS's own "not authorized"
 * messages.
 */
function onGroup(
  context: RegionContext,
  action: string,
  nameOrArn: string | undefined,
  stream = "",
): Permission[] {
  const resource = arnOf(context, "logs", `log-group:${groupNameOf(nameOrArn)}:log-stream:${stream}`);
  return [{ action: `logs:${action}`, resource }];
}

function addGroupOperations(model: ServiceModel, store: LogStore, context: RegionContext): void {
  model
    .on(logs.CreateLogGroupCommand, {
      accepts: ["logGroupName", "kmsKeyId", "logGroupClass"],
      authorize: ({ logGroupName }) => onGroup(context, "CreateLogGroup", logGroupName),
      handle: ({ logGroupName = "", kmsKeyId, logGroupClass }) => {
        store.createGroup(logGroupName, {
          kmsKeyId,
          ...(logGroupClass ? { groupClass: logGroupClass } : {}),
        });
        return {};
      },
    })
    .on(logs.CreateLogStreamCommand, {
      accepts: ["logGroupName", "logStreamName"],
      authorize: ({ logGroupName, logStreamName }) =>
        onGroup(context, "CreateLogStream", logGroupName, logStreamName),
      handle: ({ logGroupName, logStreamName = "" }) => {
        store.createStream(store.group(logGroupName), logStreamName);
        return {};
      },
    })
    .on(logs.DescribeLogGroupsCommand, {
      accepts: ["logGroupNamePrefix"],
      authorize: () => onGroup(context, "DescribeLogGroups", ""),
      handle: ({ logGroupNamePrefix = "" }) => {
        const groups = [...store.groups.values()].filter(({ name }) => name.startsWith(logGroupNamePrefix));
        return { logGroups: groups.sort((a, b) => (a.name < b.name ? -1 : 1)).map(describedGroup) };
      },
    })
    .on(logs.DescribeLogStreamsCommand, {
      accepts: ["logGroupName", "logGroupIdentifier", "logStreamNamePrefix"],
      authorize: (input) =>
        onGroup(context, "DescribeLogStreams", input.logGroupName ?? input.logGroupIdentifier),
      handle: ({ logGroupName, logGroupIdentifier, logStreamNamePrefix = "" }) => {
        const group = store.group(logGroupName ?? logGroupIdentifier);
        const streams = [...group.streams.values()].filter(({ name }) =>
          name.startsWith(logStreamNamePrefix),
        );
        return {
          logStreams: streams
            .sort((a, b) => (a.name < b.name ? -1 : 1))
            .map((stream) => ({
              logStreamName: stream.name,
              creationTime: stream.createdAt,
              arn: `${group.arn}:log-stream:${stream.name}`,
              ...(stream.events.length === 0
                ? {}
                : eventTimes(stream.events.map(({ timestamp }) => timestamp))),
            })),
        };
      },
    })
    .on(logs.PutRetentionPolicyCommand, {
      accepts: ["logGroupName", "retentionInDays"],
      authorize: ({ logGroupName }) => onGroup(context, "PutRetentionPolicy", logGroupName),
      handle: ({ logGroupName, retentionInDays = 0 }) => {
        store.setRetention(store.group(logGroupName), retentionInDays);
        return {};
      },
    });
}

function addEventOperations(model: ServiceModel, store: LogStore, context: RegionContext): void {
  model
    .on(logs.PutLogEventsCommand, {
      accepts: ["logGroupName", "logStreamName", "logEvents", "sequenceToken"],
      authorize: ({ logGroupName, logStreamName }) =>
        onGroup(context, "PutLogEvents", logGroupName, logStreamName),
      handle: ({ logGroupName, logStreamName, logEvents = [] }) => {
        const stream = store.stream(store.group(logGroupName), logStreamName);
        return putEvents(store, stream, logEvents, context.kernel.now);
      },
    })
    .on(logs.GetLogEventsCommand, {
      accepts: [
        "logGroupName",
        "logGroupIdentifier",
        "logStreamName",
        "startTime",
        "endTime",
        "nextToken",
        "limit",
        "startFromHead",
      ],
      authorize: (input) =>
        onGroup(context, "GetLogEvents", input.logGroupName ?? input.logGroupIdentifier, input.logStreamName),
      handle: (input) =>
        getLogEvents(store, store.group(input.logGroupName ?? input.logGroupIdentifier), input),
    })
    .on(logs.FilterLogEventsCommand, {
      accepts: [
        "logGroupName",
        "logGroupIdentifier",
        "logStreamNames",
        "logStreamNamePrefix",
        "startTime",
        "endTime",
        "filterPattern",
        // "This parameter is now deprecated and will be ignored"; `aws logs tail` still sends it (SDK types).
        "interleaved",
        "nextToken",
        "limit",
      ],
      authorize: (input) =>
        onGroup(context, "FilterLogEvents", input.logGroupName ?? input.logGroupIdentifier),
      handle: (input) =>
        filterLogEvents(store, store.group(input.logGroupName ?? input.logGroupIdentifier), input),
    });
}

/**
 * API reference, PutLogEvents: events in order; none over 2 hours in the future or 14 days in the past is
 * kept.
 */
function putEvents(
  store: LogStore,
  stream: Parameters<LogStore["append"]>[0],
  events: readonly logs.InputLogEvent[],
  now: number,
): Omit<logs.PutLogEventsCommandOutput, "$metadata"> {
  const timestamps = events.map(({ timestamp = 0 }) => timestamp);
  if (timestamps.some((timestamp, index) => timestamp < (timestamps[index - 1] ?? 0))) {
    const text = "Log events in a single PutLogEvents request must be in chronological order.";
    throw new AwsError("InvalidParameterException", text);
  }
  const tooOld = timestamps.filter((timestamp) => timestamp < now - 14 * 86_400_000).length;
  const firstTooNew = timestamps.findIndex((timestamp) => timestamp > now + 2 * 3_600_000);
  const end = firstTooNew === -1 ? events.length : firstTooNew;
  for (const { timestamp = 0, message = "" } of events.slice(tooOld, end))
    store.append(stream, timestamp, message);
  const rejectedLogEventsInfo = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(firstTooNew >= 0 ? { tooNewLogEventStartIndex: firstTooNew } : {}),
  };
  return Object.keys(rejectedLogEventsInfo).length > 0 ? { rejectedLogEventsInfo } : {};
}

function describedGroup(group: LogGroup): logs.LogGroup {
  return {
    logGroupName: group.name,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.groupClass === "INFREQUENT_ACCESS" ? "INFREQUENT_ACCESS" : "STANDARD",
  };
}

function eventTimes(timestamps: readonly number[]): {
  firstEventTimestamp: number;
  lastEventTimestamp: number;
} {
  return { firstEventTimestamp: Math.min(...timestamps), lastEventTimestamp: Math.max(...timestamps) };
}

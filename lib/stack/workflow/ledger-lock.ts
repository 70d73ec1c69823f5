import { Duration } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Timeout } from "aws-cdk-lib/aws-stepfunctions";
import {
  DynamoAttributeValue,
  DynamoReturnValues,
  DynamoUpdateItem,
} from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { LEDGER, partitionOf } from "../../../lambdas/contracts/ledger.ts";
import { RETRY_AWS_CALL, RETRY_LOCK } from "./retries.ts";

interface LockProps {
  readonly table: TableV2;
  readonly environment: string;
}

const NOW_SECONDS = "$floor($millis() / 1000)";
const UNTIL_SECONDS = `${NOW_SECONDS} + $planned.leaseSeconds`;

/**
 * One rollback at a time: a lease on the lock item, with a fencing number that only grows. Straight to DynamoDB, so
 * that nothing but the table is needed. Asked again after a lost reply, the same rollback gets its own lock.
 */
export function takeLock(scope: Construct, { table, environment }: LockProps): DynamoUpdateItem {
  const take = DynamoUpdateItem.jsonata(scope, "Take rollback lock", {
    table,
    key: keyOf(environment),
    updateExpression:
      "SET #owner = :owner, execution = :execution, eventId = :event, leaseUntil = :until, leaseSeconds = :lease, takenAt = :at, redrives = :redrives REMOVE tidying, resumable ADD fence :one",
    conditionExpression: "attribute_not_exists(#owner) OR leaseUntil < :now OR #owner = :owner",
    expressionAttributeNames: { "#owner": "owner" },
    expressionAttributeValues: {
      ":owner": DynamoAttributeValue.fromString("{% $planned.rollbackId %}"),
      ":execution": DynamoAttributeValue.fromString("{% $states.context.Execution.Id %}"),
      ":event": DynamoAttributeValue.fromString("{% $planned.eventId %}"),
      ":until": DynamoAttributeValue.numberFromString(`{% $string(${UNTIL_SECONDS}) %}`),
      ":lease": DynamoAttributeValue.numberFromString("{% $string($planned.leaseSeconds) %}"),
      ":redrives": DynamoAttributeValue.numberFromString(
        "{% $string($states.context.Execution.RedriveCount) %}",
      ),
      ":now": DynamoAttributeValue.numberFromString(`{% $string(${NOW_SECONDS}) %}`),
      ":at": DynamoAttributeValue.fromString("{% $now() %}"),
      ":one": DynamoAttributeValue.fromNumber(1),
    },
    returnValues: DynamoReturnValues.ALL_NEW,
    taskTimeout: Timeout.duration(Duration.seconds(20)),
    assign: { fence: "{% $number($states.result.Attributes.fence.N) %}" },
    outputs: { wave: 0, failed: 0, results: [], wayOut: [] },
  });
  retryLedgerCall(take, RETRY_LOCK);
  return take;
}

/** Gives the lock back if this rollback still holds it. Never an obstacle: the lease ends by itself. */
export function releaseLock(scope: Construct, { table, environment }: LockProps): DynamoUpdateItem {
  const release = DynamoUpdateItem.jsonata(scope, "Release rollback lock", {
    table,
    key: keyOf(environment),
    updateExpression: "REMOVE #owner, leaseUntil, eventId, execution, resumable",
    conditionExpression: "#owner = :owner",
    expressionAttributeNames: { "#owner": "owner" },
    expressionAttributeValues: { ":owner": DynamoAttributeValue.fromString("{% $planned.rollbackId %}") },
    taskTimeout: Timeout.duration(Duration.seconds(20)),
    outputs: "{% $states.input %}",
  });
  retryLedgerCall(release);
  return release;
}

/** A failed condition is an answer; everything else is worth another try. */
function retryLedgerCall(state: DynamoUpdateItem, retry = RETRY_AWS_CALL): void {
  state.addRetry({ errors: [CONDITION_FAILED], maxAttempts: 0 });
  state.addRetry(retry);
}

/** The optimised integration's name for a condition that does not hold (docs/facts/states-language.md). */
export const CONDITION_FAILED = "DynamoDB.ConditionalCheckFailedException";

const keyOf = (environment: string) => ({
  [LEDGER.partitionKey]: DynamoAttributeValue.fromString(partitionOf(environment)),
  [LEDGER.sortKey]: DynamoAttributeValue.fromString("{% $planned.lock %}"),
});

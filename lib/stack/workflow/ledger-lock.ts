import { Duration } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { type RetryProps, Timeout } from "aws-cdk-lib/aws-stepfunctions";
import {
  DynamoAttributeValue,
  DynamoReturnValues,
  DynamoUpdateItem,
} from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { LEDGER, partitionOf } from "../../../lambdas/contracts/ledger.ts";
import { GIVES_WAY_TO } from "../../../lambdas/contracts/lock.ts";
import { RETRY_AWS_CALL, RETRY_LOCK } from "./retries.ts";

interface LockProps {
  readonly table: TableV2;
  readonly environment: string;
}

/** An expression of each: which lock, for how many seconds at most; and what taking it means for the workflow. */
interface TakeProps extends LockProps {
  readonly id: string;
  readonly lock: string;
  readonly leaseSeconds: string;
  readonly outputs: unknown;
  readonly assign?: Readonly<Record<string, string>>;
  /** @default - as long as nobody else would begin */
  readonly retry?: RetryProps;
}

const NOW_SECONDS = "$floor($millis() / 1000)";

/** The rollback's own. */
export const takeRollbackLock = (scope: Construct, props: LockProps): DynamoUpdateItem =>
  takeLock(scope, {
    ...props,
    id: "Take rollback lock",
    lock: "$planned.lock",
    leaseSeconds: "$planned.leaseSeconds",
    outputs: { wave: 0, failed: 0, results: [], wayOut: [] },
  });

/**
 * One rollback at a time: a lease on the lock item, with a fencing number that only grows. Straight to DynamoDB, so
 * that nothing but the table is needed. Asked again after a lost reply, the same rollback gets its own lock.
 */
export function takeLock(
  scope: Construct,
  { id, table, environment, lock, leaseSeconds, outputs, assign = {}, retry = RETRY_LOCK }: TakeProps,
): DynamoUpdateItem {
  const take = DynamoUpdateItem.jsonata(scope, id, {
    table,
    key: keyOf(environment, lock),
    updateExpression:
      "SET #owner = :owner, execution = :execution, eventId = :event, leaseUntil = :until, leaseSeconds = :lease, takenAt = :at, redrives = :redrives REMOVE tidying, resumable, givesWayTo ADD fence :one",
    conditionExpression:
      "attribute_not_exists(#owner) OR leaseUntil < :now OR #owner = :owner OR givesWayTo = :who",
    expressionAttributeNames: { "#owner": "owner" },
    expressionAttributeValues: {
      ":owner": DynamoAttributeValue.fromString("{% $planned.rollbackId %}"),
      ":execution": DynamoAttributeValue.fromString("{% $states.context.Execution.Id %}"),
      ":event": DynamoAttributeValue.fromString("{% $planned.eventId %}"),
      ":who": DynamoAttributeValue.fromString(`{% ${WHO} %}`),
      ":until": DynamoAttributeValue.numberFromString(`{% $string(${NOW_SECONDS} + ${leaseSeconds}) %}`),
      ":lease": DynamoAttributeValue.numberFromString(`{% $string(${leaseSeconds}) %}`),
      ":redrives": DynamoAttributeValue.numberFromString(
        "{% $string($states.context.Execution.RedriveCount) %}",
      ),
      ":now": DynamoAttributeValue.numberFromString(`{% $string(${NOW_SECONDS}) %}`),
      ":at": DynamoAttributeValue.fromString("{% $now() %}"),
      ":one": DynamoAttributeValue.fromNumber(1),
    },
    returnValues: DynamoReturnValues.ALL_NEW,
    taskTimeout: Timeout.duration(Duration.seconds(20)),
    assign: { fence: "{% $number($states.result.Attributes.fence.N) %}", ...assign },
    outputs,
  });
  retryLedgerCall(take, retry);
  return take;
}

/** The rollback's own. */
export const releaseRollbackLock = (scope: Construct, props: LockProps): DynamoUpdateItem =>
  releaseLock(scope, { ...props, id: "Release rollback lock", lock: "$planned.lock" });

/** Gives a lock back if this rollback still holds it. Never an obstacle: the lease ends by itself. */
export function releaseLock(
  scope: Construct,
  { id, table, environment, lock }: Pick<TakeProps, "id" | "lock" | keyof LockProps>,
): DynamoUpdateItem {
  const release = DynamoUpdateItem.jsonata(scope, id, {
    table,
    key: keyOf(environment, lock),
    updateExpression: "REMOVE #owner, leaseUntil, eventId, execution, resumable, givesWayTo",
    conditionExpression: "#owner = :owner",
    expressionAttributeNames: { "#owner": "owner" },
    expressionAttributeValues: { ":owner": DynamoAttributeValue.fromString("{% $planned.rollbackId %}") },
    taskTimeout: Timeout.duration(Duration.seconds(20)),
    outputs: "{% $states.input %}",
  });
  retryLedgerCall(release);
  return release;
}

/** It only watches alarms from now on: who is not an alarm need not wait for that. Not being able to say so changes nothing. */
export function giveWayToPeople(scope: Construct, { table, environment }: LockProps): DynamoUpdateItem {
  const give = DynamoUpdateItem.jsonata(scope, "Give way to people", {
    table,
    key: keyOf(environment, "$planned.lock"),
    updateExpression: "SET givesWayTo = :people",
    conditionExpression: "#owner = :owner",
    expressionAttributeNames: { "#owner": "owner" },
    expressionAttributeValues: {
      ":owner": DynamoAttributeValue.fromString("{% $planned.rollbackId %}"),
      ":people": DynamoAttributeValue.fromString(GIVES_WAY_TO),
    },
    taskTimeout: Timeout.duration(Duration.seconds(20)),
    outputs: "{% $states.input %}",
  });
  retryLedgerCall(give);
  return give;
}

/** Whoever a person has approved counts as one. */
const WHO = `$planned.automatic and $planned.decision.action != 'ask' ? 'alarms' : '${GIVES_WAY_TO}'`;

/** A failed condition is an answer; everything else is worth another try. */
function retryLedgerCall(state: DynamoUpdateItem, retry = RETRY_AWS_CALL): void {
  state.addRetry({ errors: [CONDITION_FAILED], maxAttempts: 0 });
  state.addRetry(retry);
}

/** The optimised integration's name for a condition that does not hold (docs/facts/states-language.md). */
export const CONDITION_FAILED = "DynamoDB.ConditionalCheckFailedException";

const keyOf = (environment: string, lock: string) => ({
  [LEDGER.partitionKey]: DynamoAttributeValue.fromString(partitionOf(environment)),
  [LEDGER.sortKey]: DynamoAttributeValue.fromString(`{% ${lock} %}`),
});

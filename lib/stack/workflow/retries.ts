import { Duration } from "aws-cdk-lib";
import { JitterType, type RetryProps } from "aws-cdk-lib/aws-stepfunctions";

/** Names: docs/facts/states-language.md "Lambda errors to name in Retry" (CDK's default omits two of them). */
const PASSING_TROUBLE = [
  "AwsBusy",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.Unknown",
  "Sandbox.Timedout",
  "Runtime.ExitError",
];

/**
 * Trouble that passes: AWS is busy, or Lambda itself stumbled. Steps may be repeated safely, so a sandbox that timed
 * out or was killed is retried too, and a task whose answer never came. Six attempts span 1+2+4+8+16 = 31 s at most
 * with full jitter, which outlives a throttled minute's worst seconds and leaves the rollback targets in reach.
 */
export const RETRY_PASSING_TROUBLE: RetryProps = {
  errors: [...PASSING_TROUBLE, "States.Timeout"],
  interval: Duration.seconds(1),
  maxAttempts: 5,
  backoffRate: 2,
  maxDelay: Duration.seconds(16),
  jitterStrategy: JitterType.FULL,
};

/**
 * Planning, a component on its way to its target, the report: nobody takes up what fails there. Fifteen attempts span five
 * minutes at most, half of that on average, so that an API that is out for a minute or two ends no rollback, nor keeps an
 * alarm from one. What timed out is no more likely to be quick the next time, and has the usual six.
 */
export const RETRY_PATIENTLY: RetryProps = {
  errors: PASSING_TROUBLE.filter((name) => name === "AwsBusy" || name.startsWith("Lambda.")),
  interval: Duration.seconds(1),
  maxAttempts: 14,
  backoffRate: 2,
  maxDelay: Duration.seconds(30),
  jitterStrategy: JitterType.FULL,
};

/** Asking a person: that nobody answered in time is an answer, and asking again would wake them for nothing. */
export const RETRY_ASKING: RetryProps = { ...RETRY_PASSING_TROUBLE, errors: PASSING_TROUBLE };

/** A call straight to an AWS service: everything is worth three tries, except what the caller catches by name. */
export const RETRY_AWS_CALL: RetryProps = {
  errors: ["States.TaskFailed"],
  interval: Duration.seconds(1),
  maxAttempts: 3,
  backoffRate: 2,
  maxDelay: Duration.seconds(4),
  jitterStrategy: JitterType.FULL,
};

/** Where nobody else goes on: AWS is asked once a minute for half an hour, and then people are told and it is asked on. */
export const RETRY_OUTAGE: RetryProps = {
  errors: [...PASSING_TROUBLE, "States.Timeout"],
  interval: Duration.seconds(10),
  maxAttempts: 30,
  backoffRate: 2,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.NONE,
};

/** Taking the lock: without it nothing begins, and nobody would begin it again. */
export const RETRY_LOCK: RetryProps = { ...RETRY_PATIENTLY, errors: ["States.TaskFailed"] };

/** What was asked makes no sense, and will make none the next time. */
export const NEVER_AGAIN: RetryProps = { errors: ["BadRequest"], maxAttempts: 0 };

/** What nobody else would do, whatever it is: once a minute for half an hour, and then an alarm says so. */
export const RETRY_LAST_LAYER: RetryProps = {
  errors: ["States.ALL"],
  interval: Duration.seconds(30),
  maxAttempts: 30,
  backoffRate: 2,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.NONE,
};

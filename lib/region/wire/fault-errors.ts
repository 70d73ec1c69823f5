import { AwsError, type Call } from "../service-model.ts";
import type { FaultFailure } from "./fault-plan.ts";

/** The error that a service answers when such a fault strikes it, in the words of that service. */
export function faultError(
  failure: Extract<FaultFailure, "throttle" | "server-error" | "access-denied">,
  { service, operation }: Call,
): AwsError {
  if (failure === "throttle") {
    const [code, status] = throttling[service] ?? (["ThrottlingException", 400] as const);
    return new AwsError(code, "Rate exceeded", status);
  }
  if (failure === "server-error") {
    return new AwsError(serverErrors[service] ?? "InternalError", "An internal error occurred.", 500);
  }
  return new AwsError(
    "AccessDeniedException",
    `Access to ${service}:${operation} is denied by an injected fault`,
  );
}

/**
 * Throttling answers that differ from ThrottlingException / 400, all of which the SDK retries as throttling
 * (`THROTTLING_ERROR_CODES` in @smithy/core/retry). S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html;
 * Lambda and SQS: the clients' own error shapes; the query services: their pages of common errors.
 */
const throttling: Readonly<Record<string, readonly [code: string, status: number]>> = {
  s3: ["SlowDown", 503],
  ec2: ["RequestLimitExceeded", 503],
  lambda: ["TooManyRequestsException", 429],
  sqs: ["RequestThrottled", 400],
  sns: ["Throttling", 400],
  sts: ["Throttling", 400],
  rds: ["Throttling", 400],
  monitoring: ["Throttling", 400],
};

/** Server errors that the clients model under a name of their own. */
const serverErrors: Readonly<Record<string, string>> = {
  ecs: "ServerException",
  ecr: "ServerException",
  dynamodb: "InternalServerError",
  lambda: "ServiceException",
  monitoring: "InternalServiceFault",
};

import { ApplicationAutoScalingServiceException } from "@aws-sdk/client-application-auto-scaling";
import { CodeDeployServiceException } from "@aws-sdk/client-codedeploy";
import { ECSServiceException } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2ServiceException } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeServiceException } from "@aws-sdk/client-eventbridge";
import { LambdaServiceException } from "@aws-sdk/client-lambda";
import { SchedulerServiceException } from "@aws-sdk/client-scheduler";
import { StepbackError } from "../../contracts/errors.ts";
import type { FailureCode } from "../../contracts/failures.ts";
import { isNamed, refusalText } from "../aws-call.ts";

/**
 * What a refusal by ECS, or by a service around it, means for a move, in AWS's own words with the request id [docs/facts/ecs.md §9]. Undefined for
 * anything that is not a refusal: bugs, lost locks, trouble that passes.
 */
export function refusalOf(error: unknown): { readonly code: FailureCode; readonly note: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const isRefusal = isDenied(error) || REFUSING.some((refusing) => error instanceof refusing);
  if (!isRefusal) return undefined;
  const gone = isNamed(
    error,
    "ServiceNotActiveException",
    "ServiceNotFoundException",
    "ClusterNotFoundException",
  );
  return { code: gone ? "NOT_ACTIVE" : "REFUSED_BY_AWS", note: refusalText(error) ?? error.message };
}

const isDenied = (error: Error) => error instanceof StepbackError && error.name === "NotAllowed";

/** The services that a move calls; the ledger's are not among them: what they refuse is a bug. */
const REFUSING = [
  ECSServiceException,
  CodeDeployServiceException,
  ApplicationAutoScalingServiceException,
  ElasticLoadBalancingV2ServiceException,
  EventBridgeServiceException,
  LambdaServiceException,
  SchedulerServiceException,
];

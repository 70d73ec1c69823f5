import { Duration } from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Timeout } from "aws-cdk-lib/aws-stepfunctions";
import { CallAwsService } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import { RETRY_AWS_CALL } from "./retries.ts";

interface KeepPlanProps {
  readonly environment: Environment;
  readonly bucket: Bucket;
}

/** Writes the plan where the report will lie, straight to S3: whoever puts things in order later reads it there. */
export function keepPlan(
  scope: Construct,
  id: string,
  { bucket, environment }: KeepPlanProps,
): CallAwsService {
  const state = CallAwsService.jsonata(scope, id, {
    service: "s3",
    action: "putObject",
    parameters: {
      Bucket: bucket.bucketName,
      Key: `{% '${environment.name}/' & $planned.rollbackId & '/plan.json' %}`,
      Body: "{% $planned %}",
      ContentType: "application/json",
    },
    iamAction: "s3:PutObject",
    iamResources: [bucket.arnForObjects(`${environment.name}/*`)],
    taskTimeout: Timeout.duration(Duration.seconds(30)),
    outputs: {},
  });
  state.addRetry(RETRY_AWS_CALL);
  return state;
}

import type { RegionContext } from "../../region-context.ts";
import type { ResourceModel } from "../../service-model.ts";
import type { FunctionRegistry } from "./function-registry.ts";

/** `AWS::Lambda::Url`, signed callers only. */
export function functionUrlResource(context: RegionContext, registry: FunctionRegistry): ResourceModel {
  return {
    accepts: ["TargetFunctionArn", "AuthType", "InvokeMode"],
    create: (logicalId, { TargetFunctionArn, AuthType, InvokeMode = "BUFFERED" }) => {
      if (AuthType !== "AWS_IAM" || InvokeMode !== "BUFFERED") {
        throw new Error(`${logicalId}: the region models function URLs with AWS_IAM and BUFFERED only`);
      }
      const fn = registry.find(String(TargetFunctionArn));
      const { random } = context.kernel;
      fn.urlId = Array.from({ length: 32 }, () => random.integer(0, 35).toString(36)).join("");
      const FunctionUrl = `https://${fn.urlId}.lambda-url.${context.region}.on.aws/`;
      return { ref: fn.arn, attributes: { FunctionUrl, FunctionArn: fn.arn } };
    },
  };
}

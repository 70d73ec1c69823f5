import type { PolicyStatement, ResourceModel } from "../../service-model.ts";
import type { FunctionRegistry } from "./function-registry.ts";

/** `AWS::Lambda::Permission`: one statement of a function's resource policy. */
export function permissionResource(registry: FunctionRegistry): ResourceModel {
  return {
    accepts: [
      "Action",
      "FunctionName",
      "Principal",
      "SourceArn",
      "SourceAccount",
      "FunctionUrlAuthType",
      "InvokedViaFunctionUrl",
    ],
    create: (logicalId, properties) => {
      const fn = registry.find(String(properties["FunctionName"]));
      fn.policy.push({
        Sid: logicalId,
        Effect: "Allow",
        Principal: policyPrincipal(String(properties["Principal"])),
        Action: String(properties["Action"]),
        Resource: fn.arn,
        Condition: conditions(properties),
      });
      return { ref: logicalId, attributes: { Id: logicalId } };
    },
  };
}

/** AddPermission takes an account, a service, an ARN or `*` and writes the policy's form of it. */
function policyPrincipal(principal: string): NonNullable<PolicyStatement["Principal"]> {
  if (principal === "*") return "*";
  if (principal.endsWith(".amazonaws.com")) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}

/**
 * The conditions that AddPermission writes for its parameters, `ArnLike` for the source
 * (https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
 */
function conditions(
  properties: Readonly<Record<string, unknown>>,
): NonNullable<PolicyStatement["Condition"]> {
  const { SourceArn, SourceAccount, FunctionUrlAuthType, InvokedViaFunctionUrl } = properties;
  const equals = {
    ...(SourceAccount ? { "AWS:SourceAccount": String(SourceAccount) } : {}),
    ...(FunctionUrlAuthType ? { "lambda:FunctionUrlAuthType": String(FunctionUrlAuthType) } : {}),
  };
  return {
    ...(SourceArn ? { ArnLike: { "AWS:SourceArn": String(SourceArn) } } : {}),
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { "lambda:InvokedViaFunctionUrl": String(InvokedViaFunctionUrl) } }),
  };
}

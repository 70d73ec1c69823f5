import type { RegionContext } from "../../region-context.ts";
import type { Parameter } from "./parameter.ts";

/**
 * "Parameter Store Change":
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
 */
export function announce(
  context: RegionContext,
  parameter: Parameter,
  operation: "Create" | "Update" | "Delete" | "LabelParameterVersion",
): void {
  const { name, arn, versions } = parameter;
  const latest = versions.at(-1);
  context.emit({
    source: "aws.ssm",
    detailType: "Parameter Store Change",
    resources: [arn],
    detail: {
      operation,
      name,
      type: latest?.type,
      ...(latest?.description !== undefined && { description: latest.description }),
    },
  });
  context.kernel.log.write("ssm", "parameter changed", { name, operation, version: latest?.number });
}

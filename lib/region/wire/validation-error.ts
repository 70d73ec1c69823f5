import { AwsError } from "../service-model.ts";
import type { Protocol, ServiceShape } from "./service-shape.ts";

/** What AWS answers when a required member is missing, in the protocol's and the service's own code. */
export function missingMemberError(service: ServiceShape, path: string): AwsError {
  const message =
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: ` +
    "Member must not be null";
  const own = modelled.find((code) => service.error(code) !== undefined);
  return new AwsError(own ?? defaults[service.protocol] ?? "ValidationException", message, 400);
}

/** The names that services give to a rejected parameter, the most specific to validation first. */
const modelled = ["ValidationException", "InvalidParameterException", "InvalidParameterValueException"];

/**
 * Where the model has none of those. Query services: `ValidationError` in their pages of common errors, for example
 * https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html. EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. S3's exact code depends on the parameter: unverified.
 */
const defaults: Readonly<Partial<Record<Protocol, string>>> = {
  awsQuery: "ValidationError",
  ec2Query: "MissingParameter",
  restXml: "InvalidRequest",
};

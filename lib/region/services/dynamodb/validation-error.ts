import { AwsError } from "../../service-model.ts";

/** DynamoDB's answer to a request that can never succeed as it stands. */
export function validationError(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

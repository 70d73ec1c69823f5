import { AwsError } from "../../service-model.ts";

/** Two members that do not go together, or too few of them. */
export function badCombination(message: string): AwsError {
  return new AwsError("InvalidParameterCombination", message);
}

export function badValue(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

export function wrongState(kind: "instance" | "cluster", message: string): AwsError {
  return new AwsError(
    kind === "instance" ? "InvalidDBInstanceStateFault" : "InvalidDBClusterStateFault",
    message,
  );
}

/** What AWS has and this model has not. */
export function notModelled(what: string): AwsError {
  return new AwsError("NotImplemented", `Stepback's simulated RDS does not model ${what}`, 501);
}

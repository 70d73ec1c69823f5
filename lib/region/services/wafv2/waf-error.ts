import { AwsError } from "../../service-model.ts";

/** AWS WAF's errors: names, members and the first sentences of the texts as the SDK documents them. */
export const wafError = {
  missing: () =>
    new AwsError(
      "WAFNonexistentItemException",
      "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
    ),
  changedMeanwhile: () =>
    new AwsError(
      "WAFOptimisticLockException",
      "AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. " +
        "Reapply your changes.",
    ),
  invalid: (field: string, parameter: string, reason: string) =>
    new AwsError(
      "WAFInvalidParameterException",
      `Error reason: ${reason} field: ${field}, parameter: ${parameter}`,
      400,
      {
        Field: field,
        Parameter: parameter,
        Reason: reason,
      },
    ),
  notModelled: (what: string) =>
    new AwsError("NotImplemented", `Stepback's simulated region does not model ${what} of AWS WAF`, 501),
};

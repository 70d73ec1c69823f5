import type { Principal } from "../../../lib/region/service-model.ts";
import { FUNCTION_ARN } from "./make-region.ts";

/** A session of the role that `callerRole` makes. */
export const caller: Principal = {
  arn: "arn:aws:iam::111122223333:role/caller",
  type: "role",
  session: "caller",
};

/** A role `caller` that may do what is listed on the function's ARN followed by `suffix`. */
export const callerRole = (actions: readonly string[], suffix = "") => ({
  Caller: {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: "caller",
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "x.amazonaws.com" }, Action: "sts:AssumeRole" }],
      },
      Policies: [
        {
          PolicyName: "p",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: actions, Resource: FUNCTION_ARN + suffix }],
          },
        },
      ],
    },
  },
});

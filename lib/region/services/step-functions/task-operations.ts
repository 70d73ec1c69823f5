import * as sfn from "@aws-sdk/client-sfn";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import type { Json } from "../../states-language/json.ts";
import { payloadLimitBytes, StatesError } from "../../states-language/states-error.ts";
import type { TaskTokens } from "../../states-language/task-tokens.ts";

/** Calling back with a task token. */
export function addTaskOperations(model: ServiceModel, tokens: TaskTokens): void {
  model
    .on(sfn.SendTaskSuccessCommand, {
      accepts: ["taskToken", "output"],
      authorize: onOwner("states:SendTaskSuccess", tokens),
      handle: ({ taskToken = "", output = "" }) => {
        tokens.succeed(taskToken, outputOf(output));
        return {};
      },
    })
    .on(sfn.SendTaskFailureCommand, {
      accepts: ["taskToken", "error", "cause"],
      authorize: onOwner("states:SendTaskFailure", tokens),
      handle: ({ taskToken = "", error, cause }) => {
        tokens.fail(taskToken, new StatesError(error, cause));
        return {};
      },
    })
    .on(sfn.SendTaskHeartbeatCommand, {
      accepts: ["taskToken"],
      authorize: onOwner("states:SendTaskHeartbeat", tokens),
      handle: ({ taskToken = "" }) => {
        tokens.heartbeat(taskToken);
        return {};
      },
    });
}

/**
 * The machine whose task the token is for, which is what CDK's `grantTaskResponse` names; `*` when the token says
 * nothing. That AWS checks it this way is unverified.
 */
function onOwner(action: string, tokens: TaskTokens) {
  return ({ taskToken }: { readonly taskToken: string | undefined }): readonly Permission[] => [
    { action, resource: tokens.ownerOf(taskToken ?? "") ?? "*" },
  ];
}

function outputOf(text: string): Json {
  if (Buffer.byteLength(text, "utf8") > payloadLimitBytes) {
    throw new AwsError("InvalidOutput", "Invalid Output: 'The output is larger than 262144 bytes'");
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      "InvalidOutput",
      `Invalid Output: '${error instanceof Error ? error.message : String(error)}'`,
    );
  }
}

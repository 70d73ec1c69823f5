import type { LambdaFunction } from "./lambda-function.ts";

export type LambdaHandler = (event: unknown, context: object) => unknown;

/** The exported handler that the function's configuration names, checked as the Node.js runtime checks it. */
export function handlerOf(exports: unknown, handler: string): LambdaHandler {
  const name = handler.slice(handler.lastIndexOf(".") + 1);
  const found: unknown = typeof exports === "object" && exports ? Reflect.get(exports, name) : undefined;
  if (typeof found !== "function") {
    throw namedError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  if (found.length >= 3) {
    // aws/aws-lambda-nodejs-runtime-interface-client, src/function/callback-deprecation.ts
    throw namedError(
      "Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need " +
        "to modify this function to use a supported handler signature to use Node.js 24 or later. For more " +
        "information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  return (event, context) => Reflect.apply(found, undefined, [event, context]);
}

/** The second argument of a handler (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html). */
export function invocationContext(
  fn: LambdaFunction,
  {
    requestId,
    logStream,
    remaining,
  }: { readonly requestId: string; readonly logStream: string; readonly remaining: () => number },
): object {
  return {
    functionName: fn.name,
    functionVersion: "$LATEST",
    invokedFunctionArn: fn.arn,
    memoryLimitInMB: String(fn.memoryMb),
    awsRequestId: requestId,
    logGroupName: fn.logGroup,
    logStreamName: logStream,
    getRemainingTimeInMillis: remaining,
  };
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { StepbackError } from "../../../lambdas/contracts/errors.ts";
import { asStepbackError, isAccessDenied, isTransient } from "../../../lambdas/platform/aws-errors.ts";

/** An error as the SDK throws it. */
function makeError(name: string, { code, status = 400 }: { code?: string; status?: number } = {}): Error {
  const error = Object.assign(new Error("said AWS"), { name, $metadata: { httpStatusCode: status } });
  return code ? Object.assign(error, { code }) : error;
}

function cancelledBecause(...codes: string[]) {
  return new TransactionCanceledException({
    message: `Transaction cancelled: [${codes.join(", ")}]`,
    CancellationReasons: codes.map((Code) => ({ Code })),
    $metadata: { httpStatusCode: 400 },
  });
}

describe("trouble with AWS", () => {
  it.each([
    ["throttling", makeError("ThrottlingException")],
    ["throttling of the query protocol", makeError("Throttling")],
    ["throttling by Lambda", makeError("TooManyRequestsException", { status: 429 })],
    ["throttling by S3", makeError("SlowDown", { status: 503 })],
    ["a server error", makeError("ServerException", { status: 500 })],
    ["an unavailable service", makeError("Whatever", { status: 503 })],
    ["a broken connection", makeError("Error", { code: "ECONNRESET" })],
    ["a name that does not resolve for a moment", makeError("Error", { code: "EAI_AGAIN" })],
    ["a timeout", makeError("TimeoutError")],
    ["a timeout that S3 noticed", makeError("RequestTimeout")],
    ["a transaction that met another", cancelledBecause("TransactionConflict", "None")],
    ["a throttled transaction", cancelledBecause("None", "ThrottlingError")],
    ["a transaction that is in progress", makeError("TransactionInProgressException")],
  ])("that passes is AwsBusy: %s", (_, error) => {
    const named = asStepbackError(error, "plan-rollback");

    expect(isTransient(error)).toBe(true);
    expect(named).toBeInstanceOf(StepbackError);
    expect(named).toMatchObject({ name: "AwsBusy", cause: error });
    expect(named.message).toContain("plan-rollback: AWS did not answer properly");
  });

  it.each(["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"])(
    "that somebody must allow is NotAllowed: %s",
    (name) => {
      const error = makeError(name, { status: 403 });

      expect(isAccessDenied(error)).toBe(true);
      expect(asStepbackError(error, "clean-up")).toMatchObject({
        name: "NotAllowed",
        message: "clean-up: said AWS",
        cause: error,
      });
    },
  );

  it.each([
    ["a wrong parameter", makeError("InvalidParameterException")],
    ["a failed condition", cancelledBecause("ConditionalCheckFailed", "None")],
    [
      "a condition that failed beside a conflict",
      cancelledBecause("ConditionalCheckFailed", "TransactionConflict"),
    ],
    ["a bug", new TypeError("x is not a function")],
  ])("that is none keeps its name, and is the same error: %s", (_, error) => {
    expect(isTransient(error)).toBe(false);
    expect(asStepbackError(error, "x")).toBe(error);
  });

  it("of Stepback's own keeps its name", () => {
    const lost = new StepbackError("LockLost", "gone");

    expect(asStepbackError(lost, "x")).toBe(lost);
  });

  it.each(["a string", undefined, null, { code: "ECONNRESET" }])(
    "becomes an error, whatever was thrown: %j",
    (thrown) => {
      expect(asStepbackError(thrown, "x")).toBeInstanceOf(Error);
    },
  );
});

/** How an invocation ended: with a result, or with an error object as Lambda puts it into the payload. */
export type InvocationOutcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly errorType: string; readonly payload: string };

/** The most that a handler may return, bytes: the documented 6 MB, which field measurements put 100 bytes higher. */
const RESPONSE_LIMIT = 6 * 1024 * 1024 + 100;

/** What the handler returned, as the runtime serialises it: `undefined` becomes `null`. */
export function succeeded(result: unknown): InvocationOutcome {
  const payload = JSON.stringify(result === undefined ? null : result);
  if (payload === undefined) return succeeded(null);
  const size = Buffer.byteLength(payload);
  if (size <= RESPONSE_LIMIT) return { ok: true, payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`;
  return failure({ errorType: "Function.ResponseSizeTooLarge", errorMessage });
}

/**
 * What the handler threw, in the shape of the Node.js runtime's `formatError`
 * (aws/aws-lambda-nodejs-runtime-interface-client, src/utils/error.ts). The trace keeps the bundle's own frames: the
 * others belong to this process and differ between machines.
 */
export function threw(error: unknown): InvocationOutcome {
  if (!(error instanceof Error))
    return failure({ errorType: typeof error, errorMessage: String(error), trace: [] });
  return failure({ errorType: error.name, errorMessage: error.message, trace: traceOf(error) });
}

export function traceOf(error: Error): string[] {
  const [head = "", ...frames] = (error.stack ?? String(error)).split(/\n(?= {4}at )/);
  return [...head.split("\n"), ...frames.filter((frame) => frame.includes("/var/task/"))];
}

export function timedOut(requestId: string, timeoutSeconds: number): InvocationOutcome {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  return failure({ errorType: "Sandbox.Timedout", errorMessage });
}

/** The process went away under the handler: `signal: killed`, or `exit status 1`. */
export function exited(requestId: string, how: string): InvocationOutcome {
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: ${how}`;
  return failure({ errorType: "Runtime.ExitError", errorMessage });
}

function failure(error: { errorType: string; errorMessage: string; trace?: string[] }): InvocationOutcome {
  return { ok: false, errorType: error.errorType, payload: JSON.stringify(error) };
}

import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import { bundleIn } from "../../../lib/region/lambda-runtime/bundle.ts";
import type { LambdaFunction } from "../../../lib/region/lambda-runtime/lambda-function.ts";
import { LambdaRuntime } from "../../../lib/region/lambda-runtime/lambda-runtime.ts";
import type { Transport } from "../../../lib/region/lambda-runtime/transport.ts";
import type { WireReply, WireRequest } from "../../../lib/region/wire/wire-message.ts";

export const START = Date.parse("2026-11-21T10:00:00Z");

export interface Bench {
  readonly kernel: Kernel;
  readonly runtime: LambdaRuntime;
  /** The requests that reached the transport. */
  readonly requests: WireRequest[];
  /** Runs an invocation to its end in virtual time. */
  invoke(
    fn: LambdaFunction,
    event?: unknown,
  ): Promise<{
    result: unknown;
    failed: boolean;
    cold: boolean;
    durationMs: number;
    output: readonly string[];
  }>;
}

/** A runtime whose functions talk to `answer`; every answer takes 20 ms of virtual time. */
export function makeRuntime(answer: (request: WireRequest, kernel: Kernel) => WireReply, seed = 1): Bench {
  const kernel = new Kernel({ seed, start: START });
  const requests: WireRequest[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    await kernel.sleep(20);
    return answer(request, kernel);
  };
  const runtime = new LambdaRuntime({
    kernel,
    region: "eu-west-1",
    transport,
    credentialsFor: (roleArn, session) => ({
      accessKeyId: "ASIATEST",
      secretAccessKey: `${roleArn} ${session}`,
      sessionToken: "token",
    }),
  });
  const invoke: Bench["invoke"] = async (fn, event = {}) => {
    const pending = runtime.invoke(fn, JSON.stringify(event), kernel.random.uuid());
    const { payload, ...facts } = await kernel.complete(pending);
    return { ...facts, result: JSON.parse(payload) };
  };
  return { kernel, runtime, requests, invoke };
}

export function makeFunction(directory: string, overrides: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    name: "probe",
    arn: "arn:aws:lambda:eu-west-1:111122223333:function:probe",
    bundle: bundleIn(directory, "index.handler"),
    handler: "index.handler",
    roleArn: "arn:aws:iam::111122223333:role/probe",
    timeoutSeconds: 30,
    memoryMb: 256,
    environment: { GREETING: "hello" },
    logGroup: "/aws/lambda/probe",
    logFormat: "Text",
    logLevel: "INFO",
    traced: false,
    ...overrides,
  };
}

export function json(status: number, body: object): WireReply {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

import * as lambda from "@aws-sdk/client-lambda";
import { Uint8ArrayBlobAdapter } from "@smithy/core/serde";
import type { Identities } from "../../iam/identities.ts";
import type { FunctionFaults } from "../../lambda-runtime/function-faults.ts";
import { LambdaRuntime } from "../../lambda-runtime/lambda-runtime.ts";
import type { Transport } from "../../lambda-runtime/transport.ts";
import type { RegionContext } from "../../region-context.ts";
import { type Principal, ServiceModel } from "../../service-model.ts";
import type { WireReply, WireRequest } from "../../wire/wire-message.ts";
import { AsyncInvocations } from "./async-invocations.ts";
import { describedFunction } from "./described-function.ts";
import { eventInvokeConfigResource } from "./event-invoke-config-resource.ts";
import { FunctionLog } from "./function-log.ts";
import { FunctionRegistry, functionName } from "./function-registry.ts";
import { functionResource } from "./function-resource.ts";
import { functionUrlResource } from "./function-url-resource.ts";
import { FunctionUrls } from "./function-urls.ts";
import { Invocations } from "./invocations.ts";
import { permissionResource } from "./permission-resource.ts";

export interface LambdaOptions {
  /** Carries the functions' own requests: the endpoint's `handle`. */
  readonly transport: Transport;
  readonly identities: Pick<Identities, "issueCredentials" | "assumable" | "authorize">;
  /** The directory of a code archive that a template names by bucket and key: the deployer's asset store. */
  readonly codeDirectory: (bucket: string, key: string) => string | undefined;
  /** Takes what functions write, when their role may write it: CloudWatch Logs. */
  readonly appendLog?: (group: string, stream: string, message: string) => void;
}

export interface LambdaService {
  readonly model: ServiceModel;
  /** Answers a request to a function's URL. */
  functionUrl(request: WireRequest, principal: Principal): Promise<WireReply>;
  /** Makes a function from its CloudFormation properties, as a stack did before the story; answers its ARN. */
  install(properties: { readonly FunctionName: string } & Readonly<Record<string, unknown>>): Promise<string>;
  /** What a drill can do to functions. */
  readonly faults: Pick<FunctionFaults, "crashNext" | "unavailable">;
}

/** AWS Lambda: functions from their shipped bundles, their invocations, URLs and permissions. */
export function lambdaService(context: RegionContext, options: LambdaOptions): LambdaService {
  const registry = new FunctionRegistry(context);
  const log = new FunctionLog(context, options);
  const runtime = new LambdaRuntime({
    kernel: context.kernel,
    region: context.region,
    transport: options.transport,
    credentialsFor: (roleArn, session) => options.identities.issueCredentials(roleArn, session),
    output: (line) => log.write(line),
  });
  const invocations = new Invocations(context, runtime);
  const queue = new AsyncInvocations(context, invocations);
  const urls = new FunctionUrls(context, { registry, invocations, identities: options.identities });

  const client = new lambda.LambdaClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("lambda", lambda, client);
  addInvoke(model, { registry, invocations, queue });
  addReads(model, registry);
  const functions = functionResource(context, registry, options);
  model
    .provides("AWS::Lambda::Function", functions)
    .provides("AWS::Lambda::Permission", permissionResource(registry))
    .provides("AWS::Lambda::Url", functionUrlResource(context, registry))
    .provides("AWS::Lambda::EventInvokeConfig", eventInvokeConfigResource(registry));
  return {
    model,
    install: async (properties) => {
      await functions.create(properties.FunctionName, properties);
      return registry.arn(properties.FunctionName);
    },
    functionUrl: (request, principal) => urls.answer(request, principal),
    faults: runtime.faults,
  };
}

function addInvoke(
  model: ServiceModel,
  {
    registry,
    invocations,
    queue,
  }: {
    readonly registry: FunctionRegistry;
    readonly invocations: Invocations;
    readonly queue: AsyncInvocations;
  },
): void {
  model.on(lambda.InvokeCommand, {
    accepts: ["FunctionName", "InvocationType", "LogType", "Payload", "Qualifier"],
    authorize: ({ FunctionName = "", Qualifier }) => [
      registry.permission("lambda:InvokeFunction", FunctionName, Qualifier),
    ],
    handle: async ({ FunctionName = "", InvocationType, LogType, Payload, Qualifier }, call) => {
      const fn = registry.find(FunctionName, Qualifier);
      const event = invocations.checkedEvent(eventBytes(Payload), InvocationType ?? "RequestResponse");
      if (InvocationType === "DryRun") return { StatusCode: 204 };
      if (InvocationType === "Event") {
        queue.accept(fn, event, call.requestId);
        return { StatusCode: 202 };
      }
      const result = await invocations.run(fn, event, call.requestId);
      return {
        StatusCode: 200,
        ExecutedVersion: "$LATEST",
        Payload: Uint8ArrayBlobAdapter.fromString(result.payload),
        ...(result.failed ? { FunctionError: "Unhandled" } : {}),
        ...(LogType === "Tail" ? { LogResult: tail(result.output) } : {}),
      };
    },
  });
}

function addReads(model: ServiceModel, registry: FunctionRegistry): void {
  model
    .on(lambda.GetFunctionCommand, {
      accepts: ["FunctionName", "Qualifier"],
      authorize: ({ FunctionName = "", Qualifier }) => [
        registry.permission("lambda:GetFunction", FunctionName, Qualifier),
      ],
      handle: ({ FunctionName = "", Qualifier }) => {
        const fn = registry.find(FunctionName, Qualifier);
        const reserved = fn.reservedConcurrency;
        return {
          Configuration: describedFunction(fn),
          Tags: { ...fn.tags },
          ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
        };
      },
    })
    .on(lambda.GetFunctionConfigurationCommand, {
      accepts: ["FunctionName", "Qualifier"],
      authorize: ({ FunctionName = "", Qualifier }) => [
        registry.permission("lambda:GetFunctionConfiguration", FunctionName, Qualifier),
      ],
      handle: ({ FunctionName = "", Qualifier }) => describedFunction(registry.find(FunctionName, Qualifier)),
    })
    .on(lambda.ListFunctionsCommand, {
      accepts: ["MaxItems", "Marker"],
      // No resource-level permissions (Service Authorization Reference, AWS Lambda).
      authorize: () => [{ action: "lambda:ListFunctions", resource: "*" }],
      handle: ({ MaxItems = 50, Marker }) => {
        const names = registry.names();
        const from = Marker === undefined ? 0 : names.indexOf(functionName(Marker)) + 1;
        const page = names.slice(from, from + Math.min(MaxItems, 50));
        const last = page.at(-1);
        return {
          Functions: page.map((name) => describedFunction(registry.find(name))),
          ...(last !== undefined && from + page.length < names.length ? { NextMarker: last } : {}),
        };
      },
    });
}

/** From the wire an event is bytes; a service that invokes a function may give text. */
function eventBytes(payload: lambda.InvokeCommandInput["Payload"]): Uint8Array | undefined {
  if (payload === undefined || payload instanceof Uint8Array) return payload;
  if (typeof payload === "string") return new TextEncoder().encode(payload);
  throw new TypeError("The payload of an invocation is neither bytes nor text");
}

/** The last 4 KB of what the invocation wrote (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
function tail(output: readonly string[]): string {
  const text = Buffer.from(`${output.join("\n")}\n`);
  return text.subarray(-4_096).toString("base64");
}

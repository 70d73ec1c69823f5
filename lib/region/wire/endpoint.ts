import type { Kernel } from "../kernel/kernel.ts";
import { AwsError, type Principal, type ServiceModel } from "../service-model.ts";
import { CallPipeline, notModelled, type PipelineOptions } from "./call-pipeline.ts";
import type { CallRecord } from "./call-record.ts";
import { ConnectionLost } from "./connection-lost.ts";
import { type CredentialScope, checkAlgorithm, credentialScope } from "./credential-scope.ts";
import { decodeRequest } from "./decode-request.ts";
import { detectProtocol } from "./detect-protocol.ts";
import { encodeError } from "./encode-error.ts";
import { encodeReply } from "./encode-reply.ts";
import { toPathStyle } from "./path-style.ts";
import type { Protocol, ServiceShape } from "./service-shape.ts";
import { unpackBody } from "./unpack-body.ts";
import type { WireReply, WireRequest } from "./wire-message.ts";

export interface EndpointOptions extends PipelineOptions {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** Answers requests to Lambda function URLs (`<id>.lambda-url.<region>.on.aws`); an unsigned caller is `anonymous`. */
export type FunctionUrls = (request: WireRequest, principal: Principal) => Promise<WireReply>;

/** The region's front door: turns wire requests into calls of the modelled operations and their outputs into replies. */
export class Endpoint {
  readonly account: string;
  readonly region: string;
  functionUrls: FunctionUrls | undefined;
  readonly #kernel: Kernel;
  readonly #identities: PipelineOptions["identities"];
  readonly #pipeline: CallPipeline;

  constructor({ account, region, ...pipeline }: EndpointOptions) {
    this.account = account;
    this.region = region;
    this.#kernel = pipeline.kernel;
    this.#identities = pipeline.identities;
    this.#pipeline = new CallPipeline(pipeline);
  }

  /** Every call that reached a service, in the order of completion. */
  get calls(): readonly CallRecord[] {
    return this.#pipeline.calls;
  }

  /** What was thrown that is no AwsError: errors in the models, never part of the simulation. */
  get bugs(): readonly unknown[] {
    return this.#pipeline.bugs;
  }

  /** The services that have been added, in that order. */
  get services(): readonly ServiceModel[] {
    return this.#pipeline.services;
  }

  add(service: ServiceModel): this {
    this.#pipeline.add(service);
    return this;
  }

  /**
   * Answers a request from the wire. Rejects only with `ConnectionLost`, which transports turn into ECONNRESET.
   * A bug in a model is answered with 500 InternalFailure and ends the kernel's run.
   */
  handle(request: WireRequest): Promise<WireReply> {
    return this.#kernel.activity(`${request.method} ${request.host}${request.path}`, () =>
      this.#answer(request),
    );
  }

  /**
   * Calls an operation without the wire encoding, as services do among themselves. Rejects with AwsError, with
   * `ConnectionLost`, or with whatever bug the model has.
   */
  call(
    principal: Principal,
    service: string,
    operation: string,
    input: object,
  ): Promise<Record<string, unknown>> {
    const requestId = this.#kernel.random.uuid();
    return this.#pipeline.deliver({ service, operation, principal, requestId }, { ...input });
  }

  async #answer(request: WireRequest): Promise<WireReply> {
    const requestId = this.#kernel.random.uuid();
    const scope = credentialScope(request);
    const service = this.#pipeline.shapeOf(scope?.service ?? "");
    const protocol = detectProtocol(request, service?.protocol ?? unmodelledRest[scope?.service ?? ""]);
    const reply = await this.#reply(request, scope, service, protocol, requestId).catch((error: unknown) =>
      encodeError(service, protocol, this.#answerable(error, scope?.service ?? "wire"), requestId),
    );
    // S3 names its request id differently: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
    const idHeader = scope?.service === "s3" ? "x-amz-request-id" : "x-amzn-requestid";
    const headers = { [idHeader]: requestId, date: this.#kernel.date().toUTCString(), ...reply.headers };
    return { ...reply, headers, body: request.method === "HEAD" ? new Uint8Array() : reply.body };
  }

  async #reply(
    request: WireRequest,
    scope: CredentialScope | undefined,
    service: ServiceShape | undefined,
    protocol: Protocol,
    requestId: string,
  ): Promise<WireReply> {
    if (functionUrlHost.test(request.host)) return this.#replyFromFunctionUrl(request, scope);
    if (!scope) throw new AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403);
    if (!service) throw notModelled(`the service ${scope.service}`);
    checkAlgorithm(scope, request);

    const unpacked = unpackBody(request);
    const readable = scope.service === "s3" ? toPathStyle(unpacked) : unpacked;
    const { operation, input } = await decodeRequest(service, protocol, readable);
    const principal = this.#identities.principalOf(scope.accessKeyId);
    const call = { service: scope.service, operation: operation.name, principal, requestId };
    return encodeReply(service, protocol, operation, await this.#pipeline.deliver(call, input), requestId);
  }

  async #replyFromFunctionUrl(request: WireRequest, scope: CredentialScope | undefined): Promise<WireReply> {
    if (!this.functionUrls) throw notModelled("function URLs without a Lambda service");
    const anonymous: Principal = { arn: "anonymous", type: "user" };
    return this.functionUrls(request, scope ? this.#identities.principalOf(scope.accessKeyId) : anonymous);
  }

  #answerable(error: unknown, source: string): AwsError {
    if (error instanceof AwsError) return error;
    if (error instanceof ConnectionLost) throw error;
    this.#pipeline.reportBug(source, error);
    this.#kernel.launch(`a call of ${source}`, () => Promise.reject(error));
    return new AwsError("InternalFailure", `The simulated region has a bug: ${String(error)}`, 500);
  }
}

const functionUrlHost = /^[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws(:\d+)?$/;

/** REST services say nothing about their protocol in a request; these answer XML even when they are not modelled. */
const unmodelledRest: Readonly<Record<string, Protocol>> = {
  s3: "restXml",
  cloudfront: "restXml",
  route53: "restXml",
};

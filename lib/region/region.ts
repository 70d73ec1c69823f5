import * as s3 from "@aws-sdk/client-s3";
import { Boardroom } from "./application/boardroom.ts";
import { AssetStore } from "./deploy/asset-store.ts";
import { deployAssembly } from "./deploy/deploy-assembly.ts";
import type { DeployedStack } from "./deploy/deploy-template.ts";
import { iamResources } from "./iam/iam-resources.ts";
import { Identities } from "./iam/identities.ts";
import { Kernel } from "./kernel/kernel.ts";
import type { RegionContext } from "./region-context.ts";
import { AwsError, type Principal, type ServiceModel } from "./service-model.ts";
import { cloudWatchService } from "./services/cloudwatch/cloudwatch-service.ts";
import { dynamoDbService } from "./services/dynamodb/dynamodb-service.ts";
import { ecrService } from "./services/ecr/ecr-service.ts";
import { ecsService } from "./services/ecs/ecs-service.ts";
import { eventBridgeService } from "./services/eventbridge/eventbridge-service.ts";
import { lambdaService } from "./services/lambda/lambda-service.ts";
import { logsService } from "./services/logs/logs-service.ts";
import { s3Service } from "./services/s3/s3-service.ts";
import { snsService } from "./services/sns/sns-service.ts";
import { sqsService } from "./services/sqs/sqs-service.ts";
import { stepFunctionsService } from "./services/step-functions/step-functions-service.ts";
import { stsService } from "./services/sts.ts";
import { ConnectionLost } from "./wire/connection-lost.ts";
import { Endpoint } from "./wire/endpoint.ts";
import { FaultPlan } from "./wire/fault-plan.ts";

export interface RegionOptions {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly seed: number;
  /** The first moment, epoch milliseconds. */
  readonly start: number;
}

/** A simulated AWS region in one account: its clock, its front door and its services. Composition only. */
export class Region {
  readonly context: RegionContext;
  readonly kernel: Kernel;
  readonly identities: Identities;
  readonly faults: FaultPlan;
  readonly endpoint: Endpoint;
  readonly boardroom: Boardroom;
  readonly cloudwatch: ReturnType<typeof cloudWatchService>;
  readonly ecr: ReturnType<typeof ecrService>;
  readonly ecs: ReturnType<typeof ecsService>;
  readonly events: ReturnType<typeof eventBridgeService>;
  readonly lambda: ReturnType<typeof lambdaService>;
  readonly sns: ReturnType<typeof snsService>;
  readonly sqs: ReturnType<typeof sqsService>;
  readonly states: ReturnType<typeof stepFunctionsService>;
  readonly #assets = new AssetStore();
  readonly #models: readonly ServiceModel[];
  readonly #operator: Principal;

  constructor({ account, region, seed, start }: RegionOptions) {
    const kernel = new Kernel({ seed, start });
    this.kernel = kernel;
    this.identities = new Identities({ kernel, account, region });
    this.faults = new FaultPlan(kernel);
    this.endpoint = new Endpoint({
      kernel,
      account,
      region,
      identities: this.identities,
      faults: this.faults,
    });
    this.#operator = this.identities.principalOf("operator");
    // Services meet only here: what one needs of another arrives as a function, bound when it is first used.
    const context: RegionContext = {
      account,
      region,
      kernel,
      emit: (event) => this.events.emit(event),
      publishMetric: (metric) => this.cloudwatch.publish(metric),
      call: async (principal, service, operation, input) => {
        this.#assume(principal);
        return this.endpoint.call(principal, service, operation, input).catch(asServicesSeeIt);
      },
    };
    this.context = context;

    const logs = logsService(context);
    this.boardroom = new Boardroom(context);
    this.cloudwatch = cloudWatchService(context);
    this.ecr = ecrService(context);
    this.ecs = ecsService(context, this.boardroom, {
      images: this.ecr.images,
      targetGroup: (arn) => this.boardroom.targetGroup(arn),
      alarmStateOf: (name) => this.cloudwatch.stateOf(name),
    });
    this.events = eventBridgeService(context);
    this.lambda = lambdaService(context, {
      transport: (request) => this.endpoint.handle(request),
      identities: this.identities,
      codeDirectory: (bucket, key) => this.#assets.path(bucket, key),
      appendLog: (group, stream, message) => logs.append(group, stream, message),
    });
    this.sns = snsService(context);
    this.sqs = sqsService(context);
    this.states = stepFunctionsService(context, {
      sdkServices: [{ name: "s3", signingName: "s3", errorPrefix: "S3", sdk: s3 }],
    });
    const parts = [
      this.cloudwatch,
      this.ecr,
      this.ecs,
      this.events,
      this.lambda,
      logs,
      this.sns,
      this.sqs,
      this.states,
    ];
    const models = [dynamoDbService(context), s3Service(context), stsService(context, this.identities)];
    this.#models = [...parts.map((part) => part.model), ...models];
    for (const model of this.#models) this.endpoint.add(model);
    this.endpoint.functionUrls = (request, principal) => this.lambda.functionUrl(request, principal);
  }

  /** Calls an operation as the operator, who may do everything. The clock must be run for it to finish. */
  operate(service: string, operation: string, input: object): Promise<Record<string, unknown>> {
    return this.endpoint.call(this.#operator, service, operation, input);
  }

  /** A service acts as a role only when the role's trust policy lets it: EventBridge for its targets, Step Functions for its machines. */
  #assume(principal: Principal): void {
    if (principal.type !== "role") return;
    const service = principal.session?.startsWith("Events_")
      ? "events.amazonaws.com"
      : "states.amazonaws.com";
    if (this.identities.assumable(principal.arn, service, principal.sourceArn)) return;
    const message = `${service} is not authorized to perform: sts:AssumeRole on resource: ${principal.arn}`;
    throw new AwsError("AccessDeniedException", message, 403);
  }

  /** Deploys a cloud assembly, as `cdk deploy` would. */
  deploy(directory: string): Promise<DeployedStack[]> {
    return deployAssembly({
      directory,
      context: this.context,
      services: this.#models,
      extra: iamResources(this.context, this.identities),
      assets: this.#assets,
    });
  }
}

/** A service that calls another has an SDK in between, which turns a broken connection into an error of its own. */
function asServicesSeeIt(error: unknown): never {
  if (!(error instanceof ConnectionLost)) throw error;
  throw new AwsError("SdkClientException", `Unable to execute HTTP request: ${error.message}`, 500);
}

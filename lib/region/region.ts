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
import { appConfigService } from "./services/appconfig/appconfig-service.ts";
import { applicationAutoScalingService } from "./services/application-auto-scaling/application-auto-scaling-service.ts";
import { cloudFrontService } from "./services/cloudfront/cloudfront-service.ts";
import { keyValueStoreService } from "./services/cloudfront-keyvaluestore/key-value-store-service.ts";
import { cloudWatchService } from "./services/cloudwatch/cloudwatch-service.ts";
import { codeDeployService } from "./services/codedeploy/codedeploy-service.ts";
import { dynamoDbService } from "./services/dynamodb/dynamodb-service.ts";
import { ec2Service } from "./services/ec2/ec2-service.ts";
import { ecrService } from "./services/ecr/ecr-service.ts";
import { ecsService } from "./services/ecs/ecs-service.ts";
import { elasticLoadBalancingService } from "./services/elastic-load-balancing/elastic-load-balancing-service.ts";
import { elastiCacheService } from "./services/elasticache/elasticache-service.ts";
import { eventBridgeService } from "./services/eventbridge/eventbridge-service.ts";
import { kmsService } from "./services/kms/kms-service.ts";
import { lambdaService } from "./services/lambda/lambda-service.ts";
import { logsService } from "./services/logs/logs-service.ts";
import { rdsService } from "./services/rds/rds-service.ts";
import { Buckets } from "./services/s3/buckets.ts";
import { originReader } from "./services/s3/origin-reader.ts";
import { s3Service } from "./services/s3/s3-service.ts";
import { schedulerService } from "./services/scheduler/scheduler-service.ts";
import { secretsManagerService } from "./services/secrets-manager/secrets-manager-service.ts";
import { snsService } from "./services/sns/sns-service.ts";
import { sqsService } from "./services/sqs/sqs-service.ts";
import { ssmService } from "./services/ssm/ssm-service.ts";
import { stepFunctionsService } from "./services/step-functions/step-functions-service.ts";
import { stsService } from "./services/sts.ts";
import { wafService } from "./services/wafv2/wafv2-service.ts";
import { ConnectionLost } from "./wire/connection-lost.ts";
import { Endpoint } from "./wire/endpoint.ts";
import { FaultPlan } from "./wire/fault-plan.ts";
import type { WireReply, WireRequest } from "./wire/wire-message.ts";

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
  readonly appconfig: ReturnType<typeof appConfigService>;
  readonly boardroom: Boardroom;
  readonly buckets: Buckets;
  readonly caches: ReturnType<typeof elastiCacheService>;
  readonly cloudfront: ReturnType<typeof cloudFrontService>;
  readonly cloudwatch: ReturnType<typeof cloudWatchService>;
  readonly ec2: ReturnType<typeof ec2Service>;
  readonly ecr: ReturnType<typeof ecrService>;
  readonly ecs: ReturnType<typeof ecsService>;
  readonly events: ReturnType<typeof eventBridgeService>;
  readonly keys: ReturnType<typeof kmsService>;
  readonly lambda: ReturnType<typeof lambdaService>;
  readonly loadBalancing: ReturnType<typeof elasticLoadBalancingService>;
  readonly rds: ReturnType<typeof rdsService>;
  readonly secrets: ReturnType<typeof secretsManagerService>;
  readonly sns: ReturnType<typeof snsService>;
  readonly sqs: ReturnType<typeof sqsService>;
  readonly ssm: ReturnType<typeof ssmService>;
  readonly states: ReturnType<typeof stepFunctionsService>;
  readonly stores: ReturnType<typeof keyValueStoreService>;
  readonly waf: ReturnType<typeof wafService>;
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
      tasks: { run: (launch) => this.boardroom.run(launch) },
      appendLog: (group, stream, message) => logs.append(group, stream, message),
    });
    const codeDeploy = codeDeployService(context, {
      ecs: this.ecs.taskSets,
      targetGroupArn: (name) => this.boardroom.targetGroupArn(name),
      alarmStateOf: (name) => this.cloudwatch.stateOf(name),
    });
    const scaling = applicationAutoScalingService(context, {
      services: this.ecs.services,
      load: ({ service }, metric) => this.boardroom.load(service, metric),
    });
    this.events = eventBridgeService(context);
    const scheduler = schedulerService(context, {
      mayAssume: (role, group) => this.identities.assumable(role, SCHEDULER, group),
    });
    this.lambda = lambdaService(context, {
      transport: (request) => this.#anywhere(request),
      identities: this.identities,
      codeDirectory: (bucket, key) => this.#assets.path(bucket, key),
      appendLog: (group, stream, message) => logs.append(group, stream, message),
    });
    this.sns = snsService(context);
    this.sqs = sqsService(context);
    this.states = stepFunctionsService(context, {
      sdkServices: [{ name: "s3", signingName: "s3", errorPrefix: "S3", sdk: s3 }],
    });

    this.keys = kmsService(context);
    this.secrets = secretsManagerService(context, {
      keys: this.keys.keys,
      credentialChanged: (secret, password) => this.boardroom.passwordChanged(secret, password),
    });
    this.ssm = ssmService(context, { keys: this.keys.keys });
    this.appconfig = appConfigService(context, {
      alarmState: (arn) => this.cloudwatch.stateOf(arn.slice(arn.indexOf(":alarm:") + ":alarm:".length)),
    });
    this.ec2 = ec2Service(context);
    this.loadBalancing = elasticLoadBalancingService(context, {
      targetsOf: (targetGroupArn) => this.ecs.registeredIn(targetGroupArn),
      securityGroupExists: (id) => this.ec2.securityGroups.exists(id),
    });
    this.waf = wafService(context, { resourceExists: (arn) => this.loadBalancing.loadBalancerExists(arn) });
    this.caches = elastiCacheService(context, {
      admits: (groups, port) => this.boardroom.admits(groups, port, undefined),
    });
    this.rds = rdsService(context, {
      keyEnabled: (arn) => this.keys.keys.usable(arn),
      securityGroupExists: (id) => this.ec2.securityGroups.exists(id),
      admits: (groups, port, proxyGroups) => this.boardroom.admits(groups, port, proxyGroups),
    });
    const authorize: ConstructorParameters<typeof Buckets>[1] = {
      authorize: (principal, permissions) => this.identities.authorize(principal, permissions),
    };
    this.buckets = new Buckets(context, authorize);
    this.stores = keyValueStoreService(context);
    this.cloudfront = cloudFrontService(context, {
      readOrigin: originReader(this.buckets, (principal, permissions) =>
        this.identities.authorize(principal, permissions),
      ),
      storeAtEdge: (arn, edge) => this.stores.find(arn)?.at(edge),
    });
    const parts = [
      this.appconfig,
      this.caches,
      this.cloudfront,
      this.cloudwatch,
      codeDeploy,
      this.ec2,
      this.ecr,
      this.ecs,
      this.events,
      this.keys,
      this.lambda,
      this.loadBalancing,
      logs,
      this.rds,
      scaling,
      scheduler,
      this.secrets,
      this.sns,
      this.sqs,
      this.ssm,
      this.states,
      this.stores,
      this.waf,
    ];
    const models = [
      dynamoDbService(context),
      s3Service(context, this.buckets),
      stsService(context, this.identities),
    ];
    this.#models = [...parts.map((part) => part.model), ...models];
    for (const model of this.#models) this.endpoint.add(model);
    this.endpoint.functionUrls = (request, principal) => this.lambda.functionUrl(request, principal);
  }

  /** Calls an operation as the operator, who may do everything. The clock must be run for it to finish. */
  operate(service: string, operation: string, input: object): Promise<Record<string, unknown>> {
    return this.endpoint.call(this.#operator, service, operation, input);
  }

  /** What a function sends out: to a site of the application when it is one's host, else to AWS. */
  async #anywhere(request: WireRequest): Promise<WireReply> {
    const answer = this.cloudfront.viewers.answerHttp(request.host, request.path, request.method);
    return answer ?? this.endpoint.handle(request);
  }

  /** A service acts as a role only when the role's trust policy lets it: EventBridge and Scheduler for their targets, Step Functions for its machines. */
  #assume(principal: Principal): void {
    if (principal.type !== "role") return;
    const [who = ""] = principal.session?.split("_") ?? [];
    const service = { Events: "events.amazonaws.com", Scheduler: SCHEDULER }[who] ?? "states.amazonaws.com";
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

const SCHEDULER = "scheduler.amazonaws.com";

/** A service that calls another has an SDK in between, which turns a broken connection into an error of its own. */
function asServicesSeeIt(error: unknown): never {
  if (!(error instanceof ConnectionLost)) throw error;
  throw new AwsError("SdkClientException", `Unable to execute HTTP request: ${error.message}`, 500);
}

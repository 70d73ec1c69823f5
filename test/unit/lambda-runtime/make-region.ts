import { AssetStore } from "../../../lib/region/deploy/asset-store.ts";
import { type DeployedStack, deployTemplate } from "../../../lib/region/deploy/deploy-template.ts";
import { iamResources } from "../../../lib/region/iam/iam-resources.ts";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext, VendedMetric } from "../../../lib/region/region-context.ts";
import type { Principal, ServiceModel } from "../../../lib/region/service-model.ts";
import { type LambdaService, lambdaService } from "../../../lib/region/services/lambda/lambda-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { START } from "./make-runtime.ts";

const where = { account: "111122223333", region: "eu-west-1" };
export const operator: Principal = { arn: `arn:aws:iam::${where.account}:user/operator`, type: "user" };
export const FUNCTION_ARN = `arn:aws:lambda:${where.region}:${where.account}:function:probe`;

export interface LambdaRegion {
  readonly kernel: Kernel;
  readonly endpoint: Endpoint;
  readonly faults: FaultPlan;
  readonly lambda: LambdaService;
  readonly context: RegionContext;
  readonly identities: Identities;
  readonly metrics: VendedMetric[];
  /** What reached the log streams. */
  readonly logged: string[];
  readonly stack: DeployedStack;
  invoke(input?: object, principal?: Principal): Promise<Record<string, unknown>>;
}

export interface RegionOptions {
  /** What the bundle in the function's directory is. */
  readonly directory: string;
  readonly seed?: number;
  /** Statements of the execution role. */
  readonly statements?: readonly object[];
  /** Further properties of the function. */
  readonly properties?: object;
  /** Further resources of the template; `Function` and `Role` are there. */
  readonly resources?: Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>>;
  /** Further services of the region. */
  readonly services?: (context: RegionContext) => readonly ServiceModel[];
  /** Who may assume the execution role. */
  readonly trusted?: string;
}

/** A region with IAM, Lambda and one deployed function called `probe`. */
export async function makeRegion(options: RegionOptions): Promise<LambdaRegion> {
  const kernel = new Kernel({ seed: options.seed ?? 1, start: START });
  const identities = new Identities({ kernel, ...where });
  const faults = new FaultPlan(kernel);
  const endpoint = new Endpoint({ kernel, identities, faults, ...where });
  const metrics: VendedMetric[] = [];
  const logged: string[] = [];
  const assets = new AssetStore();
  assets.add("assets", "probe.zip", options.directory);
  const context: RegionContext = {
    ...where,
    kernel,
    emit: () => undefined,
    publishMetric: (metric) => metrics.push(metric),
    call: (principal, service, operation, input) => endpoint.call(principal, service, operation, input),
  };
  const lambda = lambdaService(context, {
    transport: (request) => endpoint.handle(request),
    identities,
    codeDirectory: (bucket, key) => assets.path(bucket, key),
    appendLog: (_group, _stream, message) => logged.push(message),
  });
  const services = [lambda.model, ...(options.services?.(context) ?? [])];
  for (const service of services) endpoint.add(service);
  endpoint.functionUrls = lambda.functionUrl;
  const stack = await deployTemplate(template(options), {
    stackName: "Probe",
    context,
    services,
    extra: iamResources(context, identities),
  });
  const invoke: LambdaRegion["invoke"] = (
    { Payload = "{}", ...input }: { Payload?: string } = {},
    by = operator,
  ) =>
    kernel.complete(
      endpoint.call(by, "lambda", "Invoke", {
        FunctionName: "probe",
        Payload: Buffer.from(Payload),
        ...input,
      }),
    );
  return { kernel, endpoint, faults, lambda, context, identities, metrics, logged, stack, invoke };
}

/** The sum of a metric's values. */
export function totalOf({ metrics }: LambdaRegion, name: string): number {
  return metrics
    .filter(({ metricName }) => metricName === name)
    .reduce((total, { value }) => total + value, 0);
}

/** What an Invoke answered, as JSON. */
export function payloadOf(output: Record<string, unknown>): unknown {
  return JSON.parse(Buffer.from(output["Payload"] as Uint8Array).toString());
}

function template({
  statements = [],
  properties,
  resources,
  trusted = "lambda.amazonaws.com",
}: RegionOptions) {
  const logging = {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: { "Fn::Sub": `arn:aws:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/probe:*` },
  };
  const Statement = [...(statements.length > 0 ? statements : [logging])];
  return {
    Resources: {
      Function: {
        Type: "AWS::Lambda::Function",
        Properties: {
          FunctionName: "probe",
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Code: { S3Bucket: "assets", S3Key: "probe.zip" },
          Role: { "Fn::GetAtt": ["Role", "Arn"] },
          Timeout: 5,
          ...properties,
        },
      },
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: "probe-role",
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: trusted }, Action: "sts:AssumeRole" }],
          },
          Policies: [{ PolicyName: "probe", PolicyDocument: { Version: "2012-10-17", Statement } }],
        },
      },
      ...resources,
    },
  };
}

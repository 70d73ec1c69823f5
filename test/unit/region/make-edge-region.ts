import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { WAFV2Client } from "@aws-sdk/client-wafv2";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext, VendedMetric } from "../../../lib/region/region-context.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import { ec2Service } from "../../../lib/region/services/ec2/ec2-service.ts";
import { elasticLoadBalancingService } from "../../../lib/region/services/elastic-load-balancing/elastic-load-balancing-service.ts";
import type { RegisteredTarget } from "../../../lib/region/services/elastic-load-balancing/target-group-operations.ts";
import { elastiCacheService } from "../../../lib/region/services/elasticache/elasticache-service.ts";
import { wafService } from "../../../lib/region/services/wafv2/wafv2-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

const account = "123456789012";
const region = "eu-west-1";

/** A region with what stands between users and an application, wired together, and clients that speak to it. */
export function makeEdgeRegion({ seed = 1 }: { readonly seed?: number } = {}) {
  const kernel = new Kernel({ seed, start: Date.parse("2026-11-21T10:00:00Z") });
  const identities = new Identities({ kernel, account, region });
  const metrics: VendedMetric[] = [];
  const targets: RegisteredTarget[] = [];
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: () => undefined,
    publishMetric: (metric) => metrics.push(metric),
    call: () => Promise.reject(new Error("These services call nobody")),
  };
  const ec2 = ec2Service(context);
  const balancing = elasticLoadBalancingService(context, {
    targetsOf: () => targets,
    securityGroupExists: (id) => ec2.securityGroups.exists(id),
  });
  const waf = wafService(context, { resourceExists: (arn) => balancing.loadBalancerExists(arn) });
  const cache = elastiCacheService(context);
  const endpoint = new Endpoint({
    kernel,
    account,
    region,
    identities,
    faults: new FaultPlan(kernel),
    latency: { fromMs: 0, toMs: 0 },
  });
  for (const { model } of [ec2, balancing, waf, cache]) endpoint.add(model);

  const clientsWith = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) => {
    const settings = { region, credentials, maxAttempts: 1, requestHandler: new InProcessHandler(endpoint) };
    return {
      ec2: new EC2Client(settings),
      balancing: new ElasticLoadBalancingV2Client(settings),
      waf: new WAFV2Client(settings),
      cache: new ElastiCacheClient(settings),
    };
  };
  return {
    kernel,
    endpoint,
    metrics,
    targets,
    ec2,
    balancing,
    waf,
    cache,
    clients: clientsWith({ accessKeyId: "operator", secretAccessKey: "any" }),
    /** Clients of a role with these statements. */
    clientsOf: (name: string, ...Statement: readonly PolicyStatement[]) => {
      const role = identities.createRole({
        name,
        assumeRolePolicy: {
          Statement: {
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        },
        inlinePolicies: { it: { Statement } },
      });
      return clientsWith(identities.issueCredentials(role, "test"));
    },
    /** Runs the clock until the work is done, and no further. */
    run: <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work)),
    pass: (seconds: number): Promise<void> => kernel.runUntil(kernel.now + seconds * 1_000),
  };
}

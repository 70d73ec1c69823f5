import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { type TargetGroup, targetGroupDimension } from "../../application/target-group.ts";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { LoadBalancingInstaller } from "./install-load-balancing.ts";
import { addLoadBalancerOperations } from "./load-balancer-operations.ts";
import { LoadBalancers } from "./load-balancers.ts";
import { type ArrivingRequest, type RoutedAction, routeRequest } from "./route-request.ts";
import { addRuleOperations } from "./rule-operations.ts";
import { addTargetGroupOperations, DEREGISTRATION_DELAY, type TargetsOf } from "./target-group-operations.ts";

export interface LoadBalancingOptions {
  /** Who is registered in a target group right now. */
  readonly targetsOf: TargetsOf;
  /** Whether EC2 has a security group of this id. */
  readonly securityGroupExists: (id: string) => boolean;
  /**
   * Told of requests that a rule answered by itself. Unless given, each batch is published as
   * `HTTP_Fixed_Response_Count` of the load balancer (docs/facts/frontend-secrets-config.md §I).
   */
  readonly onFixedResponses?: (loadBalancerArn: string, requests: number) => void;
}

/** Elastic Load Balancing: Application Load Balancers. Whether an answer with 503 also counts as an ELB 5xx is unverified. */
export interface ElasticLoadBalancing {
  readonly model: ServiceModel;
  readonly install: LoadBalancingInstaller;
  /**
   * What a listener does with such requests now.
   *
   * @param requests how many arrive; 0 looks without counting. 1 unless told
   */
  route(listenerArn: string, request: ArrivingRequest, requests?: number): RoutedAction;
  /** The groups that guard the load balancer now. */
  securityGroupsOf(loadBalancerArn: string): readonly string[];
  loadBalancerOf(listenerArn: string): string;
  loadBalancerExists(arn: string): boolean;
  /** The settings of a target group as ECS needs them; undefined when there is none. */
  targetGroup(arn: string): TargetGroup | undefined;
}

export function elasticLoadBalancingService(
  context: RegionContext,
  options: LoadBalancingOptions,
): ElasticLoadBalancing {
  const balancers = new LoadBalancers(context);
  const client = new elb.ElasticLoadBalancingV2Client({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("elasticloadbalancing", elb, client);
  addRuleOperations(model, balancers);
  addLoadBalancerOperations(model, balancers, options.securityGroupExists);
  addTargetGroupOperations(model, balancers, options.targetsOf);
  const count =
    options.onFixedResponses ?? ((arn: string, requests: number) => publishCount(context, arn, requests));
  return {
    model,
    install: new LoadBalancingInstaller(balancers),
    route: (listenerArn, request, requests = 1) => {
      const action = routeRequest(balancers.effectiveRules(listenerArn), request, balancers.random);
      if (action.action === "fixed-response" && requests > 0) {
        count(balancers.listener(listenerArn).loadBalancerArn, requests);
      }
      return action;
    },
    securityGroupsOf: (arn) => balancers.loadBalancer(arn).securityGroups,
    loadBalancerOf: (listenerArn) => balancers.listener(listenerArn).loadBalancerArn,
    loadBalancerExists: (arn) => balancers.loadBalancers.has(arn),
    targetGroup: (arn) => {
      const group = balancers.targetGroups.get(arn);
      if (!group) return undefined;
      const { healthCheckIntervalSeconds, healthyThresholdCount, unhealthyThresholdCount } = group;
      const thresholds = { healthCheckIntervalSeconds, healthyThresholdCount, unhealthyThresholdCount };
      const deregistrationDelaySeconds = Number(group.attributes.get(DEREGISTRATION_DELAY));
      return { arn, ...thresholds, deregistrationDelaySeconds };
    },
  };
}

function publishCount(context: RegionContext, loadBalancerArn: string, requests: number): void {
  context.publishMetric({
    namespace: "AWS/ApplicationELB",
    metricName: "HTTP_Fixed_Response_Count",
    dimensions: { LoadBalancer: targetGroupDimension(loadBalancerArn).replace(/^loadbalancer\//, "") },
    value: requests,
    unit: "Count",
  });
}

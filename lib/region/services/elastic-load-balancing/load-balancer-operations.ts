import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { LoadBalancers, StoredListener, StoredLoadBalancer } from "./load-balancers.ts";
import { markerPage } from "./marker-page.ts";
import { onResource, requestTags, tagRecord, toDescribe } from "./permissions.ts";

/** Load balancers, their listeners and security groups, and the tags of everything that has an ARN here. */
export function addLoadBalancerOperations(
  model: ServiceModel,
  balancers: LoadBalancers,
  securityGroupExists: (id: string) => boolean,
): void {
  model
    .on(elb.DescribeLoadBalancersCommand, {
      accepts: ["LoadBalancerArns", "Names", "Marker", "PageSize"],
      authorize: () => toDescribe("DescribeLoadBalancers"),
      handle: (input) => {
        const { items, next } = markerPage(selected(balancers, input), input);
        return { LoadBalancers: items.map(describedLoadBalancer), ...next };
      },
    })
    .on(elb.DescribeListenersCommand, {
      accepts: ["LoadBalancerArn", "ListenerArns", "Marker", "PageSize"],
      authorize: () => toDescribe("DescribeListeners"),
      handle: (input) => {
        if ((input.LoadBalancerArn === undefined) === (input.ListenerArns === undefined)) {
          throw new AwsError("ValidationError", "You must specify either a load balancer or listeners");
        }
        const { items, next } = markerPage(listenersOf(balancers, input), input);
        return { Listeners: items.map((listener) => describedListener(balancers, listener)), ...next };
      },
    })
    .on(elb.SetSecurityGroupsCommand, {
      accepts: ["LoadBalancerArn", "SecurityGroups"],
      // The key elasticloadbalancing:SecurityGroup is from the Service Authorization Reference by memory: unverified.
      authorize: ({ LoadBalancerArn: arn, SecurityGroups = [] }) => [
        onResource(balancers, "SetSecurityGroups", arn, {
          "elasticloadbalancing:SecurityGroup": SecurityGroups,
        }),
      ],
      // "Overrides the set" (docs/facts/frontend-secrets-config.md §E); that it holds at once is unverified.
      handle: ({ LoadBalancerArn, SecurityGroups = [] }) => {
        const balancer = balancers.loadBalancer(LoadBalancerArn);
        if (SecurityGroups.length === 0) {
          throw new AwsError("ValidationError", "At least one security group must be specified");
        }
        const unknown = SecurityGroups.find((id) => !securityGroupExists(id));
        if (unknown !== undefined) {
          throw new AwsError("InvalidSecurityGroupException", `Security group '${unknown}' does not exist`);
        }
        balancer.securityGroups = [...new Set(SecurityGroups)];
        const facts = { loadBalancer: balancer.name, securityGroups: balancer.securityGroups.join(" ") };
        balancers.context.kernel.log.write("elasticloadbalancing", "security groups set", facts);
        return { SecurityGroupIds: [...balancer.securityGroups] };
      },
    });
  addTagOperations(model, balancers);
}

function addTagOperations(model: ServiceModel, balancers: LoadBalancers): void {
  model
    .on(elb.DescribeTagsCommand, {
      accepts: ["ResourceArns"],
      authorize: () => toDescribe("DescribeTags"),
      handle: ({ ResourceArns = [] }) => ({
        TagDescriptions: ResourceArns.map((arn) => ({
          ResourceArn: existing(balancers, arn),
          Tags: [...balancers.tagsOf(arn)].map(([Key, Value]) => ({ Key, Value })),
        })),
      }),
    })
    .on(elb.AddTagsCommand, {
      accepts: ["ResourceArns", "Tags"],
      authorize: ({ ResourceArns, Tags }) =>
        (ResourceArns ?? []).map((arn) => onResource(balancers, "AddTags", arn, requestTags(Tags))),
      handle: ({ ResourceArns = [], Tags }) => {
        for (const arn of ResourceArns) existing(balancers, arn);
        for (const arn of ResourceArns) balancers.tag(arn, tagRecord(Tags));
        return {};
      },
    });
}

/** The ARN of something that exists, else the error of what the ARN says it is. */
function existing(balancers: LoadBalancers, arn: string): string {
  const [, kind] = /:(listener-rule|listener|targetgroup|loadbalancer)\//.exec(arn) ?? [];
  if (kind === "listener-rule") return balancers.rule(arn).arn;
  if (kind === "listener") return balancers.listener(arn).arn;
  if (kind === "targetgroup") return balancers.targetGroup(arn).arn;
  return balancers.loadBalancer(arn).arn;
}

function selected(
  balancers: LoadBalancers,
  { LoadBalancerArns, Names }: elb.DescribeLoadBalancersInput,
): readonly StoredLoadBalancer[] {
  if (LoadBalancerArns) return LoadBalancerArns.map((arn) => balancers.loadBalancer(arn));
  const all = [...balancers.loadBalancers.values()];
  return Names?.map((name) => balancers.loadBalancer(all.find((one) => one.name === name)?.arn)) ?? all;
}

function listenersOf(
  balancers: LoadBalancers,
  { LoadBalancerArn, ListenerArns }: elb.DescribeListenersInput,
): readonly StoredListener[] {
  if (ListenerArns) return ListenerArns.map((arn) => balancers.listener(arn));
  const { arn } = balancers.loadBalancer(LoadBalancerArn);
  return [...balancers.listeners.values()].filter(({ loadBalancerArn }) => loadBalancerArn === arn);
}

function describedLoadBalancer(balancer: StoredLoadBalancer): elb.LoadBalancer {
  return {
    LoadBalancerArn: balancer.arn,
    LoadBalancerName: balancer.name,
    DNSName: balancer.dnsName,
    CreatedTime: balancer.createdAt,
    Scheme: "internet-facing",
    VpcId: balancer.vpcId,
    State: { Code: "active" },
    Type: "application",
    SecurityGroups: [...balancer.securityGroups],
    IpAddressType: "ipv4",
  };
}

function describedListener(balancers: LoadBalancers, listener: StoredListener): elb.Listener {
  const standard = balancers.rulesOf(listener.arn).find(({ priority }) => priority === "default");
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol,
    DefaultActions: [...(standard?.actions ?? [])],
  };
}

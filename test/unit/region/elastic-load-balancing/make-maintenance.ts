import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { makeEdgeRegion } from "../make-edge-region.ts";

export const everyone: RuleCondition = { Field: "path-pattern", PathPatternConfig: { Values: ["*"] } };
export const nobody: RuleCondition = {
  Field: "host-header",
  HostHeaderConfig: { Values: ["inactive.invalid"] },
};
export const page: Action = {
  Type: "fixed-response",
  FixedResponseConfig: {
    StatusCode: "503",
    ContentType: "application/json",
    MessageBody: '{"status":"maintenance"}',
  },
};

/** A load balancer as the facts sheet recommends: rule 1 lets the verifier by, rule 2 is the sleeping maintenance page. */
export function makeMaintenance(options: Parameters<typeof makeEdgeRegion>[0] = {}) {
  const edge = makeEdgeRegion(options);
  const { install, route } = edge.balancing;
  const securityGroup = edge.ec2.securityGroups.install({ name: "public" });
  const loadBalancerArn = install.loadBalancer({
    name: "boardroom",
    id: "50dc6c495c0c9188",
    securityGroups: [securityGroup],
  });
  const targetGroupArn = install.targetGroup({ name: "api", port: 8080 });
  const forward: Action = { Type: "forward", TargetGroupArn: targetGroupArn };
  const listenerArn = install.listener({ loadBalancerArn, defaultActions: [forward] });
  const bypass: RuleCondition = { Field: "source-ip", SourceIpConfig: { Values: ["192.0.2.0/24"] } };
  install.rule({ listenerArn, priority: 1, conditions: [bypass], actions: [forward] });
  const ruleArn = install.rule({
    listenerArn,
    priority: 2,
    conditions: [nobody],
    actions: [page],
    tags: { "rollback:role": "maintenance" },
  });
  const user = { host: "boardroom.example:443", path: "/meetings?x=1", sourceIp: "198.51.100.7" };
  return {
    ...edge,
    securityGroup,
    loadBalancerArn,
    targetGroupArn,
    listenerArn,
    ruleArn,
    forward,
    /** What a user gets now. */
    user: (
      overrides: Partial<typeof user> & { readonly headers?: Record<string, string> } = {},
      requests = 0,
    ) => route(listenerArn, { ...user, ...overrides }, requests),
  };
}

import type { RegionContext } from "../../region-context.ts";
import type { Gate } from "../backing.ts";
import {
  BOARDROOM,
  type Component,
  LISTENER,
  listenerArn,
  targetGroupArn,
  targetGroupName,
} from "../boardroom-names.ts";
import { ADDRESSES, COMPLETE, GROUPS, loadBalancerArn, ruleId } from "../complete-names.ts";
import type { Page } from "./page.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a request of the users passes before it gets to a target: the page, WAF, security groups, the listener's rules. */
export class FrontDoor {
  readonly #region: Surroundings;
  readonly #loadBalancer: string;
  readonly #listener: string;
  readonly #page: Page;

  constructor(context: RegionContext, region: Surroundings, page: Page) {
    this.#region = region;
    this.#page = page;
    this.#loadBalancer = loadBalancerArn(context);
    this.#listener = listenerArn(context);
  }

  /**
   * @param requests how many arrive; 0 looks without being counted
   */
  pass(component: Component, requests: number, sourceIp = ADDRESSES.customer): Gate {
    const { waf, ec2, loadBalancing } = this.#region;
    if (this.#page.isShown(requests === 0)) return "maintenance";
    const groups = loadBalancing.securityGroupsOf(this.#loadBalancer);
    if (!ec2.securityGroups.allows(groups, sourceIp, 443)) return "isolated";
    if (!waf.allows(this.#loadBalancer, sourceIp)) return "isolated";
    const path = component === "api" ? "/api/documents" : "/";
    const request = { host: COMPLETE.apiHost, path, sourceIp };
    const { action } = loadBalancing.route(this.#listener, request, requests);
    return action === "fixed-response" ? "maintenance" : "open";
  }
}

/**
 * Makes the load balancer that the alarms know, its listener, and the rules that a rollback switches
 * (docs/facts/frontend-secrets-config.md §E). People of the allow-list see the web service even in maintenance, but
 * never the API: nothing is written then. Answers the web ACL's ARN.
 */
export function installFrontDoor(context: RegionContext, { loadBalancing, waf }: Surroundings): string {
  const { install } = loadBalancing;
  for (const component of ["api", "web"] as const) {
    for (const alternate of [false, true]) {
      const [, name = "", id = ""] = targetGroupName(component, alternate).split("/");
      install.targetGroup({ name, id, port: BOARDROOM.port, deregistrationDelaySeconds: 30 });
    }
  }
  const [, name = "", id = ""] = BOARDROOM.loadBalancer.split("/");
  const loadBalancer = install.loadBalancer({ name, id, securityGroups: [GROUPS.world] });
  const to = (component: Component) => [
    { Type: "forward" as const, TargetGroupArn: targetGroupArn(context, component) },
  ];
  const listener = install.listener({
    loadBalancerArn: loadBalancer,
    id: LISTENER,
    defaultActions: to("web"),
  });
  install.rule({
    ...{ listenerArn: listener, id: ruleId("staff"), priority: 1, actions: to("web") },
    conditions: [{ Field: "source-ip", SourceIpConfig: { Values: [ADDRESSES.allowList] } }],
  });
  const page = { StatusCode: "503", ContentType: "text/html", MessageBody: "<h1>Back soon</h1>" };
  install.rule({
    ...{ listenerArn: listener, id: ruleId("maintenance"), priority: 2 },
    conditions: [{ Field: "host-header", Values: ["inactive.invalid"] }],
    actions: [{ Type: "fixed-response", FixedResponseConfig: page }],
  });
  install.rule({
    ...{ listenerArn: listener, id: ruleId("api"), priority: 10, actions: to("api") },
    conditions: [{ Field: "path-pattern", Values: ["/api/*"] }],
  });
  return installWebAcl(waf, loadBalancer);
}

/** The rule counts whom it would block, until somebody makes its Count a Block. */
function installWebAcl(waf: Surroundings["waf"], loadBalancer: string): string {
  const allowList = waf.install.ipSet({ name: "boardroom-allow-list", addresses: [ADDRESSES.allowList] });
  const visible = (MetricName: string) => ({
    SampledRequestsEnabled: true,
    CloudWatchMetricsEnabled: true,
    MetricName,
  });
  return waf.install.webAcl({
    name: COMPLETE.webAcl,
    defaultAction: "allow",
    rules: [
      {
        Name: COMPLETE.isolationRule,
        Priority: 0,
        Statement: { NotStatement: { Statement: { IPSetReferenceStatement: { ARN: allowList } } } },
        Action: { Count: {} },
        VisibilityConfig: visible(COMPLETE.isolationRule),
      },
    ],
    resourceArns: [loadBalancer],
  });
}

import "@aws-sdk/signature-v4a";
import { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type Rule, WAFV2Client } from "@aws-sdk/client-wafv2";
import type { Assessment, Wish } from "../../../lambdas/components/component.ts";
import { maintenanceDriver } from "../../../lambdas/components/maintenance/driver.ts";
import { maintenanceObserver } from "../../../lambdas/components/maintenance/observe.ts";
import { MaintenanceComponent } from "../../../lambdas/contracts/kinds/maintenance.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import { keyValueStoreService } from "../../../lib/region/services/cloudfront-keyvaluestore/key-value-store-service.ts";
import { kmsService } from "../../../lib/region/services/kms/kms-service.ts";
import { ssmService } from "../../../lib/region/services/ssm/ssm-service.ts";
import { makeMaintenance, nobody, page } from "../region/elastic-load-balancing/make-maintenance.ts";
import { makeClientSettings, makeContext } from "../task/make-client-settings.ts";
import { drive, makeJournal } from "../task/make-journal.ts";
import { makeWish } from "../task/make-wish.ts";

const FLAG = "/shop/maintenance";
const visible = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: "isolate" };

/** A load balancer with two listeners that can show a page, and everything else that can, with a driver of the kind. */
export function makeMaintenanceStage({
  seed = 1,
  policy,
}: {
  readonly seed?: number;
  /** What the mover's role may do; the operator's unless told. */
  readonly policy?: (stage: {
    readonly components: Readonly<Record<"rules" | "store" | "parameter", MaintenanceComponent>>;
  }) => readonly PolicyStatement[];
} = {}) {
  const edge = makeMaintenance({ seed });
  const { kernel } = edge;
  const context = makeContext(kernel);
  const kms = kmsService(context);
  const ssm = ssmService(context, { keys: kms.keys });
  const stores = keyValueStoreService(context);
  const store = stores.create({ maintenance: "off", release: "r1" });
  ssm.install({ name: FLAG, type: "String", versions: [{ value: "off", modifiedAt: kernel.now }] });
  const http = edge.balancing.install.listener({
    loadBalancerArn: edge.loadBalancerArn,
    port: 80,
    defaultActions: [edge.forward],
  });
  const httpRule = edge.balancing.install.rule({
    listenerArn: http,
    priority: 1,
    conditions: [nobody],
    actions: [page],
  });
  const colleagues = edge.ec2.securityGroups.install({ name: "colleagues" });
  const { acl, aclArn } = makeWebAcl(edge);
  const isolation = {
    webAcl: { ...acl, rule: "isolate" },
    loadBalancer: { arn: edge.loadBalancerArn, allowListSecurityGroups: [colleagues] },
  };
  const by = (configured: object): MaintenanceComponent =>
    MaintenanceComponent.parse({ kind: "maintenance", switch: configured, isolation });
  const components = {
    rules: by({ by: "load-balancer-rules", rules: [edge.ruleArn, httpRule] }),
    store: by({ by: "key-value-store", keyValueStore: store.arn }),
    parameter: by({ by: "parameter", parameter: FLAG }),
  };

  const models = [...edge.endpoint.services, kms.model, ssm.model, stores.model];
  const statements = policy?.({ components });
  const { faults, endpoint, settings } = makeClientSettings(kernel, models, statements);
  const clients = {
    balancing: new ElasticLoadBalancingV2Client(settings),
    keyValueStore: new CloudFrontKeyValueStoreClient(settings),
    ssm: new SSMClient(settings),
    waf: new WAFV2Client(settings),
  };
  const { journal, entries, crashes } = makeJournal(kernel);
  const driver = () => maintenanceDriver({ ...clients, journal, clock: () => kernel.date() });
  const assess = (component = components.rules, wish: Partial<Wish> = {}): Promise<Assessment> =>
    maintenanceObserver(clients).assess(component, makeWish(wish));
  return {
    ...{ edge, kernel, ssm, store, httpRule, colleagues, aclArn, components, clients },
    ...{ faults, endpoint, entries, crashes, driver, assess },
    /** The move that an assessment proposes; a verdict without one ends the test with its reason. */
    plan: async (component = components.rules, wish: Partial<Wish> = {}): Promise<Move> => {
      const { move, verdict } = await assess(component, wish);
      if (!move) throw new Error(`${verdict.verdict}: ${verdict.reason}`);
      return move;
    },
    run: (move: Move, verbs?: Move["verbs"]) => drive({ kernel, driver }, move, verbs),
    /** What users get now: through the rules, the store and the parameter. */
    seen: () => ({
      rules: [edge.listenerArn, http].map(
        (arn) =>
          edge.balancing.route(arn, { host: "shop.example", path: "/", sourceIp: "198.51.100.7" }, 0).action,
      ),
      store: store.value("maintenance"),
      parameter: ssm.read(FLAG)?.value,
    }),
    accepted: (operation: string) =>
      endpoint.calls.filter((call) => call.operation === operation && call.outcome === "ok"),
    pass: (seconds: number) => kernel.runUntil(kernel.now + seconds * 1_000),
  };
}

export type MaintenanceStage = ReturnType<typeof makeMaintenanceStage>;

/** A web ACL whose first rule counts who is not a colleague, with more in it that must survive a change. */
function makeWebAcl({ waf, loadBalancerArn }: ReturnType<typeof makeMaintenance>) {
  const setArn = waf.install.ipSet({ name: "colleagues", addresses: ["192.0.2.0/24"] });
  const isolate: Rule = {
    Name: "isolate",
    Priority: 0,
    Statement: { NotStatement: { Statement: { IPSetReferenceStatement: { ARN: setArn } } } },
    Action: { Count: {} },
    VisibilityConfig: visible,
  };
  const common: Rule = {
    Name: "common",
    Priority: 1,
    Statement: { ManagedRuleGroupStatement: { VendorName: "AWS", Name: "AWSManagedRulesCommonRuleSet" } },
    OverrideAction: { None: {} },
    VisibilityConfig: visible,
  };
  const aclArn = waf.install.webAcl({
    name: "boardroom",
    defaultAction: "allow",
    rules: [isolate, common],
    customResponseBodies: { iso: { ContentType: "TEXT_PLAIN", Content: "closed" } },
    resourceArns: [loadBalancerArn],
  });
  return { aclArn, acl: { name: "boardroom", id: aclArn.split("/").at(-1) ?? "" } };
}

import * as waf from "@aws-sdk/client-wafv2";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { addAssociationOperations } from "./association-operations.ts";
import { addIpSetOperations, checkAddresses } from "./ip-set-operations.ts";
import { judgeRequest } from "./judge-request.ts";
import { checkWebAcl } from "./web-acl-checks.ts";
import { addWebAclOperations } from "./web-acl-operations.ts";
import { WebAcls } from "./web-acls.ts";

export interface WafOptions {
  /** Whether a resource that a regional web ACL can protect exists: an Application Load Balancer. */
  readonly resourceExists: (arn: string) => boolean;
}

export interface InstalledWebAcl {
  readonly name: string;
  /** @default REGIONAL */
  readonly scope?: waf.Scope;
  readonly defaultAction: "allow" | "block";
  readonly rules?: readonly waf.Rule[];
  readonly customResponseBodies?: Readonly<Record<string, waf.CustomResponseBody>>;
  /** What it protects from the beginning. */
  readonly resourceArns?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface InstalledIpSet {
  readonly name: string;
  /** @default REGIONAL */
  readonly scope?: waf.Scope;
  /** All of one family; without any the set is for IPv4. */
  readonly addresses: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** AWS WAF: web ACLs in front of load balancers. */
export interface Waf {
  readonly model: ServiceModel;
  /** Makes what has existed since before the story, in effect at once; each answers the ARN. */
  readonly install: {
    webAcl(acl: InstalledWebAcl): string;
    ipSet(set: InstalledIpSet): string;
  };
  /** Whether a request from this address reaches the resource now. */
  allows(resourceArn: string, sourceIp: string): boolean;
}

export function wafService(context: RegionContext, { resourceExists }: WafOptions): Waf {
  const acls = new WebAcls(context);
  const client = new waf.WAFV2Client({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("wafv2", waf, client);
  addWebAclOperations(model, acls);
  addAssociationOperations(model, acls, resourceExists);
  addIpSetOperations(model, acls);
  return {
    model,
    install: {
      webAcl: (acl) => installWebAcl(acls, acl),
      ipSet: (set) => installIpSet(acls, set),
    },
    allows: (resourceArn, sourceIp) => judgeRequest(acls, resourceArn, sourceIp) === "allowed",
  };
}

function installWebAcl(acls: WebAcls, { name, scope = "REGIONAL", ...installed }: InstalledWebAcl): string {
  const { defaultAction, rules = [], customResponseBodies, resourceArns = [], tags = {} } = installed;
  const id = acls.random.uuid();
  const arn = acls.arn("webacl", scope, name, id);
  const acl: waf.WebACL = {
    Name: name,
    Id: id,
    ARN: arn,
    DefaultAction: defaultAction === "allow" ? { Allow: {} } : { Block: {} },
    Rules: [...rules],
    VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: name },
    LabelNamespace: `awswaf:${acls.context.account}:webacl:${name}:`,
    ManagedByFirewallManager: false,
    ...(customResponseBodies && { CustomResponseBodies: customResponseBodies }),
  };
  checkWebAcl(acls, acl);
  const lockToken = acls.random.uuid();
  acls.install(arn, tags, ({ webAcls, associations }) => {
    webAcls.set(arn, { arn, scope, acl, lockToken });
    for (const resource of resourceArns) associations.set(resource, arn);
  });
  return arn;
}

function installIpSet(
  acls: WebAcls,
  { name, scope = "REGIONAL", addresses, tags = {} }: InstalledIpSet,
): string {
  const id = acls.random.uuid();
  const arn = acls.arn("ipset", scope, name, id);
  const version = addresses.some((address) => address.includes(":")) ? "IPV6" : "IPV4";
  checkAddresses(version, addresses);
  const lockToken = acls.random.uuid();
  acls.install(arn, tags, ({ ipSets }) => {
    ipSets.set(arn, { arn, scope, id, name, version, description: undefined, addresses, lockToken });
  });
  return arn;
}

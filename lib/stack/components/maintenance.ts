import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { MaintenanceComponent } from "../../../lambdas/contracts/kinds/maintenance.ts";
import { arnIn } from "../step-function.ts";

/** What planning maintenance mode takes: how its switch and its barriers stand. */
export function grantAssessMaintenance(
  scope: Construct,
  grantee: IGrantable,
  component: MaintenanceComponent,
): void {
  const { isolation } = component;
  grantLook(scope, grantee, component);
  if (isolation?.loadBalancer) grantLookAtLoadBalancer(grantee);
  if (isolation?.webAcl) {
    allow(grantee, { actions: ["wafv2:GetWebACL"], resources: [webAclArn(scope, isolation.webAcl)] });
  }
}

/** What turning it on and off takes, for its mover alone. Actions: docs/facts/frontend-secrets-config.md §J. */
export function grantMoveMaintenance(
  scope: Construct,
  grantee: IGrantable,
  component: MaintenanceComponent,
): void {
  grantAssessMaintenance(scope, grantee, component);
  grantTurn(scope, grantee, component);
  const { loadBalancer, webAcl } = component.isolation ?? {};
  if (loadBalancer) {
    allow(grantee, { actions: ["elasticloadbalancing:SetSecurityGroups"], resources: [loadBalancer.arn] });
    // One tag, which remembers the groups from before.
    allow(grantee, {
      actions: ["elasticloadbalancing:AddTags"],
      resources: [loadBalancer.arn],
      conditions: { "ForAllValues:StringEquals": { "aws:TagKeys": ["stepback:former-security-groups"] } },
    });
  }
  if (webAcl) {
    // The ACL, and what its rules refer to, which AWS asks for too (Service Authorization Reference by memory: unverified).
    const referenced = ["ipset", "rulegroup", "regexpatternset", "managedruleset"];
    allow(grantee, {
      actions: ["wafv2:UpdateWebACL"],
      resources: [
        webAclArn(scope, webAcl),
        ...referenced.map((kind) => arnIn(scope, "wafv2", `regional/${kind}/*`)),
      ],
    });
  }
}

function grantLook(
  scope: Construct,
  grantee: IGrantable,
  { switch: configured }: MaintenanceComponent,
): void {
  switch (configured.by) {
    case "load-balancer-rules":
      // Describe actions of load balancing have no resources (docs/facts/ecs.md §7).
      allow(grantee, { actions: ["elasticloadbalancing:DescribeRules"], resources: ["*"] });
      break;
    case "key-value-store":
      allow(grantee, {
        actions: ["cloudfront-keyvaluestore:GetKey"],
        resources: [configured.keyValueStore],
      });
      break;
    case "parameter":
      allow(grantee, {
        actions: ["ssm:GetParameter"],
        resources: [parameterArn(scope, configured.parameter)],
      });
  }
}

function grantTurn(
  scope: Construct,
  grantee: IGrantable,
  { switch: configured }: MaintenanceComponent,
): void {
  switch (configured.by) {
    case "load-balancer-rules":
      // The conditions of these rules, and no other of the load balancer.
      allow(grantee, { actions: ["elasticloadbalancing:ModifyRule"], resources: configured.rules });
      break;
    case "key-value-store":
      allow(grantee, {
        actions: ["cloudfront-keyvaluestore:DescribeKeyValueStore", "cloudfront-keyvaluestore:PutKey"],
        resources: [configured.keyValueStore],
      });
      break;
    case "parameter":
      // The history tells the settings beside the value, which a new version has to repeat.
      allow(grantee, {
        actions: ["ssm:GetParameterHistory", "ssm:PutParameter"],
        resources: [parameterArn(scope, configured.parameter)],
      });
  }
}

function grantLookAtLoadBalancer(grantee: IGrantable): void {
  // Describe actions of load balancing have no resources (docs/facts/ecs.md §7).
  allow(grantee, {
    actions: ["elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"],
    resources: ["*"],
  });
}

function webAclArn(scope: Construct, { name, id }: { readonly name: string; readonly id: string }): string {
  return arnIn(scope, "wafv2", `regional/webacl/${name}/${id}`);
}

const parameterArn = (scope: Construct, name: string) =>
  arnIn(scope, "ssm", `parameter/${name.replace(/^\//, "")}`);

function allow(grantee: IGrantable, statement: ConstructorParameters<typeof PolicyStatement>[0]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}

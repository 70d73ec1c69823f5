import * as waf from "@aws-sdk/client-wafv2";
import type { ServiceModel } from "../../service-model.ts";
import { onArn } from "./permissions.ts";
import { wafError } from "./waf-error.ts";
import { checkWebAcl, referencedArns } from "./web-acl-checks.ts";
import type { StoredWebAcl, WebAcls } from "./web-acls.ts";

/** Everything that UpdateWebACL replaces; what a request leaves out is gone afterwards. */
const REPLACED = [
  "DefaultAction",
  "Description",
  "Rules",
  "VisibilityConfig",
  "DataProtectionConfig",
  "CustomResponseBodies",
  "CaptchaConfig",
  "ChallengeConfig",
  "TokenDomains",
  "AssociationConfig",
  "OnSourceDDoSProtectionConfig",
  "ApplicationConfig",
  "MonetizationConfig",
] as const;

/** Web ACLs: read, and replaced as a whole under a lock token. */
export function addWebAclOperations(model: ServiceModel, acls: WebAcls): void {
  model
    .on(waf.GetWebACLCommand, {
      accepts: ["Name", "Scope", "Id", "ARN"],
      authorize: (input) => [onArn(acls, "wafv2:GetWebACL", arnOfWebAcl(acls, input))],
      handle: (input) => {
        const { acl, lockToken } = acls.webAcl(arnOfWebAcl(acls, input));
        return { WebACL: acl, LockToken: lockToken };
      },
    })
    .on(waf.ListWebACLsCommand, {
      accepts: ["Scope"],
      authorize: () => [{ action: "wafv2:ListWebACLs", resource: "*" }],
      handle: ({ Scope }) => {
        refuseScope(acls, Scope);
        const listed = [...acls.configured.webAcls.values()].filter(({ scope }) => scope === Scope);
        return { WebACLs: listed.map(summarised) };
      },
    })
    .on(waf.UpdateWebACLCommand, {
      accepts: ["Name", "Scope", "Id", "LockToken", ...REPLACED],
      // On the web ACL and on what its rules refer to: the Service Authorization Reference by memory, unverified.
      authorize: (input) => [
        onArn(acls, "wafv2:UpdateWebACL", arnOfWebAcl(acls, input)),
        ...referencedArns(input.Rules ?? []).map((arn) => onArn(acls, "wafv2:UpdateWebACL", arn)),
      ],
      handle: (input) => {
        refuseScope(acls, input.Scope);
        const stored = acls.webAcl(arnOfWebAcl(acls, input));
        if (input.LockToken !== stored.lockToken) throw wafError.changedMeanwhile();
        checkWebAcl(acls, input);
        const next: StoredWebAcl = {
          ...stored,
          acl: replaced(stored.acl, input),
          lockToken: acls.random.uuid(),
        };
        acls.change("web ACL replaced", stored.arn, ({ webAcls }) => webAcls.set(stored.arn, next));
        return { NextLockToken: next.lockToken };
      },
    });
}

function refuseScope(acls: WebAcls, scope: string | undefined): void {
  const refusal = acls.checkScope(scope);
  if (refusal) throw refusal;
}

function arnOfWebAcl(acls: WebAcls, { ARN, Scope, Name, Id }: waf.GetWebACLRequest): string {
  return ARN ?? acls.arn("webacl", Scope, Name, Id);
}

/** What belongs to the service stays: name, id, capacity, label namespace. */
function replaced(acl: waf.WebACL, input: waf.UpdateWebACLRequest): waf.WebACL {
  const { Name, Id, ARN, Capacity, LabelNamespace, ManagedByFirewallManager } = acl;
  const { Name: _name, Scope: _scope, Id: _id, LockToken: _token, ...content } = input;
  return { Name, Id, ARN, Capacity, LabelNamespace, ManagedByFirewallManager, ...content };
}

function summarised({ acl, arn, lockToken }: StoredWebAcl): waf.WebACLSummary {
  return { Name: acl.Name, Id: acl.Id, Description: acl.Description, LockToken: lockToken, ARN: arn };
}

import * as waf from "@aws-sdk/client-wafv2";
import type { Permission, ServiceModel } from "../../service-model.ts";
import { onArn } from "./permissions.ts";
import { wafError } from "./waf-error.ts";
import type { WebAcls } from "./web-acls.ts";

/**
 * Which regional resource which web ACL protects; the region has load balancers. Permissions: the developer guide's
 * "Permissions for AssociateWebACL", by memory: unverified.
 */
export function addAssociationOperations(
  model: ServiceModel,
  acls: WebAcls,
  resourceExists: (arn: string) => boolean,
): void {
  const resource = (arn: string | undefined): string => {
    if (arn === undefined || !resourceExists(arn)) throw wafError.missing();
    return arn;
  };
  model
    .on(waf.AssociateWebACLCommand, {
      accepts: ["WebACLArn", "ResourceArn"],
      authorize: ({ WebACLArn, ResourceArn }) => [
        onArn(acls, "wafv2:AssociateWebACL", WebACLArn),
        setWebAcl(ResourceArn),
      ],
      handle: ({ WebACLArn, ResourceArn }) => {
        const { arn, scope } = acls.webAcl(WebACLArn);
        const protectedArn = resource(ResourceArn);
        if (scope === "CLOUDFRONT") {
          throw wafError.invalid(
            "RESOURCE_ARN",
            protectedArn,
            "A regional resource needs a regional web ACL.",
          );
        }
        acls.change("web ACL associated", arn, ({ associations }) => associations.set(protectedArn, arn));
        return {};
      },
    })
    .on(waf.DisassociateWebACLCommand, {
      accepts: ["ResourceArn"],
      authorize: ({ ResourceArn }) => [
        onArn(acls, "wafv2:DisassociateWebACL", ResourceArn),
        setWebAcl(ResourceArn),
      ],
      handle: ({ ResourceArn }) => {
        const arn = resource(ResourceArn);
        acls.change("web ACL disassociated", arn, ({ associations }) => associations.delete(arn));
        return {};
      },
    })
    .on(waf.GetWebACLForResourceCommand, {
      accepts: ["ResourceArn"],
      authorize: ({ ResourceArn = "" }) => {
        const arn = acls.configured.associations.get(ResourceArn);
        const onAcl = arn === undefined ? [] : [onArn(acls, "wafv2:GetWebACL", arn)];
        return [onArn(acls, "wafv2:GetWebACLForResource", ResourceArn), ...onAcl];
      },
      handle: ({ ResourceArn }) => {
        const arn = acls.configured.associations.get(resource(ResourceArn));
        return arn === undefined ? {} : { WebACL: acls.webAcl(arn).acl };
      },
    });
}

function setWebAcl(resource: string | undefined): Permission {
  return { action: "elasticloadbalancing:SetWebACL", resource: resource ?? "*" };
}

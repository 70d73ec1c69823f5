import { isIP } from "node:net";
import * as waf from "@aws-sdk/client-wafv2";
import type { ServiceModel } from "../../service-model.ts";
import { onArn } from "./permissions.ts";
import { wafError } from "./waf-error.ts";
import type { StoredIpSet, WebAcls } from "./web-acls.ts";

/** IP sets: read, and replaced as a whole under a lock token. */
export function addIpSetOperations(model: ServiceModel, acls: WebAcls): void {
  model
    .on(waf.GetIPSetCommand, {
      accepts: ["Name", "Scope", "Id"],
      authorize: ({ Scope, Name, Id }) => [onArn(acls, "wafv2:GetIPSet", acls.arn("ipset", Scope, Name, Id))],
      handle: ({ Scope, Name, Id }) => {
        const set = acls.ipSet(acls.arn("ipset", Scope, Name, Id));
        return { IPSet: described(set), LockToken: set.lockToken };
      },
    })
    .on(waf.UpdateIPSetCommand, {
      accepts: ["Name", "Scope", "Id", "Description", "Addresses", "LockToken"],
      authorize: ({ Scope, Name, Id }) => [
        onArn(acls, "wafv2:UpdateIPSet", acls.arn("ipset", Scope, Name, Id)),
      ],
      handle: ({ Scope, Name, Id, Description, Addresses = [], LockToken }) => {
        const set = acls.ipSet(acls.arn("ipset", Scope, Name, Id));
        if (LockToken !== set.lockToken) throw wafError.changedMeanwhile();
        checkAddresses(set.version, Addresses);
        const next = {
          ...set,
          description: Description,
          addresses: [...Addresses],
          lockToken: acls.random.uuid(),
        };
        acls.change("IP set replaced", set.arn, ({ ipSets }) => ipSets.set(set.arn, next));
        return { NextLockToken: next.lockToken };
      },
    });
}

/** "any CIDR except /0 …, ≤10,000 CIDRs" (docs/facts/frontend-secrets-config.md §E). */
export function checkAddresses(version: waf.IPAddressVersion, addresses: readonly string[]): void {
  const [family, bits] = version === "IPV6" ? [6, 128] : [4, 32];
  if (addresses.length > 10_000)
    throw wafError.invalid("IP_ADDRESS", "Addresses", "There are too many addresses.");
  for (const cidr of addresses) {
    const [address = "", prefix = ""] = cidr.split("/");
    const valid = isIP(address) === family && /^[1-9]\d*$/.test(prefix) && Number(prefix) <= bits;
    if (!valid) throw wafError.invalid("IP_ADDRESS", cidr, "The address is not a valid CIDR block.");
  }
}

function described({ name, id, arn, version, description, addresses }: StoredIpSet): waf.IPSet {
  const optional = description === undefined ? {} : { Description: description };
  return { Name: name, Id: id, ARN: arn, IPAddressVersion: version, ...optional, Addresses: [...addresses] };
}

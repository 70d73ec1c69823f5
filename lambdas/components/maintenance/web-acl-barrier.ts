import {
  GetWebACLCommand,
  type Rule,
  UpdateWebACLCommand,
  type UpdateWebACLCommandInput,
  type WAFV2Client,
  type WebACL,
} from "@aws-sdk/client-wafv2";
import type { MaintenanceMove } from "../../contracts/kinds/maintenance.ts";
import { asked, isNamed } from "../aws-call.ts";
import type { Barrier, BarrierState } from "./barriers.ts";

type Configured = NonNullable<NonNullable<MaintenanceMove["isolation"]>["webAcl"]>;
/** Load balancers have regional ACLs; those of CloudFront live in us-east-1 (docs/facts/frontend-secrets-config.md §E). */
const Scope = "REGIONAL";

/**
 * A pre-made rule that counts whoever is not on the allow-list: Count becomes Block, and Block becomes Count. Both are
 * plain, so that the way back is known to everybody (§E, "Pre-provision as Count→Block").
 */
export function webAclBarrier(waf: WAFV2Client, { name: Name, id: Id, rule: ruleName }: Configured): Barrier {
  const read = async () => {
    try {
      const { WebACL: acl, LockToken } = await asked(
        `Reading the web ACL ${Name}`,
        waf.send(new GetWebACLCommand({ Name, Id, Scope })),
      );
      const rule = acl?.Rules?.find((one) => one.Name === ruleName);
      return acl && rule && { acl, rule, LockToken };
    } catch (error) {
      if (isNamed(error, "WAFNonexistentItemException")) return undefined;
      throw error;
    }
  };
  /** The whole ACL goes back as it came, with one action changed: whatever a request leaves out would be gone (§E). */
  const change = async (from: BarrierState, action: NonNullable<Rule["Action"]>) => {
    const found = await read();
    if (!found || stateOf(found.rule) !== from) return "collided";
    const Rules = (found.acl.Rules ?? []).map((one) =>
      one === found.rule ? { ...one, Action: action } : one,
    );
    const command = new UpdateWebACLCommand({
      ...changeable(found.acl),
      ...{ Name, Id, Scope, Rules, LockToken: found.LockToken },
    });
    try {
      await asked(`Changing the rule ${ruleName} of the web ACL ${Name}`, waf.send(command));
      return "changed";
    } catch (error) {
      if (isNamed(error, "WAFOptimisticLockException", "WAFUnavailableEntityException")) return "collided";
      throw error;
    }
  };
  return {
    name: "web-acl",
    label: `the rule ${ruleName} of the web ACL ${Name}`,
    async look() {
      const found = await read();
      if (found) return stateOf(found.rule);
      return {
        problem: `the web ACL ${Name} or its rule ${ruleName} does not exist; correct the environment.`,
      };
    },
    former: async () => ({ action: "Count" }),
    shut: () => change("open", { Block: {} }),
    lift: () => change("shut", { Count: {} }),
    forget: async () => false,
    liftable: async () => ({ back: `${ruleName} only counts` }),
  };
}

/** A Count that also changes requests could not be put back by whoever undoes this: it is not ours to change. */
function stateOf({ Action }: Rule): BarrierState {
  if (Action?.Block) return "shut";
  return Action?.Count && !Action.Count.CustomRequestHandling ? "open" : "other";
}

type Changeable = Omit<UpdateWebACLCommandInput, "Name" | "Id" | "Scope" | "LockToken" | "Rules">;

/** Everything but what belongs to the service, fields of the future among it. */
function changeable(acl: WebACL): Changeable {
  const {
    ARN: _arn,
    Capacity: _capacity,
    LabelNamespace: _label,
    ManagedByFirewallManager: _managed,
    PreProcessFirewallManagerRuleGroups: _before,
    PostProcessFirewallManagerRuleGroups: _after,
    RetrofittedByFirewallManager: _retrofitted,
    ...content
  } = acl;
  return content;
}

import {
  AddTagsCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  SetSecurityGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { MaintenanceMove } from "../../contracts/kinds/maintenance.ts";
import { asked, isNamed } from "../aws-call.ts";
import type { Barrier } from "./barriers.ts";

type Configured = NonNullable<NonNullable<MaintenanceMove["isolation"]>["loadBalancer"]>;

/**
 * Remembers, on the load balancer itself, the security groups that it had: SetSecurityGroups overrides the set, a journal
 * ends with its rollback, and isolation stays on longer than that. The tag is there for whoever undoes it, for people in
 * the console too, and nothing else has to be kept or granted.
 */
export const FORMER_TAG = "stepback:former-security-groups";

/** Lets only the allow-list's security groups reach the load balancer (docs/facts/frontend-secrets-config.md §E). */
export function securityGroupBarrier(
  balancing: ElasticLoadBalancingV2Client,
  { arn, allowListSecurityGroups }: Configured,
): Barrier {
  const current = async (): Promise<readonly string[] | undefined> => {
    try {
      const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] });
      const { LoadBalancers } = await asked("Reading the load balancer", balancing.send(command));
      return LoadBalancers?.[0] && (LoadBalancers[0].SecurityGroups ?? []);
    } catch (error) {
      if (isNamed(error, "LoadBalancerNotFoundException", "LoadBalancerNotFound")) return undefined;
      throw error;
    }
  };
  const remembered = async (): Promise<string> => {
    const command = new DescribeTagsCommand({ ResourceArns: [arn] });
    const { TagDescriptions } = await asked("Reading the load balancer's tags", balancing.send(command));
    return TagDescriptions?.[0]?.Tags?.find(({ Key }) => Key === FORMER_TAG)?.Value ?? "";
  };
  const remember = async (groups: string): Promise<"changed"> => {
    const command = new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key: FORMER_TAG, Value: groups }] });
    await asked("Remembering the load balancer's security groups", balancing.send(command));
    return "changed";
  };
  const set = async (groups: readonly string[]): Promise<"changed"> => {
    const command = new SetSecurityGroupsCommand({ LoadBalancerArn: arn, SecurityGroups: [...groups] });
    await asked("Changing the load balancer's security groups", balancing.send(command));
    return "changed";
  };
  const isShut = (groups: readonly string[]) => sameSet(groups, allowListSecurityGroups);
  return {
    name: "security-groups",
    label: "the load balancer's security groups",
    async look() {
      const groups = await current();
      if (!groups)
        return { problem: "the load balancer to isolate does not exist; correct the environment." };
      if (isShut(groups)) return "shut";
      // Without groups there would be nothing to set again.
      return groups.length === 0 ? "other" : "open";
    },
    former: async () => ({ groups: ((await current()) ?? []).join(" ") }),
    async shut() {
      const groups = await current();
      if (!groups || isShut(groups)) return "collided";
      // First remembered, then changed: a crash in between leaves a true tag and an open load balancer.
      const former = groups.join(" ");
      return (await remembered()) === former ? set(allowListSecurityGroups) : remember(former);
    },
    async lift(former) {
      const groups = await current();
      if (!groups || !isShut(groups)) return "collided";
      const list = groupsIn(former?.["groups"] ?? (await remembered()));
      return list.length > 0 ? set(list) : { problem: unknown };
    },
    async forget() {
      // An old list would be put back by the undo of somebody's own isolation, later.
      if ((await remembered()) === "") return false;
      await remember("");
      return true;
    },
    async liftable() {
      const list = groupsIn(await remembered());
      return list.length > 0 ? { back: list.join(", ") } : { problem: unknown };
    },
  };
}

const unknown = `nobody knows which security groups the load balancer had: its tag ${FORMER_TAG} is missing; set them by hand.`;

/** The groups of a tag; none when anything in it is no security group's id. */
function groupsIn(tag: string): readonly string[] {
  const groups = tag.split(" ").filter((one) => one !== "");
  return groups.every((one) => /^sg-[0-9a-f]{8,17}$/.test(one)) ? groups : [];
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...new Set(a)].sort()) === JSON.stringify([...new Set(b)].sort());
}

import { AddTagsCommand, SetSecurityGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetWebACLCommand } from "@aws-sdk/client-wafv2";
import { describe, expect, it } from "vitest";
import { type MaintenanceStage, makeMaintenanceStage } from "./make-maintenance-stage.ts";

const security = { authorization: "security" } as const;
const undo = { target: { components: { it: "open" } } };

const groupsOf = ({ edge }: MaintenanceStage) => edge.balancing.securityGroupsOf(edge.loadBalancerArn);
const aclOf = async ({ clients, aclArn }: MaintenanceStage) =>
  (await clients.waf.send(new GetWebACLCommand({ ARN: aclArn }))).WebACL;

describe("isolation", () => {
  it("needs the authorization security", async () => {
    const stage = makeMaintenanceStage();

    expect((await stage.plan()).details["mode"]).toBe("maintenance");
    const asked = { target: { components: { it: "isolated" } } };
    expect((await stage.assess(undefined, asked)).verdict.verdict).toBe("refuse");
    expect(await stage.plan(undefined, security)).toMatchObject({
      verbs: ["cutOver", "confirm"],
      from: { id: "open" },
      to: { id: "isolated" },
    });
  });

  it("keeps strangers out and outlives the rollback", async () => {
    const stage = makeMaintenanceStage();
    const move = await stage.plan(undefined, security);
    expect(await stage.run(move)).toMatchObject({ status: "done", verb: "confirm" });
    await stage.run(move, ["tidy"]);
    await stage.pass(180);

    expect(groupsOf(stage)).toEqual([stage.colleagues]);
    expect(stage.edge.waf.allows(stage.edge.loadBalancerArn, "198.51.100.7")).toBe(false);
    expect(stage.edge.waf.allows(stage.edge.loadBalancerArn, "192.0.2.9")).toBe(true);
    expect((await stage.assess(undefined, security)).verdict.verdict).toBe("nothing-to-do");
  });

  it("is lifted by a later undo to exactly what was before, which the world alone remembers", async () => {
    const stage = makeMaintenanceStage();
    const before = { groups: groupsOf(stage), acl: await aclOf(stage) };
    await stage.run(await stage.plan(undefined, security));
    stage.entries.clear();

    const lift = await stage.plan(undefined, undo);
    expect(lift).toMatchObject({ from: { id: "isolated" }, to: { id: "open" } });
    expect(lift.to.label).toContain(stage.edge.securityGroup);
    expect(await stage.run(lift)).toMatchObject({ status: "done" });
    expect({ groups: groupsOf(stage), acl: await aclOf(stage) }).toEqual(before);
    expect((await stage.assess(undefined, undo)).verdict.verdict).toBe("nothing-to-do");
  });

  it("does not put an old list back after somebody isolated by hand", async () => {
    const stage = makeMaintenanceStage();
    await stage.run(await stage.plan(undefined, security));
    stage.entries.clear();
    await stage.run(await stage.plan(undefined, undo));
    await stage.clients.balancing.send(
      new SetSecurityGroupsCommand({
        LoadBalancerArn: stage.edge.loadBalancerArn,
        SecurityGroups: [stage.colleagues],
      }),
    );

    expect((await stage.assess(undefined, undo)).verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringMatching(/nobody knows which security groups/),
    });
  });

  it("does not trust a tag that names no security groups", async () => {
    const stage = makeMaintenanceStage();
    await stage.run(await stage.plan(undefined, security));
    const Tags = [{ Key: "stepback:former-security-groups", Value: "default" }];
    await stage.clients.balancing.send(
      new AddTagsCommand({ ResourceArns: [stage.edge.loadBalancerArn], Tags }),
    );

    expect((await stage.assess(undefined, undo)).verdict.verdict).toBe("refuse");
  });

  it("reverts what it turned itself and nothing else", async () => {
    const stage = makeMaintenanceStage();
    const move = await stage.plan(undefined, security);
    expect(await stage.run(move, ["revert"])).toMatchObject({ note: "Isolation was not touched." });
    const before = groupsOf(stage);
    await stage.run(move);
    await stage.run(move, ["revert"]);

    expect(groupsOf(stage)).toEqual(before);
    expect((await aclOf(stage))?.Rules?.[0]?.Action).toEqual({ Count: {} });
  });

  it("ends isolated and liftable whichever call is lost, and wherever it is killed", async () => {
    for (let call = 0; call < 12; call++) {
      const stage = makeMaintenanceStage();
      const before = { groups: groupsOf(stage), acl: await aclOf(stage) };
      const move = await stage.plan(undefined, security);
      const effect = call % 2 === 0 ? "lost-reply" : "throttle";
      stage.faults
        .add({ skip: call, times: 1, effect })
        .add({ skip: call + 1, times: 1, effect: "lost-reply" });
      stage.crashes.add(call % 4);

      expect(await stage.run(move)).toMatchObject({ status: "done" });
      expect(groupsOf(stage)).toEqual([stage.colleagues]);
      stage.entries.clear();
      stage.faults.clear();
      const lift = await stage.plan(undefined, undo);
      stage.faults.add({ skip: call, times: 1, effect });
      expect(await stage.run(lift)).toMatchObject({ status: "done" });
      expect({ groups: groupsOf(stage), acl: await aclOf(stage) }).toEqual(before);
    }
  }, 20_000);
});

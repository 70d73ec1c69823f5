import { DescribeRulesCommand, ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { type MaintenanceStage, makeMaintenanceStage } from "./make-maintenance-stage.ts";

const KINDS = ["rules", "store", "parameter"] as const;
const ON = { rules: ["fixed-response", "fixed-response"], store: "on", parameter: "on" };
const OFF = { rules: ["forward", "forward"], store: "off", parameter: "off" };
const BY_HAND = {
  rules: { service: "elasticloadbalancing", command: "aws elbv2 modify-rule --rule-arn " },
  store: { service: "cloudfront-keyvaluestore", command: "aws cloudfront-keyvaluestore put-key --kvs-arn " },
  parameter: { service: "ssm", command: "aws ssm put-parameter --name " },
};

/** Somebody else gives the HTTP listener's rule a condition of their own. */
const meddle = (stage: MaintenanceStage) =>
  stage.clients.balancing.send(
    new ModifyRuleCommand({
      RuleArn: stage.httpRule,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }],
    }),
  );

describe.each(KINDS)("maintenance mode by %s", (kind) => {
  it("is seen by users when cutOver is done, and not any more after tidy", async () => {
    const stage = makeMaintenanceStage();
    const move = await stage.plan(stage.components[kind]);
    expect(move).toMatchObject({
      verbs: ["cutOver", "tidy"],
      from: { id: "off" },
      to: { id: "on" },
      stays: true,
    });

    expect(await stage.run(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
    expect(stage.seen()[kind]).toEqual(ON[kind]);
    expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done" });
    await stage.pass(60);
    expect(stage.seen()[kind]).toEqual(OFF[kind]);
  });

  it("is left with the commands that turn it off when AWS does not let Stepback", async () => {
    const stage = makeMaintenanceStage();
    const move = await stage.plan(stage.components[kind]);
    await stage.run(move, ["cutOver"]);
    stage.faults.add({ mutating: true, service: BY_HAND[kind].service, effect: "access-denied" });

    const end = await stage.run(move, ["tidy"]);

    expect(end).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS", touched: true });
    expect(end.note).toMatch(/^Users still see the maintenance page\. NotAllowed: /);
    expect(end.note).toContain(`By hand: ${BY_HAND[kind].command}`);
  });

  it("is shown a second time on the way back, and ends off again", async () => {
    const stage = makeMaintenanceStage();
    const move = await stage.plan(stage.components[kind]);
    await stage.run(move, ["cutOver"]);
    await stage.run(move, ["tidy"]);
    await stage.run(move, ["cutOver"]);
    expect(stage.seen()[kind]).toEqual(ON[kind]);
    await stage.run(move, ["revert"]);
    await stage.pass(60);

    expect(stage.seen()[kind]).toEqual(OFF[kind]);
  });

  it("ends off by tidy from wherever turning it on was cut off", async () => {
    for (let cut = 0; cut < 7; cut++) {
      const stage = makeMaintenanceStage();
      const move = await stage.plan(stage.components[kind]);
      stage.faults.add({ skip: cut, times: 2, effect: cut % 2 === 0 ? "lost-reply" : "throttle" });
      stage.crashes.add(cut % 4);
      for (let tick = 0; tick < cut; tick++) {
        await stage
          .driver()
          .tick("cutOver", move)
          .catch(() => undefined);
        await stage.pass(2);
      }
      expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done" });
      await stage.pass(60);
      expect(stage.seen()[kind]).toEqual(OFF[kind]);
    }
  }, 20_000);

  it("is left alone when somebody else had turned it on", async () => {
    const stage = makeMaintenanceStage();
    const first = await stage.plan(stage.components[kind]);
    await stage.run(first, ["cutOver"]);
    stage.entries.clear();

    expect((await stage.assess(stage.components[kind])).verdict).toMatchObject({ verdict: "nothing-to-do" });
    await stage.run(first, ["tidy"]);
    await stage.pass(60);
    expect(stage.seen()[kind]).toEqual(ON[kind]);
  });
});

describe("maintenance mode", () => {
  it("changes the conditions of its rules and nothing else, and puts exactly those back", async () => {
    const stage = makeMaintenanceStage();
    const rules = () =>
      stage.clients.balancing.send(new DescribeRulesCommand({ ListenerArn: stage.edge.listenerArn }));
    const before = (await rules()).Rules;
    const move = await stage.plan();
    await stage.run(move, ["cutOver"]);
    expect((await rules()).Rules).not.toEqual(before);
    await stage.run(move, ["tidy"]);
    expect((await rules()).Rules).toEqual(before);
    const changes = stage.accepted("ModifyRule").map(({ input }) => Object.keys(input).sort());

    expect(changes).toEqual(Array(4).fill(["Conditions", "RuleArn"]));
  });

  it("does not overwrite a rule that somebody changed, neither to turn it on nor to turn it off", async () => {
    const stage = makeMaintenanceStage();
    const move = await stage.plan();
    await meddle(stage);
    expect(await stage.run(move, ["cutOver"])).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });

    const later = makeMaintenanceStage();
    const second = await later.plan();
    await later.run(second, ["cutOver"]);
    await meddle(later);
    expect(await later.run(second, ["tidy"])).toMatchObject({
      ...{ status: "failed", code: "SUPERSEDED" },
      note: expect.stringMatching(/Somebody changed .* left alone.* Look whether users are let in/),
    });
    expect(
      later.accepted("ModifyRule").filter(({ input }) => input["RuleArn"] === later.httpRule),
    ).toHaveLength(2);
  });

  it("keeps other keys of the store, and looks again when they change at the same moment", async () => {
    const stage = makeMaintenanceStage();
    const move = await stage.plan(stage.components.store);
    const send = stage.clients.keyValueStore.send.bind(stage.clients.keyValueStore);
    let collided = false;
    Object.assign(stage.clients.keyValueStore, {
      send: async (command: Parameters<typeof send>[0]) => {
        if (command.constructor.name === "PutKeyCommand" && !collided) {
          collided = true;
          stage.store.change({ puts: [{ key: "release", value: "r2" }], deletes: [] }, stage.store.etag);
        }
        return send(command);
      },
    });

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "done" });
    expect(Object.fromEntries(stage.store.items)).toEqual({ maintenance: "on", release: "r2" });
  });

  it("refuses what is missing or is no page", async () => {
    const stage = makeMaintenanceStage();
    const reasonOf = async (configured: object) => {
      const component = { ...stage.components.rules, switch: configured } as typeof stage.components.rules;
      return (await stage.assess(component)).verdict.reason;
    };
    const rules = stage.components.rules.switch;
    const forwarding = stage.edge.balancing.install.rule({
      listenerArn: stage.edge.listenerArn,
      priority: 9,
      conditions: [{ Field: "host-header", HostHeaderConfig: { Values: ["inactive.invalid"] } }],
      actions: [stage.edge.forward],
    });

    expect(await reasonOf({ ...rules, rules: [`${stage.httpRule.slice(0, -4)}dead`] })).toMatch(
      /does not exist/,
    );
    expect(await reasonOf({ ...rules, rules: [forwarding] })).toMatch(/forwards to the application/);
    expect(await reasonOf({ ...stage.components.store.switch, key: "page" })).toMatch(
      /key page does not exist/,
    );
    expect(await reasonOf({ ...stage.components.parameter.switch, off: "no" })).toMatch(/neither on nor off/);
  });
});

import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { bySnapshot, type CacheStage, HOST, makeCacheStage } from "./make-cache-stage.ts";

/** A stage whose cache had a snapshot taken before the moment to go back to, and entries written after it. */
async function makeCopyStage() {
  const stage = makeCacheStage();
  stage.cache.install.snapshot("shop", "automatic.shop-1");
  await stage.pass(600);
  const cut = stage.kernel.date();
  stage.cache.caches.write("shop", "7:user:2", "bad");
  await stage.pass(600);
  stage.cache.install.snapshot("shop", "automatic.shop-2");
  return { ...stage, cut };
}

const hostIn = ({ ssm }: Pick<CacheStage, "ssm">) => ssm.read(HOST)?.value;
const switchTo = ({ clients }: Pick<CacheStage, "clients">, Value: string) =>
  clients.ssm.send(new PutParameterCommand({ Name: HOST, Value, Overwrite: true }));

describe("a cache that is replaced by a copy from a snapshot", () => {
  it("is prepared from the newest snapshot before the moment, with the settings of the one in use", async () => {
    const stage = await makeCopyStage();
    const move = await stage.plan(bySnapshot, { cut: stage.cut });
    expect(move.warnings[0]).toMatch(/empty cache is usually better/);

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });
    expect(stage.cache.caches.content(move.to.id)).toEqual(new Map([["7:user:1", "old"]]));
    expect(hostIn(stage)).toBe(stage.host);
    expect(stage.accepted("CreateReplicationGroup")[0]?.input).toMatchObject({
      SnapshotName: "automatic.shop-1",
      CacheNodeType: "cache.t4g.small",
      CacheSubnetGroupName: "private",
      SecurityGroupIds: ["sg-0a1b2c3d"],
      UserGroupIds: ["shop-users"],
      CacheParameterGroupName: "default.valkey8",
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      TransitEncryptionEnabled: true,
      AtRestEncryptionEnabled: true,
    });
  });

  it("sends the application there and back again, and lets no copy be deleted that was used", async () => {
    const stage = await makeCopyStage();
    const move = await stage.plan(bySnapshot, { cut: stage.cut });
    await stage.run(move);
    expect(hostIn(stage)).toContain(move.to.id);

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(hostIn(stage)).toBe(stage.host);
    expect(await stage.run(move, ["tidy"])).toMatchObject({ note: expect.stringContaining("stays") });
    expect(stage.accepted("DeleteReplicationGroup")).toEqual([]);
  });

  it("goes back to the cache from before when it is undone by a later rollback", async () => {
    const stage = await makeCopyStage();
    const move = await stage.plan(bySnapshot, { cut: stage.cut });
    await stage.run(move);
    stage.entries.clear();

    const undo = await stage.plan(bySnapshot, { target: { components: { it: move.from.id } } });
    expect(await stage.run(undo)).toMatchObject({ status: "done", verb: "confirm" });
    expect(hostIn(stage)).toBe(stage.host);
  });

  it("is thrown away again when it was only rehearsed, and nothing else is", async () => {
    const stage = await makeCopyStage();
    const move = await stage.plan(bySnapshot, { cut: stage.cut });
    await stage.run(move, ["prepare"]);

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect(() => stage.cache.caches.content(move.to.id)).toThrow(/no cache/);
    expect(stage.cache.caches.content("shop").size).toBe(2);
  });

  it("leaves a cache alone that has the name and not the tags", async () => {
    const stage = await makeCopyStage();
    const move = await stage.plan(bySnapshot, { cut: stage.cut });
    stage.cache.install.replicationGroup({ id: move.to.id, tags: { "stepback:rollback": "rb-other" } });

    expect(await stage.run(move, ["prepare"])).toMatchObject({ code: "NAME_TAKEN", touched: false });
    await stage.run(move, ["discard"]);
    expect(stage.accepted("DeleteReplicationGroup")).toEqual([]);
  });

  it("does not overwrite a host that somebody wrote after the plan", async () => {
    const stage = await makeCopyStage();
    const move = await stage.plan(bySnapshot, { cut: stage.cut });
    await stage.run(move, ["prepare"]);
    await switchTo(stage, "elsewhere.example");

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });
    expect(hostIn(stage)).toBe("elsewhere.example");
  });

  it("puts a host back that somebody wrote at the same moment", async () => {
    const stage = await makeCopyStage();
    const move = await stage.plan(bySnapshot, { cut: stage.cut });
    await stage.run(move, ["prepare"]);
    const send = stage.clients.ssm.send.bind(stage.clients.ssm);
    let collided = false;
    Object.assign(stage.clients.ssm, {
      send: async (command: PutParameterCommand) => {
        if (command instanceof PutParameterCommand && !collided) {
          collided = true;
          await send(new PutParameterCommand({ Name: HOST, Value: "elsewhere.example", Overwrite: true }));
        }
        return send(command);
      },
    });

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ code: "CHANGED_SINCE_PLAN" });
    expect(hostIn(stage)).toBe("elsewhere.example");
  });

  it("is made once and used, whichever call is lost and wherever it is killed", async () => {
    for (let call = 0; call < 14; call++) {
      const stage = await makeCopyStage();
      const move = await stage.plan(bySnapshot, { cut: stage.cut });
      stage.faults.add({ skip: call, times: 1, effect: "lost-reply" });
      stage.faults.add({ skip: call + 3, times: 1, effect: "throttle" });
      stage.crashes.add(call % 7);

      expect(await stage.run(move)).toMatchObject({ status: "done", verb: "confirm" });
      expect(stage.accepted("CreateReplicationGroup")).toHaveLength(1);
      expect(hostIn(stage)).toContain(move.to.id);
    }
  }, 60_000);

  it("refuses without a moment, without an old enough snapshot, and when another cache is in use", async () => {
    const stage = await makeCopyStage();
    const reason = async (wish: { readonly cut?: Date }) =>
      (await stage.assess(bySnapshot, wish)).verdict.reason;

    expect(await reason({})).toMatch(/no moment is known/);
    expect(await reason({ cut: new Date(stage.cut.getTime() - 3_600_000) })).toMatch(/no snapshot of shop/);
    await switchTo(stage, "elsewhere.example");
    expect(await reason({ cut: stage.cut })).toMatch(/names another cache/);
  });
});

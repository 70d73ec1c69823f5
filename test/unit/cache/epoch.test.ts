import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { byEpoch, type CacheStage, EPOCH, makeCacheStage } from "./make-cache-stage.ts";

/** Somebody else writes the epoch. */
const write = ({ clients }: CacheStage, Value: string) =>
  clients.ssm.send(new PutParameterCommand({ Name: EPOCH, Value, Overwrite: true }));

const epochOf = ({ ssm }: CacheStage) => ssm.read(EPOCH)?.value;

describe("a cache with an epoch", () => {
  it("goes on to the next epoch and keeps the parameter's other settings", async () => {
    const stage = makeCacheStage();
    const move = await stage.plan(byEpoch);

    expect(move).toMatchObject({ from: { id: "7" }, to: { id: "8" }, tier: "reversible" });
    expect(await stage.run(move)).toMatchObject({ status: "done", verb: "confirm" });
    expect(epochOf(stage)).toBe("8");
    expect(stage.accepted("PutParameter")[0]?.input).toMatchObject({
      Description: `the ${EPOCH}`,
      Type: "String",
    });
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(stage.accepted("PutParameter")).toHaveLength(1);
  });

  it("never goes back to an old epoch: its reverse is a fresh one, once", async () => {
    const stage = makeCacheStage();
    const move = await stage.plan(byEpoch);
    expect(await stage.run(move, ["revert"])).toMatchObject({ note: "The epoch was not touched." });
    await stage.run(move);
    await stage.run(move, ["revert"]);
    await stage.run(move, ["revert"]);

    expect(epochOf(stage)).toBe("9");
    const undo = await stage.plan(byEpoch, { target: { components: { it: "7" } } });
    expect(undo).toMatchObject({ from: { id: "9" }, to: { id: "10" } });
  });

  it("leaves an epoch alone that somebody changed after the plan was made", async () => {
    const stage = makeCacheStage();
    const move = await stage.plan(byEpoch);
    await write(stage, "12");

    expect(await stage.run(move)).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });
    expect(epochOf(stage)).toBe("12");
  });

  it("goes beyond an epoch that somebody wrote at the same moment", async () => {
    const stage = makeCacheStage();
    const move = await stage.plan(byEpoch);
    // Between the driver's reading and its writing.
    const send = stage.clients.ssm.send.bind(stage.clients.ssm);
    let collided = false;
    Object.assign(stage.clients.ssm, {
      send: async (command: PutParameterCommand) => {
        if (command instanceof PutParameterCommand && !collided) {
          collided = true;
          await send(new PutParameterCommand({ Name: EPOCH, Value: "50", Overwrite: true }));
        }
        return send(command);
      },
    });

    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(epochOf(stage)).toBe("51");
  });

  it.each(["lost-reply", "refused", "throttle"] as const)(
    "ends with one fresh epoch whichever call meets %s, and wherever it is killed",
    async (effect) => {
      for (let call = 0; call < 7; call++) {
        const stage = makeCacheStage();
        const move = await stage.plan(byEpoch);
        stage.faults.add({ skip: call, times: 1, effect });
        stage.crashes.add(call);

        expect(await stage.run(move)).toMatchObject({ status: "done" });
        expect(epochOf(stage)).toBe("8");
      }
    },
    20_000,
  );

  it("says that a plan is impossible with a parameter that is missing, secret or no number", async () => {
    const stage = makeCacheStage({ epoch: "blue" });
    stage.ssm.install({
      name: "/shop/secret",
      type: "SecureString",
      versions: [{ value: "7", modifiedAt: stage.kernel.now }],
    });
    const reason = async (parameter: string) =>
      (await stage.assess({ ...byEpoch, clean: { way: "epoch", parameter } })).verdict.reason;

    expect(await reason(EPOCH)).toMatch(/does not hold a whole number/);
    expect(await reason(EPOCH)).not.toContain("blue");
    expect(await reason("/shop/secret")).toMatch(/SecureString; it has to be a String/);
    expect(await reason("/shop/none")).toMatch(/does not exist/);
  });
});

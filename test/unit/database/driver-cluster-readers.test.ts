import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { makeClusterSpec } from "./make-cluster-spec.ts";
import { makeMove } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const ALL = ["prepare", "cutOver", "confirm"] as const;
const PARAMETERS = {
  strategy: "endpoint-parameter",
  parameter: "/shop/db-host",
  readerParameter: "/shop/db-reader-host",
} as const;
const SECRETS = {
  strategy: "endpoint-secret",
  secret: "shop/db-host",
  readerSecret: "shop/db-reader-host",
} as const;
const SHOP = makeClusterSpec({
  members: [{ DBInstanceIdentifier: "prod-1" }, { DBInstanceIdentifier: "prod-2" }],
});

function makeReaders(cutOver: typeof PARAMETERS | typeof SECRETS) {
  const stage = new MoveStage();
  const prod = stage.databases.installCluster(SHOP);
  const hosts = { "db-host": prod.host ?? "", "db-reader-host": prod.readerHost ?? "" };
  const modifiedAt = stage.kernel.now - 1_000;
  for (const [name, value] of Object.entries(hosts)) {
    stage.ssm.install({ name: `/shop/${name}`, type: "String", versions: [{ value, modifiedAt }] });
    stage.secrets.install({ name: `shop/${name}`, versions: [{ createdAt: modifiedAt, value }] });
  }
  moveAsGranted(stage, { cluster: "prod", cutOver });
  const move = makeMove(prod, { shape: "cluster", engine: "aurora-postgresql", cutOver });
  /** What the application connects to: to write, and to read. */
  const configured = () =>
    Object.keys(hosts).map((name) =>
      cutOver === PARAMETERS
        ? stage.ssm.read(`/shop/${name}`)?.value
        : String(stage.secrets.current(`shop/${name}`)?.value),
    );
  const endpoints = (name: unknown) => {
    const { host, readerHost } = stage.databases.instance(String(name)) ?? {};
    return [host, readerHost];
  };
  const put = (Name: string, Value: string) => {
    const credentials = { accessKeyId: "operator", secretAccessKey: "any" };
    const client = new SSMClient({ ...stage.clientSettings(), credentials });
    const command = new PutParameterCommand({ Name, Value, Overwrite: true });
    return stage.kernel.complete(stage.kernel.activity("operator", () => client.send(command)));
  };
  return { stage, move, configured, endpoints, put, staging: move.details["stagingIdentifier"] };
}

describe("an application that reads from an Aurora cluster's reader endpoint", () => {
  it.each([PARAMETERS, SECRETS])(
    "is brought to the copy's with its writers, by $strategy, and back to the old one's",
    async (cutOver) => {
      const { stage, move, configured, endpoints, staging } = makeReaders(cutOver);

      expect(await stage.run(move, ALL)).toMatchObject({ status: "done", verb: "confirm" });
      expect(configured()).toEqual(endpoints(staging));
      expect(configured()[1]).toContain(".cluster-ro-");

      expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
      expect(configured()).toEqual(endpoints("prod"));
      expect(stage.calls("GetSecretValue")).toHaveLength(0);
    },
  );

  it("is not left between two: whoever changed where it reads meanwhile, its writers come back too", async () => {
    const { stage, move, configured, endpoints, put } = makeReaders(PARAMETERS);
    await stage.run(move, ["prepare"]);
    await stage.runUntilStep(move, "cutOver", "parameter-cut-over-intended");
    await put("/shop/db-reader-host", "other.example.com");

    expect(await stage.run(move, ["cutOver"])).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
      touched: false,
    });
    expect(configured()).toEqual([endpoints("prod")[0], "other.example.com"]);
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });
  });

  it("keeps the copy from being deleted while anything leads to it", async () => {
    const { stage, move, endpoints, put, staging } = makeReaders(PARAMETERS);
    await stage.run(move, ["prepare"]);
    await put("/shop/db-reader-host", String(endpoints(staging)[1]));

    expect(await stage.run(move, ["discard"])).toMatchObject({
      status: "failed",
      note: expect.stringContaining("Users are on"),
    });
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });

  it("is not said to be there when only its writers are", async () => {
    const { stage, move, put } = makeReaders(PARAMETERS);
    await stage.run(move, ALL);
    await put("/shop/db-reader-host", "other.example.com");

    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "failed", code: "WRONG_VERSION" });
  });
});

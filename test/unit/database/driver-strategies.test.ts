import { SecretsManagerClient, UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { makeMove, PROD, QUARANTINE } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const ALL = ["prepare", "cutOver", "confirm"] as const;
const OPERATOR = { accessKeyId: "operator", secretAccessKey: "any" };

function makeProxied() {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  const cutOver = { strategy: "proxy", proxy: "front", targetGroup: "default" } as const;
  let password = "v1";
  const { host } = stage.databases.installProxy({
    name: "front",
    engineFamily: "POSTGRESQL",
    target: { instance: "prod" },
    secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:front-abcdef",
    passwordLabel: () => password,
  });
  moveAsGranted(stage, { instance: "prod", cutOver });
  return {
    stage,
    prod,
    host,
    move: makeMove(prod, { cutOver }),
    setPassword: (label: string) => (password = label),
  };
}

function makeByParameter() {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  const cutOver = { strategy: "endpoint-parameter", parameter: "/shop/db-host" } as const;
  const versions = [
    { value: prod.host ?? "", modifiedAt: stage.kernel.now - 1, description: "where the data is" },
  ];
  stage.ssm.install({ name: "/shop/db-host", type: "String", tier: "Advanced", versions });
  moveAsGranted(stage, { instance: "prod", cutOver });
  const write = (Value: string) => {
    const client = new SSMClient({ ...stage.clientSettings(), credentials: OPERATOR });
    const command = new PutParameterCommand({ Name: "/shop/db-host", Value, Overwrite: true });
    return stage.kernel.complete(stage.kernel.activity("operator", () => client.send(command)));
  };
  return { stage, prod, move: makeMove(prod, { cutOver }), write };
}

function makeBySecret() {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  const cutOver = { strategy: "endpoint-secret", secret: "shop/db-host" } as const;
  const { versionIds } = stage.secrets.install({
    name: "shop/db-host",
    versions: [{ createdAt: stage.kernel.now - 1_000, value: prod.host ?? "" }],
  });
  moveAsGranted(stage, { instance: "prod", cutOver });
  return { stage, prod, move: makeMove(prod, { cutOver }), original: versionIds[0] ?? "" };
}

const hostOf = (stage: MoveStage, id: unknown) => stage.databases.instance(String(id))?.host;

describe("a database behind a proxy", () => {
  it("is exchanged behind it, and the way back exchanges it again and keeps what was written", async () => {
    const { stage, prod, host, move } = makeProxied();
    stage.databases.write(host, "orders", 5, "too late");

    expect(await stage.run(move, ALL)).toMatchObject({ status: "done", verb: "confirm" });
    expect(stage.databases.contentAt(host)?.rows).toEqual({ orders: 1_000 });
    stage.databases.write(host, "orders", 7, "on the copy");
    await stage.forSeconds(120);
    expect(stage.databases.instance("prod")?.securityGroups).toEqual([QUARANTINE]);

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.databases.contentAt(host)?.rows).toEqual({ orders: 1_005 });
    expect(stage.databases.connectable(host)).toBe(true);
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
    expect(stage.calls("CreateDBSnapshot")).toHaveLength(2);
    expect(await stage.run(move, ["discard"])).toMatchObject({
      status: "done",
      note: expect.stringContaining("kept"),
    });
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });

  it("goes back though its password has not come back yet, which follows it", async () => {
    const { stage, host, move, setPassword } = makeProxied();
    await stage.run(move, ALL);
    // The old one has had a rotation that the proxy's secret went back from.
    stage.databases.setPassword("prod", "v2");

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.databases.connectable(host)).toBe(false);
    setPassword("v2");
    await stage.forSeconds(300);
    expect(stage.databases.connectable(host)).toBe(true);
  });

  it("goes back to the old one by itself when the proxy cannot log in to the new one", async () => {
    const { stage, host, move, setPassword } = makeProxied();
    await stage.run(move, ["prepare"]);
    setPassword("v2");
    stage.databases.setPassword("prod", "v2");

    const end = await stage.run(move, ["cutOver"]);

    expect(end).toMatchObject({
      status: "failed",
      touched: false,
      note: expect.stringContaining("password"),
    });
    expect(stage.databases.connectable(host)).toBe(true);
    expect(stage.databases.contentAt(host)?.password).toBe("v2");
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(String(move.details["stagingIdentifier"]))).toBeUndefined();
  });
});

describe("the old database", () => {
  it("is locked away after the cut-over even when the first request for it never arrives", async () => {
    const { stage, prod, move } = makeByParameter();
    await stage.runUntilStep(move, "prepare", "prepared");
    await stage.runUntilStep(move, "cutOver", "switched");
    stage.faults.add({ operation: "ModifyDBInstance", effect: "refused", times: 1 });

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "done" });
    await stage.forSeconds(120);

    expect(stage.databases.instance(prod.resourceId)?.securityGroups).toEqual([QUARANTINE]);
    expect(stage.databases.connectable(prod.resourceId)).toBe(false);
  });
});

describe("a database whose host name is in a parameter", () => {
  it("is found at the new host, with everything else of the parameter as it was", async () => {
    const { stage, prod, move } = makeByParameter();

    expect(await stage.run(move, ALL)).toMatchObject({ status: "done" });

    expect(stage.ssm.read("/shop/db-host")).toMatchObject({
      version: 2,
      value: hostOf(stage, move.details["stagingIdentifier"]),
    });
    const [put] = stage.calls("PutParameter");
    expect(put).toMatchObject({ Tier: "Advanced", Description: "where the data is", Type: "String" });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.ssm.read("/shop/db-host")?.value).toBe(prod.host);
  });

  it("is left alone when somebody wrote the parameter since the plan, and nobody felt anything", async () => {
    const { stage, move, write } = makeByParameter();
    await stage.run(move, ["prepare"]);
    await write("other.example.com");

    expect(await stage.run(move, ["cutOver"])).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
      touched: false,
    });
    expect(stage.ssm.read("/shop/db-host")?.value).toBe("other.example.com");
  });

  it("is not brought back over a newer change of somebody else", async () => {
    const { stage, move, write } = makeByParameter();
    await stage.run(move, ALL);
    await write("other.example.com");

    const end = await stage.run(move, ["revert"]);

    expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: true });
    expect(stage.ssm.read("/shop/db-host")?.value).toBe("other.example.com");
  });
});

describe("a database whose host name is in a secret", () => {
  it("is found at the new host, and nothing reads the secret", async () => {
    const { stage, move, original } = makeBySecret();

    expect(await stage.run(move, ALL)).toMatchObject({ status: "done" });

    expect(stage.secrets.current("shop/db-host")?.value).toBe(
      hostOf(stage, move.details["stagingIdentifier"]),
    );
    expect(stage.calls("GetSecretValue")).toHaveLength(0);
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.secrets.current("shop/db-host")?.versionId).toBe(original);
  });

  it("never has its value in a journal or a note", async () => {
    const { stage, prod, move } = makeBySecret();
    const notes: string[] = [];

    await stage.run(move, [...ALL, "revert"], { each: (tick) => notes.push(tick?.note ?? "") });

    const written = JSON.stringify([notes, [...stage.entries.values()]]);
    expect(written).not.toContain(prod.host);
    expect(written).not.toContain(".rds.amazonaws.com");
  });

  it("is not confirmed when somebody moved the label away", async () => {
    const { stage, move, original } = makeBySecret();
    await stage.run(move, ALL);
    const ours = stage.secrets.current("shop/db-host")?.versionId ?? "";
    const client = new SecretsManagerClient({ ...stage.clientSettings(), credentials: OPERATOR });
    const command = new UpdateSecretVersionStageCommand({
      SecretId: "shop/db-host",
      VersionStage: "AWSCURRENT",
      MoveToVersionId: original,
      RemoveFromVersionId: ours,
    });
    await stage.kernel.complete(stage.kernel.activity("operator", () => client.send(command)));

    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "failed", code: "WRONG_VERSION" });
  });
});

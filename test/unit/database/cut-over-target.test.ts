import { AddTagsToResourceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { ago, makeComponent, makeOutlook, START } from "./make-outlook.ts";

const byParameter = makeComponent({
  cutOver: { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
});
const bySecret = makeComponent({ cutOver: { strategy: "endpoint-secret", secret: "shop/db-host" } });
const byProxy = makeComponent({ cutOver: { strategy: "proxy", proxy: "shop-proxy" } });

function makeParameterOutlook(type: "String" | "StringList" | "SecureString", value?: string) {
  const outlook = makeOutlook();
  const versions = [{ value: value ?? outlook.prod.host ?? "", modifiedAt: START }];
  outlook.ssm.install({ name: "/shop/db-host", type, versions });
  return outlook;
}

describe("what leads users to a database", () => {
  it("is fine when the parameter holds the serving database's host", async () => {
    const { verdict } = await makeParameterOutlook("String").assess({}, byParameter);

    expect(verdict.verdict).toBe("roll-back");
  });

  it("is refused when the parameter holds another host, and that is not repeated to people", async () => {
    const { verdict } = await makeParameterOutlook("String", "elsewhere.example.com").assess({}, byParameter);

    expect(verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringContaining("does not hold prod."),
    });
    expect(verdict.reason).not.toContain("elsewhere");
  });

  it("is refused when the parameter is of another type, or is not there", async () => {
    const listed = await makeParameterOutlook("StringList").assess({}, byParameter);
    const absent = await makeOutlook().assess({}, byParameter);

    expect(listed.verdict.reason).toContain("is a StringList");
    expect(absent.verdict.reason).toContain("does not exist");
  });

  it("is refused when the secret is not there, or rotates and so holds more than a host", async () => {
    const absent = await makeOutlook().assess({}, bySecret);
    const rotating = makeOutlook();
    rotating.secrets.install({
      name: "shop/db-host",
      versions: [{ createdAt: START }],
      rotation: {
        lambdaArn: "arn:aws:lambda:eu-west-1:123456789012:function:rotate",
        rules: { AutomaticallyAfterDays: 7 },
      },
    });

    expect(absent.verdict.reason).toContain("does not exist");
    expect((await rotating.assess({}, bySecret)).verdict.reason).toContain("rotates");
  });

  it("is refused when the proxy does not exist", async () => {
    const { verdict } = await makeOutlook().assess({}, byProxy);

    expect(verdict.reason).toContain("the proxy shop-proxy or its target group default does not exist");
  });

  it("is refused when a copy serves but renaming is the strategy", async () => {
    const { assess, rds, prod, send } = makeOutlook();
    const heir = rds.databases.install({
      DBInstanceIdentifier: "prod-sb-1-new",
      Engine: "postgres",
      tags: [
        { Key: "stepback:state", Value: "live" },
        { Key: "stepback:source", Value: prod.resourceId },
      ],
    });
    const Tags = [{ Key: "stepback:state", Value: "retired" }];
    await send(new AddTagsToResourceCommand({ ResourceName: prod.arn, Tags }));

    const { verdict } = await assess({ target: { at: ago(30) } });

    expect(verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringContaining(`${heir.id} serves instead`),
    });
  });

  it("is refused when the readers' parameter holds another host than the cluster's reader endpoint", async () => {
    const cutOver = {
      strategy: "endpoint-parameter",
      parameter: "/shop/db-host",
      readerParameter: "/shop/db-reader-host",
    };
    const outlook = makeOutlook();
    const shop = outlook.rds.databases.installCluster({
      DBClusterIdentifier: "shop",
      Engine: "aurora-postgresql",
      members: [{ DBInstanceIdentifier: "shop-1" }, { DBInstanceIdentifier: "shop-2" }],
    });
    const install = (name: string, value = "") =>
      outlook.ssm.install({ name, type: "String", versions: [{ value, modifiedAt: START }] });
    install("/shop/db-host", shop.host);
    install("/shop/db-reader-host", "elsewhere.example.com");

    const cluster = await outlook.assess(
      {},
      makeComponent({ instance: undefined, cluster: "shop", cutOver }),
    );

    expect(cluster.verdict.reason).toContain("/shop/db-reader-host does not hold shop.cluster-ro-");
  });

  it("is refused when readers of an instance are named: it has no reader endpoint", async () => {
    const outlook = makeParameterOutlook("String");
    const cutOver = { ...byParameter.cutOver, readerParameter: "/shop/db-reader-host" };

    const { verdict } = await outlook.assess({}, makeComponent({ cutOver }));

    expect(verdict.reason).toContain("take readerParameter out of the environment");
  });
});

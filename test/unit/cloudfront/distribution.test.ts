import {
  CloudFrontClient,
  type DistributionConfig,
  GetDistributionCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { describe, expect, it } from "vitest";
import { makeFrontend } from "./make-frontend.ts";

const releases = { site: { layout: "releases" }, distribution: { originPath: "/releases/r2" } } as const;

/** A distribution and a way to write back what was read, with changes. */
function makeUpdate() {
  const frontend = makeFrontend(releases);
  const { client, run, Id, readConfig } = frontend;
  const update = async (
    change: (config: DistributionConfig) => void,
    version?: (etag: string) => string | undefined,
  ) => {
    const { DistributionConfig, ETag = "" } = await readConfig();
    if (DistributionConfig === undefined) throw new Error("There is no configuration");
    change(DistributionConfig);
    const IfMatch = version === undefined ? ETag : version(ETag);
    return run(() => client.send(new UpdateDistributionCommand({ Id, DistributionConfig, IfMatch })));
  };
  return { ...frontend, update };
}

const setPath = (path: string) => (config: DistributionConfig) => {
  for (const origin of config.Origins?.Items ?? []) origin.OriginPath = path;
};

describe("a distribution", () => {
  it("reads and writes its whole configuration unchanged through the real client", async () => {
    const { readConfig, update, cloudFront, Id } = makeUpdate();
    const before = await readConfig();

    await update(() => undefined);
    const after = await readConfig();

    expect(after.DistributionConfig).toEqual(before.DistributionConfig);
    expect(after.ETag).not.toBe(before.ETag);
    expect(cloudFront.distributions.get(Id).config.Origins?.Items?.[0]?.OriginPath).toBe("/releases/r2");
  });

  it("takes an update only with the present version of its configuration", async () => {
    const { update, readConfig, cloudFront, Id } = makeUpdate();
    const { ETag: stale } = await readConfig();
    cloudFront.edit(Id, setPath("/releases/hotfix"));

    await expect(update(setPath("/releases/r1"), () => stale)).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    for (const version of [undefined, "E000"]) {
      await expect(update(setPath("/releases/r1"), () => version)).rejects.toMatchObject({
        name: "InvalidIfMatchVersion",
        $metadata: { httpStatusCode: 400 },
      });
    }
    const { DistributionConfig } = await readConfig();
    expect(DistributionConfig?.Origins?.Items?.[0]?.OriginPath).toBe("/releases/hotfix");
  });

  it.each<[string, (config: DistributionConfig) => void]>([
    ["InvalidArgument", setPath("releases/r1")],
    ["InvalidArgument", setPath("/releases/r1/")],
    ["IllegalUpdate", (config) => Object.assign(config, { CallerReference: "another" })],
    ["InconsistentQuantities", (config) => Object.assign(config.Origins ?? {}, { Quantity: 2 })],
    ["NoSuchOrigin", (config) => Object.assign(config.DefaultCacheBehavior ?? {}, { TargetOriginId: "x" })],
    [
      "NoSuchCachePolicy",
      (config) => Object.assign(config.DefaultCacheBehavior ?? {}, { CachePolicyId: "x" }),
    ],
    ["InvalidDefaultRootObject", (config) => Object.assign(config, { DefaultRootObject: "/index.html" })],
    ["NotImplemented", (config) => Object.assign(config, { Staging: true })],
  ])("refuses with %s what it would not serve, and stays as it is", async (name, change) => {
    const { update, readConfig } = makeUpdate();
    const before = await readConfig();

    await expect(update(change)).rejects.toMatchObject({ name });

    expect((await readConfig()).ETag).toBe(before.ETag);
  });

  it("is Deployed only when every edge location follows, minutes later and one by one", async () => {
    const { viewers, client, run, wait, switchTo, Id } = makeFrontend(releases);
    const status = async () =>
      (await run(() => client.send(new GetDistributionCommand({ Id })))).Distribution?.Status;
    expect(await status()).toBe("Deployed");

    await switchTo("/releases/r1");
    const steps = new Map<string, number>();
    let deployedAfter = 0;
    for (let second = 0; second < 900 && deployedAfter === 0; second += 5) {
      for (const [edge, release] of Object.entries(viewers.releases(Id, "/version.json"))) {
        if (release === "r1" && !steps.has(edge)) steps.set(edge, second);
      }
      if ((await status()) === "Deployed") deployedAfter = second;
      await wait(5);
    }

    expect(steps.size).toBe(3);
    expect(new Set(steps.values()).size).toBe(3);
    expect(Math.min(...steps.values())).toBeGreaterThanOrEqual(30);
    expect(deployedAfter).toBeGreaterThan(Math.max(...steps.values()));
  });

  it("ends with the last of several updates at every edge location, whichever arrives first", async () => {
    const { viewers, wait, switchTo, Id } = makeFrontend({ ...releases, seed: 5 });
    for (const path of ["/releases/r1", "/releases/r2", "/releases/r1", "/releases/r2", "/releases/r1"]) {
      await switchTo(path);
    }

    await wait(900);

    expect(Object.values(viewers.releases(Id, "/version.json"))).toEqual(["r1", "r1", "r1"]);
  });

  it("may be touched by a role on that distribution alone", async () => {
    const { identities, settings, run, live, Id, cloudFront } = makeFrontend(releases);
    const other = cloudFront.install({ name: "other", bucket: "site" });
    const role = identities.createRole({
      name: "rollback",
      assumeRolePolicy: {
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      },
      inlinePolicies: {
        it: {
          Statement: { Effect: "Allow", Action: "cloudfront:GetDistribution", Resource: live.identity.arn },
        },
      },
    });
    const credentials = identities.issueCredentials(role, "test");
    const client = new CloudFrontClient({ ...settings, credentials });
    const get = (distribution: string) =>
      run(() => client.send(new GetDistributionCommand({ Id: distribution })));

    expect((await get(Id)).Distribution?.ARN).toBe(live.identity.arn);
    await expect(get(other.identity.id)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("is unknown by another name", async () => {
    const { client, run } = makeFrontend(releases);

    await expect(run(() => client.send(new GetDistributionCommand({ Id: "E0" })))).rejects.toMatchObject({
      name: "NoSuchDistribution",
      $metadata: { httpStatusCode: 404 },
    });
  });
});

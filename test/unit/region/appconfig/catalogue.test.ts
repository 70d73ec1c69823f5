import {
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  StartDeploymentCommand,
  UpdateEnvironmentCommand,
} from "@aws-sdk/client-appconfig";
import { describe, expect, it } from "vitest";
import { allow, MINUTE, makeConfigurationRegion } from "../make-configuration-region.ts";

/** The application `shop`, made through the API: the profile `flags` with one hosted version. */
async function makeShop() {
  const region = makeConfigurationRegion();
  const client = region.operator.appconfig;
  const ids = await region.run(async () => {
    const { Id: ApplicationId } = await client.send(new CreateApplicationCommand({ Name: "shop" }));
    const environment = await client.send(
      new CreateEnvironmentCommand({ ApplicationId, Name: "prod", Tags: { stage: "prod" } }),
    );
    const profile = await client.send(
      new CreateConfigurationProfileCommand({ ApplicationId, Name: "flags", LocationUri: "hosted" }),
    );
    return { ApplicationId, EnvironmentId: environment.Id, ConfigurationProfileId: profile.Id };
  });
  const { ApplicationId, ConfigurationProfileId } = ids;
  return {
    ...region,
    client,
    ids,
    store: (content: string, LatestVersionNumber?: number) =>
      region.run(() =>
        client.send(
          new CreateHostedConfigurationVersionCommand({
            ApplicationId,
            ConfigurationProfileId,
            Content: Buffer.from(content),
            ContentType: "application/json",
            LatestVersionNumber,
          }),
        ),
      ),
  };
}

describe("AppConfig", () => {
  it("stores hosted versions one after the other, and gives the clients what was deployed", async () => {
    const { store, run, client, ids, appconfig, pass } = await makeShop();

    expect(await store('{"a":1}')).toMatchObject({ VersionNumber: 1, ContentType: "application/json" });
    await expect(store("{}", 7)).rejects.toMatchObject({ name: "ConflictException" });
    expect(await store('{"a":2}', 1)).toMatchObject({ VersionNumber: 2 });
    expect(appconfig.live("shop", "prod", "flags")).toBeUndefined();
    const input = { ...ids, ConfigurationVersion: "2", DeploymentStrategyId: "AppConfig.AllAtOnce" };
    await run(() => client.send(new StartDeploymentCommand(input)));
    await pass(MINUTE);

    const content = appconfig.live("shop", "prod", "flags")?.content;
    expect(Buffer.from(content ?? "").toString()).toBe('{"a":2}');
  });

  it("changes of an environment what it is told, and keeps the rest", async () => {
    const { run, client, ids } = await makeShop();
    const { ApplicationId, EnvironmentId } = ids;
    const Monitors = [{ AlarmArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors" }];

    await run(() =>
      client.send(
        new UpdateEnvironmentCommand({ ApplicationId, EnvironmentId, Monitors, Description: "it" }),
      ),
    );
    const update = new UpdateEnvironmentCommand({ ApplicationId, EnvironmentId, Name: "live" });

    expect(await run(() => client.send(update))).toMatchObject({ Name: "live", Description: "it", Monitors });
  });

  it("says that configurations elsewhere are not modelled", async () => {
    const { run, client, ids } = await makeShop();
    const input = { ApplicationId: ids.ApplicationId, Name: "x", LocationUri: "ssm-parameter://flags" };

    const creation = run(() => client.send(new CreateConfigurationProfileCommand(input)));

    await expect(creation).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("asks for leave on every resource that a deployment touches", async () => {
    const { store, run, ids, roleWith } = await makeShop();
    await store("{}");
    const application = `arn:aws:appconfig:eu-west-1:123456789012:application/${ids.ApplicationId}`;
    const environment = `${application}/environment/${ids.EnvironmentId}`;
    const strategies = "arn:aws:appconfig:eu-west-1:123456789012:deploymentstrategy/AppConfig.AllAtOnce";
    const profile = `${application}/configurationprofile/${ids.ConfigurationProfileId}`;
    const most = [application, environment, strategies];
    const lacking = roleWith("lacking", allow("appconfig:StartDeployment", most)).appconfig;
    const complete = roleWith(
      "complete",
      allow("appconfig:StartDeployment", [...most, profile]),
      allow("appconfig:GetDeployment", [application, environment, `${environment}/deployment/1`]),
    ).appconfig;
    const input = { ...ids, ConfigurationVersion: "1", DeploymentStrategyId: "AppConfig.AllAtOnce" };

    await expect(run(() => lacking.send(new StartDeploymentCommand(input)))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`appconfig:StartDeployment on resource: ${profile}`),
    });
    await run(() => complete.send(new StartDeploymentCommand(input)));
    const { ApplicationId, EnvironmentId } = ids;
    const get = new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: 1 });
    expect(await run(() => complete.send(get))).toMatchObject({ ConfigurationVersion: "1" });
  });
});

import {
  CreateDeploymentStrategyCommand,
  GetDeploymentCommand,
  GetEnvironmentCommand,
  ListDeploymentsCommand,
  StartDeploymentCommand,
  type StartDeploymentCommandInput,
  StopDeploymentCommand,
} from "@aws-sdk/client-appconfig";
import { describe, expect, it } from "vitest";
import { DAY, MINUTE, makeConfigurationRegion, START } from "../make-configuration-region.ts";

const ALARM = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors";

/** A region with the application `shop`, whose flags have version 1 in production since a month. */
function makeShop({ monitored = false } = {}) {
  const region = makeConfigurationRegion();
  const ids = region.appconfig.install({
    name: "shop",
    environments: [
      { name: "prod", tags: { stage: "prod" }, monitors: monitored ? [{ AlarmArn: ALARM }] : [] },
    ],
    profiles: [{ name: "flags", versions: [{ content: "{}" }, { content: '{"new":true}', label: "v2" }] }],
    deployments: [{ environment: "prod", profile: "flags", version: 1, startedAt: START - 30 * DAY }],
  });
  const client = region.operator.appconfig;
  const ApplicationId = ids.applicationId;
  const EnvironmentId = ids.environmentIds["prod"];
  const ConfigurationProfileId = ids.profileIds["flags"];
  const where = { ApplicationId, EnvironmentId };
  return {
    ...region,
    client,
    where,
    start: (more: Partial<StartDeploymentCommandInput> = {}, as = client) =>
      region.run(() =>
        as.send(
          new StartDeploymentCommand({
            ...where,
            ConfigurationProfileId,
            ConfigurationVersion: "2",
            DeploymentStrategyId: "AppConfig.AllAtOnce",
            ...more,
          }),
        ),
      ),
    stop: (DeploymentNumber: number, AllowRevert?: boolean) =>
      region.run(() => client.send(new StopDeploymentCommand({ ...where, DeploymentNumber, AllowRevert }))),
    get: (DeploymentNumber: number) =>
      region.run(() => client.send(new GetDeploymentCommand({ ...where, DeploymentNumber }))),
    environmentState: async () =>
      (await region.run(() => client.send(new GetEnvironmentCommand(where)))).State,
    live: () => region.appconfig.live("shop", "prod", "flags"),
    ids,
  };
}

describe("a deployment of AppConfig", () => {
  it("all at once is live in seconds, bakes ten minutes and completes", async () => {
    const { start, get, pass, live, environmentState } = makeShop();

    expect(await start()).toMatchObject({ DeploymentNumber: 2, State: "VALIDATING", PercentageComplete: 0 });
    expect(live()).toMatchObject({ version: 1 });
    await pass(MINUTE);
    expect(live()).toMatchObject({ version: 2 });
    expect(await get(2)).toMatchObject({ State: "BAKING", PercentageComplete: 100 });
    expect(await environmentState()).toBe("DEPLOYING");
    await pass(10 * MINUTE);

    const done = await get(2);
    expect(done).toMatchObject({ State: "COMPLETE", FinalBakeTimeInMinutes: 10 });
    expect(done.EventLog?.map(({ EventType }) => EventType)).toEqual([
      "DEPLOYMENT_COMPLETED",
      "BAKE_TIME_STARTED",
      "PERCENTAGE_UPDATED",
      "DEPLOYMENT_STARTED",
    ]);
    expect(await environmentState()).toBe("READY_FOR_DEPLOYMENT");
  });

  it("spreads as its strategy says", async () => {
    const { start, pass, live, run, client } = makeShop();
    const strategy = await run(() =>
      client.send(
        new CreateDeploymentStrategyCommand({
          Name: "quarters",
          DeploymentDurationInMinutes: 40,
          GrowthFactor: 25,
          FinalBakeTimeInMinutes: 0,
        }),
      ),
    );
    await start({ DeploymentStrategyId: strategy.Id });
    const shares: (number | undefined)[] = [];
    for (let quarter = 0; quarter < 4; quarter++) {
      await pass(10 * MINUTE);
      shares.push(live()?.next?.percentage);
    }

    expect(shares).toEqual([25, 50, 75, 100]);
    await pass(MINUTE);
    expect(live()).toMatchObject({ version: 2 });
    expect(live()?.next).toBeUndefined();
  });

  it("is alone in its environment, and starts from the state that its caller saw", async () => {
    const { start, pass } = makeShop();

    await expect(start({ LatestDeploymentNumber: 0 })).rejects.toMatchObject({ name: "ConflictException" });
    await start({ LatestDeploymentNumber: 1, ConfigurationVersion: "v2" });
    await pass(MINUTE);
    await expect(start({ ConfigurationVersion: "1" })).rejects.toMatchObject({ name: "ConflictException" });
    await pass(10 * MINUTE);
    expect(await start({ ConfigurationVersion: "1" })).toMatchObject({ DeploymentNumber: 3 });
    await expect(start({ ConfigurationVersion: "9" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("rolls back when it is stopped on its way", async () => {
    const { start, stop, get, pass, live, environmentState } = makeShop();
    await start({ DeploymentStrategyId: "AppConfig.Linear20PercentEvery6Minutes" });
    await pass(7 * MINUTE);
    expect(live()).toMatchObject({ version: 1, next: { version: 2, percentage: 40 } });

    expect((await stop(2)).State).toBe("ROLLING_BACK");
    await pass(MINUTE);

    expect(live()).toMatchObject({ version: 1 });
    expect(live()?.next).toBeUndefined();
    const stopped = await get(2);
    expect(stopped).toMatchObject({ State: "ROLLED_BACK", PercentageComplete: 0 });
    expect(stopped.EventLog?.[0]).toMatchObject({ EventType: "ROLLBACK_COMPLETED", TriggeredBy: "USER" });
    expect(await environmentState()).toBe("ROLLED_BACK");
    await expect(stop(2)).rejects.toMatchObject({ name: "BadRequestException" });
  });

  it("is taken back after its completion within 72 hours, when asked for by name", async () => {
    const { start, stop, get, pass, live } = makeShop();
    await start();
    await pass(3 * DAY);

    await expect(stop(2)).rejects.toMatchObject({ name: "BadRequestException" });
    await stop(2, true);
    await pass(MINUTE);

    expect(live()).toMatchObject({ version: 1 });
    const reverted = await get(2);
    expect(reverted).toMatchObject({ State: "REVERTED" });
    expect(reverted.EventLog?.[0]).toMatchObject({ EventType: "REVERT_COMPLETED", TriggeredBy: "USER" });
  });

  it("stays when it completed longer ago, or another came after it", async () => {
    const { start, stop, pass, live } = makeShop();
    await start();
    await pass(3 * DAY + 12 * MINUTE);
    await expect(stop(2, true)).rejects.toMatchObject({
      name: "BadRequestException",
      message: expect.stringContaining("72 hours"),
    });

    await start();
    await pass(DAY);
    await start({ ConfigurationVersion: "1" });
    await pass(DAY);
    await expect(stop(3, true)).rejects.toMatchObject({ name: "BadRequestException" });
    expect(live()).toMatchObject({ version: 1 });
  });

  it("rolls back by itself when an alarm that its environment monitors goes off while it bakes", async () => {
    const { start, get, pass, live, alarms } = makeShop({ monitored: true });
    await start();
    await pass(2 * MINUTE);
    expect(live()).toMatchObject({ version: 2 });

    alarms.set(ALARM, "ALARM");
    await pass(MINUTE);

    expect(live()).toMatchObject({ version: 1 });
    const { State, EventLog } = await get(2);
    expect(State).toBe("ROLLED_BACK");
    expect(EventLog?.[0]).toMatchObject({ TriggeredBy: "CLOUDWATCH_ALARM" });
  });

  it("is listed newest first, in pages", async () => {
    const { start, pass, run, client, where } = makeShop();
    await start();
    await pass(DAY);
    await start({ ConfigurationVersion: "1" });
    const list = (more: object) => run(() => client.send(new ListDeploymentsCommand({ ...where, ...more })));

    const first = await list({ MaxResults: 2 });
    const second = await list({ MaxResults: 2, NextToken: first.NextToken });

    expect(first.Items?.map(({ DeploymentNumber }) => DeploymentNumber)).toEqual([3, 2]);
    expect(second.Items).toMatchObject([
      { DeploymentNumber: 1, ConfigurationVersion: "1", State: "COMPLETE" },
    ]);
    expect(second.NextToken).toBeUndefined();
  });
});

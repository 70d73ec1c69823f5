import { StartDeploymentCommand, StopDeploymentCommand } from "@aws-sdk/client-appconfig";
import { DAY, MINUTE, START } from "../region/make-configuration-region.ts";
import { makeParameterStage } from "./make-parameter-stage.ts";

export const ALARM = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:api-errors";

/** Version 1 is deployed and proven; then version 2 begins to spread, as its strategy says. */
export async function makeAppConfigStage({
  strategy = "AppConfig.AllAtOnce",
  minutes = 1,
  monitors = false,
} = {}) {
  const stage = makeParameterStage();
  const versions = [1, 2, 3].map((number) => ({ content: `{"limit": "hunter2-${number}"}` }));
  const environment = { name: "prod", ...(monitors ? { monitors: [{ AlarmArn: ALARM }] } : {}) };
  const ids = stage.appconfig.install({
    name: "shop",
    environments: [environment],
    profiles: [
      { name: "flags", versions },
      { name: "other", versions },
      { name: "fresh", versions },
    ],
    deployments: [
      { environment: "prod", profile: "other", version: 1, startedAt: START - 3 * DAY },
      { environment: "prod", profile: "flags", version: 1, startedAt: START - 2 * DAY },
    ],
  });
  const where = { ApplicationId: ids.applicationId, EnvironmentId: ids.environmentIds["prod"] ?? "" };
  const profileId = (name: string) => ids.profileIds[name] ?? "";
  stage.from({
    store: "appconfig",
    application: where.ApplicationId,
    environment: where.EnvironmentId,
    profile: profileId("flags"),
    strategy: "AppConfig.AllAtOnce",
  });
  await stage.record("proven");
  const start = (profile: string, version: number, strategyId = strategy) =>
    stage.run(() =>
      stage.operator.appconfig.send(
        new StartDeploymentCommand({
          ...where,
          ConfigurationProfileId: profileId(profile),
          ConfigurationVersion: String(version),
          DeploymentStrategyId: strategyId,
        }),
      ),
    );
  await start("flags", 2);
  await stage.pass(minutes * MINUTE);
  const live = () => stage.appconfig.live("shop", "prod", "flags")?.version;
  const stop = (DeploymentNumber: number) =>
    stage.run(() =>
      stage.operator.appconfig.send(
        new StopDeploymentCommand({ ...where, DeploymentNumber, AllowRevert: true }),
      ),
    );
  return { stage, where, start, stop, live, profileId };
}

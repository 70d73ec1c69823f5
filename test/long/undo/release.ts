import { perform } from "../../../lib/drill/perform.ts";
import type { Step } from "../../../lib/drill/scenario.ts";
import type { Stage } from "../../../lib/drill/stage.ts";
import { COMPLETE, REVISIONS } from "../../../lib/region/application/complete-names.ts";
import type { World } from "./world.ts";

/** Does on a stage what a drill may do, and waits until it is done. */
export function act(stage: Stage, action: Step["do"]): Promise<void> {
  const { kernel } = stage.region;
  return kernel.complete(kernel.activity("night", () => perform(stage, action, kernel.now)));
}

/** Everything is released anew, with nothing wrong. */
export async function releaseEverything(stage: Stage, { store }: World): Promise<void> {
  const call = (operation: string, input: Readonly<Record<string, unknown>>) =>
    act(stage, { call: { operation, input } });
  if (store === "appconfig") {
    const appConfig = { ApplicationId: "brdapp1", ConfigurationProfileId: "brdprf1" };
    const json = { ContentType: "application/json", Content: '{"currency":"USD"}' };
    await call("appconfig:CreateHostedConfigurationVersion", { ...appConfig, ...json });
    const rollout = { ConfigurationVersion: "2", DeploymentStrategyId: "AppConfig.AllAtOnce" };
    await call("appconfig:StartDeployment", { ...appConfig, EnvironmentId: "brdenv1", ...rollout });
    // It watches alarms for ten minutes before it is done.
    await pass(stage, 11 * 60);
  }
  await call("secretsmanager:RotateSecret", { SecretId: COMPLETE.passwordSecret });
  // Tasks that start before it has ended would log in with the password of before.
  await pass(stage, 60);
  await act(stage, { migrate: { revision: REVISIONS["2.10.0"] } });
  await call("ssm:PutParameter", {
    Name: COMPLETE.flagsParameter,
    Value: '{"search":true}',
    Overwrite: true,
  });
  await call("ssm:PutParameter", {
    Name: COMPLETE.limitsParameter,
    Value: '{"pageSize":200}',
    Overwrite: true,
  });
  const label = { Name: COMPLETE.limitsParameter, Labels: ["live"], ParameterVersion: 3 };
  await call("ssm:LabelParameterVersion", label);
  for (const component of ["api", "web"]) {
    await act(stage, { behave: { component, version: "2.10.0", as: { errorRate: 0 } } });
    await act(stage, { deploy: { component, version: "2.10.0" } });
  }
  await act(stage, { deployFrontend: { version: "2.10.0", broken: false } });
  await pass(stage, 5 * 60);
  // A distribution takes longer than services do.
  for (let minute = 0; minute < 30 && !isEverywhere(stage, "2.10.0"); minute++) await pass(stage, 60);
}

function isEverywhere({ complete }: Stage, release: string): boolean {
  const releases = Object.values(complete?.frontendReleases() ?? {});
  return releases.length > 0 && releases.every((one) => one === release);
}

function pass({ region: { kernel } }: Stage, seconds: number): Promise<void> {
  return kernel.runUntil(kernel.now + seconds * 1_000);
}

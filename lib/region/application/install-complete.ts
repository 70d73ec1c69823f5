import { installCache } from "./complete/cache-use.ts";
import {
  type AppConfigIds,
  FIRST_PASSWORD,
  installConfiguration,
  installPasswordSecret,
} from "./complete/configuration.ts";
import { installConnectedSchedules } from "./complete/connected-schedules.ts";
import { installConnectedTasks } from "./complete/connected-tasks.ts";
import { installDatabase, portOf } from "./complete/database-home.ts";
import { installFrontDoor } from "./complete/front-door.ts";
import { installFrontend } from "./complete/frontend.ts";
import { installSecurityGroups, Network } from "./complete/network.ts";
import type { Surroundings } from "./complete/surroundings.ts";
import { apiContainer, registerFamilies } from "./complete/task-families.ts";
import { CompleteBoardroom } from "./complete-boardroom.ts";
import type { CompleteOptions } from "./complete-options.ts";
import { type Installation, installBoardroom } from "./install-boardroom.ts";

/** An installation of the services in a region that has everything else as well: hand over the `Region`. */
export interface CompleteInstallation extends Installation {
  readonly region: Surroundings;
}

export interface InstalledComplete {
  readonly complete: CompleteBoardroom;
  /** What AWS chose. */
  readonly ids: CompleteIds;
  /** As `installBoardroom` would get it: for `deployRelease`, so that later releases have the password too. */
  readonly installation: Installation;
}

/** The identifiers that the services make up, which an environment has to name. */
export interface CompleteIds {
  readonly passwordSecretArn: string;
  readonly secretsKeyArn: string;
  readonly databaseKeyArn: string;
  /** Of the parameters that are SecureStrings. */
  readonly configurationKeyArn: string;
  readonly distributionId: string;
  /** Undefined unless the frontend's layout is `pointer`. */
  readonly keyValueStoreArn: string | undefined;
  readonly webAclId: string;
  readonly appConfig: AppConfigIds;
}

/** Lays everything that the services depend on, as if it had been there for weeks, and then installs the services. */
export async function installComplete(
  installation: CompleteInstallation,
  options: CompleteOptions = {},
): Promise<InstalledComplete> {
  const { context, region, boardroom, ecs } = installation;
  const network = new Network(region.ec2);
  installSecurityGroups(region.ec2, portOf(options.engine));
  const databaseKeyArn = region.keys.install({
    alias: "alias/boardroom",
    createdAt: context.kernel.now - 90 * DAY,
  });
  const { passwordSecretArn, secretsKeyArn } = installPasswordSecret(context, region);
  const needs = { passwordSecretArn, passwordLabel: FIRST_PASSWORD, keyArn: databaseKeyArn };
  const home = installDatabase(context, region, options, needs);
  const configurationKeyArn = region.keys.install({
    alias: "alias/boardroom-configuration",
    createdAt: context.kernel.now - 90 * DAY,
  });
  const appConfig = installConfiguration(context, region, configurationKeyArn);
  installCache(context, region, options.cache);
  const webAclArn = installFrontDoor(context, region);
  const frontend = installFrontend(context, region, options);
  const complete = new CompleteBoardroom(context, {
    ...{ region, network, home, frontend, options, targetsOf: ecs.targets },
    releaseOf: (image) => boardroom.releaseOf(image),
  });
  boardroom.complete(complete);
  const services: Installation = { ...installation, containers: { api: apiContainer(passwordSecretArn) } };
  await installBoardroom(services);
  await registerFamilies(installation, passwordSecretArn);
  if (options.connectedTasks) await installConnectedTasks(installation, passwordSecretArn);
  if (options.connectedSchedules) await installConnectedSchedules(installation, passwordSecretArn);
  const { distributionId, keyValueStoreArn } = frontend;
  const webAclId = webAclArn.slice(webAclArn.lastIndexOf("/") + 1);
  const edge = { distributionId, keyValueStoreArn, webAclId };
  return {
    complete,
    ids: {
      ...{ passwordSecretArn, secretsKeyArn, databaseKeyArn, configurationKeyArn },
      ...edge,
      appConfig,
    },
    installation: services,
  };
}

const DAY = 86_400_000;

import * as sdk from "@aws-sdk/client-codedeploy";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import type { CodeDeployOptions } from "./codedeploy-options.ts";
import { DeploymentRunner } from "./deployment-runner.ts";
import { DeploymentStore } from "./deployment-store.ts";
import { deploymentOperations } from "./operations-deployments.ts";
import { groupOperations } from "./operations-groups.ts";

/** AWS CodeDeploy in the simulated region. */
export interface CodeDeploy {
  readonly model: ServiceModel;
}

/** AWS CodeDeploy for the ECS compute platform: blue/green deployments of services with a CODE_DEPLOY controller. */
export function codeDeployService(context: RegionContext, options: CodeDeployOptions): CodeDeploy {
  const store = new DeploymentStore(context);
  const client = new sdk.CodeDeployClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("codedeploy", sdk, client);
  groupOperations(model, store, options);
  deploymentOperations(model, store, new DeploymentRunner(store, options));
  return { model };
}

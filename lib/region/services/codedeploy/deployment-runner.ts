import type { DeploymentStatus, ErrorInformation } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../service-model.ts";
import { announce } from "./announce.ts";
import type { CodeDeployOptions } from "./codedeploy-options.ts";
import { shiftSteps } from "./deployment-configs.ts";
import type { DeploymentStore } from "./deployment-store.ts";
import { newDeployment } from "./new-deployment.ts";
import type { DeploymentRecord, Halt } from "./records.ts";

const CREATED_SECONDS = [1, 2] as const;
const QUEUED_SECONDS = [1, 4] as const;
const REROUTE_SECONDS = [3, 8] as const;
const STOPPING_SECONDS = [2, 6] as const;
/** How often a running deployment looks at its task set and its alarms; unverified. */
const LOOK_MS = 5_000;
/** "… waiting for the replacement task set to become healthy. This time out period is 60 minutes" (seen in consoles). */
const HEALTHY_DEADLINE_MS = 60 * 60_000;

/** Runs blue/green deployments of ECS services [CodeDeploy deployment-steps-ecs], and their rollbacks. */
export class DeploymentRunner {
  readonly #store: DeploymentStore;
  readonly #options: CodeDeployOptions;

  constructor(store: DeploymentStore, options: CodeDeployOptions) {
    this.#store = store;
    this.#options = options;
  }

  begin(deployment: DeploymentRecord): void {
    this.#enter(deployment, "Created");
    this.#store.context.kernel.launch(`CodeDeploy deployment ${deployment.id}`, async () => {
      try {
        await this.#run(deployment);
      } catch (error) {
        const { status, halt } = haltedBy(error);
        await this.#end(deployment, status, halt);
      }
    });
  }

  async #run(deployment: DeploymentRecord): Promise<void> {
    await this.#pause(deployment, CREATED_SECONDS);
    this.#enter(deployment, "Queued");
    await this.#pause(deployment, QUEUED_SECONDS);
    deployment.startedAt = this.#store.context.kernel.now;
    this.#enter(deployment, "InProgress");
    if (deployment.undoes) await this.#reroute(deployment, deployment.undoes);
    else await this.#replace(deployment);
    deployment.completedAt = this.#store.context.kernel.now;
    this.#enter(deployment, "Succeeded");
  }

  /** Green beside blue, traffic over, blue away. */
  async #replace(deployment: DeploymentRecord): Promise<void> {
    const { group } = deployment;
    const { terminateBlueInstancesOnDeploymentSuccess: termination } = group.blueGreen;
    const { blue, green } = this.#createGreen(deployment);
    await this.#untilStable(deployment, green);
    await this.#untilReady(deployment);
    for (const { percent, thenWaitMinutes } of shiftSteps(deployment.configName)) {
      await this.#pause(deployment, REROUTE_SECONDS);
      this.#options.ecs.shift(group.cluster, group.service, percent, green, blue);
      // Which status the intervals of a shift have is unverified; `Baking` is in the enumeration and explained nowhere.
      if (thenWaitMinutes > 0) {
        this.#enter(deployment, "Baking");
        await this.#wait(deployment, thenWaitMinutes * 60_000);
        this.#enter(deployment, "InProgress");
      }
    }
    this.#options.ecs.makePrimary(group.cluster, group.service, green);
    await this.#wait(
      deployment,
      (termination?.terminationWaitTimeInMinutes ?? 0) * 60_000,
      "TERMINATION_WAIT",
    );
    this.#options.ecs.drain(group.cluster, group.service, blue);
  }

  /**
   * A rollback: traffic goes back to blue, which is there as long as the deployment it takes back was not over, and
   * green goes away. A deployment that never made a task set has nothing to take back.
   */
  async #reroute(deployment: DeploymentRecord, { blue, green }: DeploymentRecord): Promise<void> {
    const { cluster, service } = deployment.group;
    await this.#pause(deployment, REROUTE_SECONDS);
    if (blue === undefined || green === undefined) return;
    this.#options.ecs.shift(cluster, service, 100, blue, green);
    this.#options.ecs.makePrimary(cluster, service, blue);
    this.#options.ecs.drain(cluster, service, green);
  }

  #createGreen(deployment: DeploymentRecord): { readonly blue: string; readonly green: string } {
    const { group, revision } = deployment;
    const { ecs } = this.#options;
    const target = ecs.target(group.cluster, group.service);
    const primary = target?.sets.find(({ status }) => status === "PRIMARY");
    if (target?.controller !== "CODE_DEPLOY" || !primary) {
      return fail("INVALID_ECS_SERVICE", `The ECS service ${group.service} is not available for deployment.`);
    }
    if (!revision) throw new Error(`Deployment ${deployment.id} has no revision to deploy`);
    // What a stopped deployment left behind; that the next one clears it away is unverified.
    for (const { id } of target.sets.filter(({ status }) => status === "ACTIVE")) {
      ecs.shift(group.cluster, group.service, 100, primary.id, id);
      ecs.drain(group.cluster, group.service, id);
    }
    const [first, second] = group.targetGroups;
    const { containerName, containerPort, ...content } = revision.appSpec;
    const targetGroupArn = primary.targetGroupArn === first ? second : first;
    deployment.green = ecs.create(group.cluster, group.service, {
      ...content,
      externalId: deployment.id,
      loadBalancer: { targetGroupArn, containerName, containerPort },
    });
    deployment.blue = primary.id;
    return { blue: primary.id, green: deployment.green };
  }

  async #untilStable(deployment: DeploymentRecord, green: string): Promise<void> {
    const { kernel } = this.#store.context;
    const { cluster, service } = deployment.group;
    const deadline = kernel.now + HEALTHY_DEADLINE_MS;
    while (!this.#options.ecs.isStable(cluster, service, green)) {
      if (kernel.now >= deadline) {
        fail(
          "TIMEOUT",
          "The deployment timed out while waiting for the replacement task set to become healthy. " +
            "This time out period is 60 minutes.",
        );
      }
      await this.#wait(deployment, LOOK_MS);
    }
  }

  /** STOP_DEPLOYMENT: waits for ContinueDeployment, and stops when nobody continues it in time [dts DeploymentReadyOption]. */
  async #untilReady(deployment: DeploymentRecord): Promise<void> {
    const { actionOnTimeout, waitTimeInMinutes = 0 } = deployment.group.blueGreen.deploymentReadyOption ?? {};
    if (actionOnTimeout !== "STOP_DEPLOYMENT") return;
    this.#enter(deployment, "Ready");
    await this.#wait(deployment, waitTimeInMinutes * 60_000, "READY_WAIT");
    if (deployment.continued !== "READY_WAIT") {
      throw new Halted("Stopped", {
        error: { code: "TIMEOUT", message: "The traffic was not rerouted within the wait time." },
        rollback: false,
      });
    }
    this.#enter(deployment, "InProgress");
  }

  #pause(deployment: DeploymentRecord, [least, most]: readonly [number, number]): Promise<void> {
    return this.#wait(deployment, this.#store.random.between(least, most) * 1000);
  }

  /** Waits, and throws as soon as the deployment is asked to stop or one of its alarms is in ALARM. */
  async #wait(
    deployment: DeploymentRecord,
    ms: number,
    continuable?: "READY_WAIT" | "TERMINATION_WAIT",
  ): Promise<void> {
    const { kernel } = this.#store.context;
    const until = kernel.now + ms;
    for (;;) {
      const halt = deployment.halt ?? this.#alarmed(deployment);
      if (halt) throw new Halted("Stopped", halt);
      if (kernel.now >= until || (continuable !== undefined && deployment.continued === continuable)) return;
      await kernel.sleep(Math.min(LOOK_MS, until - kernel.now));
    }
  }

  /**
   * The override takes the place of the group's configuration [dts CreateDeploymentInput]. An alarm that cannot be read
   * stops the deployment unless `ignorePollAlarmFailure`. A rollback is not stopped by the alarm that caused it: unverified.
   */
  #alarmed(deployment: DeploymentRecord): Halt | undefined {
    const { group, overrideAlarms, undoes } = deployment;
    const configuration = overrideAlarms ?? group.alarms;
    if (!configuration?.enabled || undoes || deployment.status === "Created") return undefined;
    const active = (configuration.alarms ?? []).flatMap(({ name = "" }) => {
      const state = this.#options.alarmStateOf(name);
      const unreadable = state === undefined && !configuration.ignorePollAlarmFailure;
      return state === "ALARM" || unreadable ? [name] : [];
    });
    if (active.length === 0) return undefined;
    const message =
      "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, " +
      `and the affected deployments have been stopped. Activated alarms: <${active.join(", ")}>`;
    return {
      error: { code: "ALARM_ACTIVE", message },
      rollback: rollsBackOn(deployment, "DEPLOYMENT_STOP_ON_ALARM"),
    };
  }

  async #end(deployment: DeploymentRecord, status: "Failed" | "Stopped", halt: Halt): Promise<void> {
    const { kernel } = this.#store.context;
    await kernel.sleep(this.#store.random.between(...STOPPING_SECONDS) * 1000);
    deployment.error = halt.error;
    deployment.completedAt = kernel.now;
    const rollback = halt.rollback || (status === "Failed" && rollsBackOn(deployment, "DEPLOYMENT_FAILURE"));
    this.#enter(deployment, status);
    // A rollback that fails is not rolled back.
    if (rollback && !deployment.undoes) this.#rollBack(deployment);
  }

  /** "Rollbacks are new deployments with new ids" (docs/facts/ecs.md §2.5). */
  #rollBack(undoes: DeploymentRecord): void {
    const rollback = newDeployment(this.#store, undoes.group, {
      revision: undoes.previous,
      configName: undoes.configName,
      description: undefined,
      creator: "codeDeployRollback",
      overrideAlarms: undefined,
      autoRollback: undefined,
      undoes,
    });
    undoes.rollbackInfo = {
      rollbackDeploymentId: rollback.id,
      rollbackMessage: "Rollback deployment started.",
    };
    rollback.rollbackInfo = { rollbackTriggeringDeploymentId: undoes.id };
    this.begin(rollback);
  }

  #enter(deployment: DeploymentRecord, status: DeploymentStatus): void {
    deployment.status = status;
    announce(this.#store, deployment);
  }
}

class Halted extends Error {
  override readonly name = "Halted";
  readonly status: "Failed" | "Stopped";
  readonly halt: Halt;

  constructor(status: "Failed" | "Stopped", halt: Halt) {
    super(halt.error.message ?? status);
    this.status = status;
    this.halt = halt;
  }
}

/** What ECS refuses fails the deployment; ECS_UPDATE_ERROR is in the enumeration, the exact words are unverified. */
function haltedBy(error: unknown): Halted {
  if (error instanceof Halted) return error;
  if (!(error instanceof AwsError)) throw error;
  const message =
    `The ECS service cannot be updated due to an unexpected error: ${error.message} ` +
    `(Service: AmazonECS; Error Code: ${error.code})`;
  return new Halted("Failed", { error: { code: "ECS_UPDATE_ERROR", message }, rollback: false });
}

function fail(code: NonNullable<ErrorInformation["code"]>, message: string): never {
  throw new Halted("Failed", { error: { code, message }, rollback: false });
}

/** Whether the deployment's own configuration, else its group's, asks for a rollback when this happens. */
export function rollsBackOn(
  { autoRollback, group }: DeploymentRecord,
  event: "DEPLOYMENT_FAILURE" | "DEPLOYMENT_STOP_ON_ALARM" | "DEPLOYMENT_STOP_ON_REQUEST",
): boolean {
  const { enabled = false, events = [] } = autoRollback ?? group.autoRollback ?? {};
  return enabled && events.includes(event);
}

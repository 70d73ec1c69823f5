import type { DeploymentEvent, TriggeredBy } from "@aws-sdk/client-appconfig";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { type Deployment, type Environment, isInProgress } from "./application.ts";
import { percentagesOf } from "./strategies.ts";

/** The state of the CloudWatch alarm with this ARN; undefined when there is none. */
export type AlarmState = (alarmArn: string) => string | undefined;

/**
 * A deployment on its way, in virtual time: VALIDATING → DEPLOYING → BAKING → COMPLETE, back to the previous
 * version when an alarm that the environment monitors goes off or somebody stops it
 * (docs/facts/frontend-secrets-config.md §C.2).
 */
export class Rollouts {
  readonly #context: RegionContext;
  readonly #alarmState: AlarmState;

  constructor(context: RegionContext, alarmState: AlarmState) {
    this.#context = context;
    this.#alarmState = alarmState;
  }

  begin(environment: Environment, deployment: Deployment): void {
    environment.deployments.push(deployment);
    environment.state = "DEPLOYING";
    this.#note(deployment, "DEPLOYMENT_STARTED", "Deployment started");
    this.#write(environment, deployment);
    this.#after(this.#seconds(1, 3), deployment, "VALIDATING", () => this.#deploy(environment, deployment));
    if (environment.monitors.length > 0) this.#watch(environment, deployment);
  }

  /**
   * StopDeployment. Read strictly: without AllowRevert it stops what is DEPLOYING and nothing else; with it,
   * anything in progress, and takes back what was completed within 72 hours. That only the newest deployment
   * of a profile can be taken back, and none beside one in progress, is unverified.
   * https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_StopDeployment.html
   */
  stop(environment: Environment, deployment: Deployment, allowRevert: boolean): void {
    const { state, number } = deployment;
    if (state === "DEPLOYING" || (allowRevert && (state === "VALIDATING" || state === "BAKING"))) {
      this.#rollBack(environment, deployment, "USER", `Stopped by account ${this.#context.account}`);
      return;
    }
    if (deployment.reverting) return;
    if (state !== "COMPLETE" || !allowRevert) {
      throw badRequest(`Deployment ${number} can't be stopped: it is ${state}.`);
    }
    if (this.#context.kernel.now - (deployment.completedAt ?? 0) > REVERT_WINDOW) {
      throw badRequest(`Deployment ${number} can't be reverted: it completed more than 72 hours ago.`);
    }
    const { profile } = deployment;
    const newest = environment.deployments.findLast((other) => other.profile === profile);
    if (newest !== deployment || environment.deployments.some(isInProgress)) {
      throw badRequest(`Deployment ${number} can't be reverted: another deployment came after it.`);
    }
    this.#revert(environment, deployment);
  }

  /**
   * What the targets of a profile have: a share of them the new version while it spreads, the rest the
   * previous.
   */
  #settle(environment: Environment, { profile, previous }: Deployment): void {
    if (previous) environment.live.set(profile.id, previous);
    else environment.live.delete(profile.id);
  }

  #deploy(environment: Environment, deployment: Deployment): void {
    deployment.state = "DEPLOYING";
    const { strategy } = deployment;
    const percentages = percentagesOf(strategy);
    const interval = (strategy.durationMinutes * MINUTE) / percentages.length;
    percentages.forEach((percentage, step) => {
      this.#after(step * interval, deployment, "DEPLOYING", () => {
        deployment.percentage = percentage;
        this.#note(deployment, "PERCENTAGE_UPDATED", `Configuration available to ${percentage} % of targets`);
      });
    });
    this.#after(percentages.length * interval, deployment, "DEPLOYING", () => {
      environment.live.set(deployment.profile.id, deployment.version);
      if (strategy.bakeMinutes === 0) this.#complete(environment, deployment);
      else this.#bake(environment, deployment);
    });
  }

  #bake(environment: Environment, deployment: Deployment): void {
    deployment.state = "BAKING";
    this.#note(deployment, "BAKE_TIME_STARTED", `Monitoring for ${deployment.strategy.bakeMinutes} minutes`);
    this.#write(environment, deployment);
    this.#after(deployment.strategy.bakeMinutes * MINUTE, deployment, "BAKING", () =>
      this.#complete(environment, deployment),
    );
  }

  #complete(environment: Environment, deployment: Deployment): void {
    deployment.state = "COMPLETE";
    deployment.completedAt = this.#context.kernel.now;
    environment.state = "READY_FOR_DEPLOYMENT";
    this.#note(deployment, "DEPLOYMENT_COMPLETED", "Deployment completed");
    this.#write(environment, deployment);
  }

  #rollBack(
    environment: Environment,
    deployment: Deployment,
    triggeredBy: TriggeredBy,
    reason: string,
  ): void {
    deployment.state = "ROLLING_BACK";
    environment.state = "ROLLING_BACK";
    this.#note(deployment, "ROLLBACK_STARTED", reason, triggeredBy);
    this.#write(environment, deployment);
    this.#after(this.#seconds(1, 5), deployment, "ROLLING_BACK", () => {
      this.#settle(environment, deployment);
      deployment.percentage = 0;
      deployment.state = "ROLLED_BACK";
      deployment.completedAt = this.#context.kernel.now;
      environment.state = "ROLLED_BACK";
      this.#note(deployment, "ROLLBACK_COMPLETED", "Rollback completed", triggeredBy);
      this.#write(environment, deployment);
    });
  }

  /**
   * That it takes moments, and shows as COMPLETE until then, is unverified: there is no event for its start.
   */
  #revert(environment: Environment, deployment: Deployment): void {
    deployment.reverting = true;
    this.#after(this.#seconds(1, 3), deployment, "COMPLETE", () => {
      this.#settle(environment, deployment);
      delete deployment.reverting;
      deployment.percentage = 0;
      deployment.state = "REVERTED";
      environment.state = "REVERTED";
      this.#note(deployment, "REVERT_COMPLETED", "Reverted to the previous configuration version", "USER");
      this.#write(environment, deployment);
    });
  }

  #watch(environment: Environment, deployment: Deployment): void {
    this.#context.kernel.schedule(MONITOR_INTERVAL, () => {
      if (!isInProgress(deployment) || deployment.state === "ROLLING_BACK") return;
      const loud = environment.monitors.find(({ AlarmArn = "" }) => this.#alarmState(AlarmArn) === "ALARM");
      if (loud) this.#rollBack(environment, deployment, "CLOUDWATCH_ALARM", `Alarm ${loud.AlarmArn}`);
      else this.#watch(environment, deployment);
    });
  }

  #after(delayMs: number, deployment: Deployment, state: Deployment["state"], action: () => void): void {
    this.#context.kernel.schedule(delayMs, () => {
      if (deployment.state === state) action();
    });
  }

  #note(
    deployment: Deployment,
    type: NonNullable<DeploymentEvent["EventType"]>,
    Description: string,
    TriggeredBy: TriggeredBy = "APPCONFIG",
  ): void {
    const OccurredAt = this.#context.kernel.date();
    deployment.events.unshift({ EventType: type, TriggeredBy, Description, OccurredAt });
  }

  #write({ name }: Environment, { number, version, state }: Deployment): void {
    const facts = { environment: name, deployment: number, version: version.number, state };
    this.#context.kernel.log.write("appconfig", "deployment changed", facts);
  }

  #seconds(from: number, to: number): number {
    return this.#context.kernel.random.integer(from * 1000, to * 1000);
  }
}

const MINUTE = 60_000;
const REVERT_WINDOW = 72 * 60 * MINUTE;
/** How often AppConfig looks at the alarms is unverified. */
const MONITOR_INTERVAL = 10_000;

function badRequest(message: string): AwsError {
  return new AwsError("BadRequestException", message);
}

import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { EcsServiceComponent } from "../../../contracts/kinds/ecs-service.ts";
import { EcsMove } from "../../../contracts/kinds/ecs-service.ts";
import type { Move } from "../../../contracts/plan.ts";
import { alarmsEndanger } from "../alarms.ts";
import { type Content, labelOf, sameContent } from "../content.ts";
import { contentOf, type Release } from "../history.ts";
import type { Registry } from "../image-check.ts";
import { primaryTaskSet } from "../reads.ts";
import { estimateOf, strategySeconds } from "./estimate.ts";
import { feasibilityOf } from "./feasibility.ts";
import type { Observed } from "./situation.ts";
import type { Choice } from "./target.ts";

type Target = Extract<Choice, { choice: "target" }>;

/** What planning reads beside what was observed. */
export type MoveClients = Registry & { readonly ecs: ECSClient; readonly cloudwatch: CloudWatchClient };

/** A move, or the problem that forbids it. */
export type PlannedMove = Move | { readonly problem: string };

/** The move to a chosen target, by the way that is quickest and safe; or the problem that forbids it. */
export async function moveTo(
  clients: MoveClients,
  configuration: EcsServiceComponent,
  component: string,
  seen: Observed,
  choice: Target,
): Promise<PlannedMove> {
  const landing = landingOfStop(seen);
  const stoppable = landing && sameContent(landing, choice.content);
  const content = stoppable ? landing : choice.content;
  const stored = seen.records.find((record) => record.checkpoint.id === choice.checkpoint)?.registration;
  const feasible = await feasibilityOf(clients, seen.service, seen.current, content, stored);
  if (feasible.problem !== undefined) return feasible;

  const { clone, images } = feasible;
  // Whether ECS can go back to a revision whose task definition is inactive is unverified [docs/facts/ecs.md §1.4].
  const byEcs = stoppable && clone !== "inactive" ? "stop" : "update";
  const way = configuration.codeDeploy ? "code-deploy" : byEcs;
  const alarms = seen.service.deploymentConfiguration?.alarms;
  const quietAlarms = way === "update" && (await alarmsEndanger(clients.cloudwatch, alarms));
  const to = { ...versionOf({ ...content, images }), ...checkpointIn(choice.checkpoint) };
  return assemble(configuration, component, seen, {
    to,
    reason: `goes from ${labelOf(seen.current)} to ${to.label}, ${choice.because}.${methodOf(way, seen)}`,
    warnings: [...choice.warnings, ...feasible.warnings, ...alarmNotes(seen, way, quietAlarms)],
    details: {
      way,
      quietAlarms,
      autoScaling: configuration.autoScaling,
      taskDefinition: content.taskDefinition,
      images: [...images],
      ...(clone ? { clone } : {}),
      ...checkpointIn(choice.checkpoint),
      ...(way === "stop" ? flightOf(seen) : {}),
      ...codeDeployIn(configuration, seen),
    },
  });
}

function methodOf(way: EcsMove["way"], { deploymentInFlight }: Observed): string {
  if (way === "stop") return " ECS is told to roll the deployment in flight back.";
  if (way === "code-deploy" && deploymentInFlight)
    return " CodeDeploy is told to roll its deployment in flight back.";
  return way === "code-deploy" ? " CodeDeploy deploys it, all at once." : "";
}

/** Where CodeDeploy deploys the service, and behind which container; nothing for services that ECS deploys. */
export function codeDeployIn(
  { codeDeploy }: EcsServiceComponent,
  { service, deploymentInFlight }: Observed,
): Pick<EcsMove, "codeDeploy"> {
  if (!codeDeploy) return {};
  const [balancer] = primaryTaskSet(service)?.loadBalancers ?? service.loadBalancers ?? [];
  return {
    codeDeploy: {
      ...codeDeploy,
      containerName: balancer?.containerName ?? "",
      containerPort: balancer?.containerPort ?? 0,
      ...(deploymentInFlight ? { deploymentInFlight } : {}),
    },
  };
}

/**
 * The move that watches a rollback which ECS began by itself: a second deployment during it could leave the service
 * with nothing to fall back on [docs/facts/ecs.md §3.1]. Undefined when ECS does not tell where it goes.
 */
export function followMove(
  configuration: EcsServiceComponent,
  component: string,
  seen: Observed,
  wished: Content | undefined,
): Move | undefined {
  const revision = seen.history.revisions.get(seen.flight?.rollback?.serviceRevisionArn ?? "");
  const target = (revision && contentOf(revision)) ?? seen.timeline[0];
  if (!target) return undefined;
  const to = versionOf(target);
  const origin = seen.timeline.find((release) => release.taskDefinition === target.taskDefinition)?.origin;
  const agrees = wished && sameContent(wished, { ...target, origin: origin ?? target.origin });
  const warning = wished
    ? `ECS goes to ${to.label}, not to ${labelOf(wished)}; start again when it has ended, if that is not enough.`
    : `ECS goes to ${to.label}; whether that version is good is not known.`;
  return assemble(configuration, component, seen, {
    to,
    reason: `ECS is already rolling back from ${labelOf(seen.current)} to ${to.label}; that is followed.`,
    warnings: agrees ? [] : [warning],
    details: {
      way: "follow",
      quietAlarms: false,
      autoScaling: configuration.autoScaling,
      taskDefinition: target.taskDefinition,
      images: [...target.images],
      ...flightOf(seen),
    },
  });
}

/** Where StopServiceDeployment would go: "the last successful service revision", nowhere else [docs/facts/ecs.md §2.2]. */
function landingOfStop({ flight, timeline }: Observed): Release | undefined {
  return flight?.status === "PENDING" || flight?.status === "IN_PROGRESS" ? timeline[0] : undefined;
}

/** What a way to a version adds to a move of this kind. */
export type Assembled = Pick<Move, "to" | "reason" | "warnings"> & {
  readonly details: Omit<
    EcsMove,
    "cluster" | "service" | "seen" | "deadlineSeconds" | "notice" | "connectedTasks"
  >;
};

/** A move with everything that is the same whichever way it goes. */
export function assemble(
  configuration: EcsServiceComponent,
  component: string,
  seen: Observed,
  { details, warnings, ...rest }: Assembled,
): Move {
  const { cluster, service, deadlineMinutes, notice, connectedTasks } = configuration;
  const judged = seen.records.find((record) => sameContent(record, seen.current))?.checkpoint.id;
  const { deploymentConfiguration } = seen.service;
  const { seconds } = estimateOf(seen.history.deployments, deploymentConfiguration);
  // At least twice what it usually takes, and all the waiting that the strategy asks for [docs/facts/ecs.md §3.3].
  const deadlineSeconds =
    Math.max(deadlineMinutes * 60, 2 * seconds) + strategySeconds(deploymentConfiguration);
  return {
    component,
    kind: "ecs-service",
    tier: "reversible",
    prepareSeconds: 0,
    verbs: ["prepare", "cutOver", "confirm"],
    from: { ...versionOf(seen.current), ...checkpointIn(judged) },
    estimateSeconds: seconds,
    warnings: [...warnings, ...serviceNotes(seen, deadlineSeconds)],
    ...rest,
    details: EcsMove.parse({
      ...details,
      cluster,
      service,
      ...(notice ? { notice } : {}),
      ...(connectedTasks ? { connectedTasks } : {}),
      seen: {
        primaryDeployment: seen.primary.id ?? "",
        taskDefinition: seen.primary.taskDefinition ?? "",
        desiredCount: seen.service.desiredCount ?? 0,
      },
      deadlineSeconds,
    }),
  };
}

/** What about the service itself a person should know before. */
function serviceNotes({ service, history }: Observed, deadlineSeconds: number): string[] {
  const configuration = service.deploymentConfiguration;
  const notes: string[] = [];
  if (service.desiredCount === 0 && service.schedulingStrategy !== "DAEMON") {
    notes.push("The service is scaled to 0: the version will be set, not proven.");
  }
  if (service.taskSets === undefined && !configuration?.deploymentCircuitBreaker?.enable) {
    notes.push(
      `The service has no deployment circuit breaker: ECS never gives up, Stepback does after ${Math.round(deadlineSeconds / 60)} minutes.`,
    );
  }
  const waiting = strategySeconds(configuration);
  if (waiting > 0) {
    const strategy = configuration?.strategy ?? "ROLLING";
    notes.push(`Its ${strategy} strategy asks for ${Math.round(waiting / 60)} minutes of waiting by itself.`);
  }
  if (!estimateOf(history.deployments, configuration).measured) {
    notes.push(
      "The estimate is that of ECS and load balancer defaults: no successful deployment to measure.",
    );
  }
  return notes;
}

function alarmNotes({ service }: Observed, way: EcsMove["way"], quiet: boolean): string[] {
  const alarms = service.deploymentConfiguration?.alarms;
  if (way !== "update" || !alarms?.enable) return [];
  return quiet
    ? ["Its deployment alarms are switched off while it goes back, so that they cannot fail the rollback."]
    : ["A deployment alarm is in ALARM: ECS ignores its deployment alarms for this rollback."];
}

/** A content as a version that people see. */
export const versionOf = (content: Pick<Content, "taskDefinition" | "images">) => ({
  id: content.taskDefinition,
  label: labelOf(content),
});
const checkpointIn = (checkpoint: string | undefined) => (checkpoint ? { checkpoint } : {});
const flightOf = ({ flight }: Observed) =>
  flight?.serviceDeploymentArn ? { serviceDeployment: flight.serviceDeploymentArn } : {};

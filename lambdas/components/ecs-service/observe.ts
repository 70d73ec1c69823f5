import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { EcsServiceComponent } from "../../contracts/kinds/ecs-service.ts";
import type { Verdict } from "../../contracts/plan.ts";
import type { Assessment, Clock, Observer, Wish } from "../component.ts";
import { observeByCodeDeploy } from "./code-deploy/observe.ts";
import { type Content, nameOf, originOf } from "./content.ts";
import { isRollingBack } from "./history.ts";
import { ineligible } from "./planning/eligibility.ts";
import { followMove, moveTo, type PlannedMove } from "./planning/plan-move.ts";
import { holdMove, restartMove } from "./planning/plan-stay.ts";
import { type Observed, observeService } from "./planning/situation.ts";
import { type Choice, candidatesOf, chooseTarget, type Situation } from "./planning/target.ts";
import { describeService, describeTaskDefinition, primaryOf } from "./reads.ts";
import { imagesOf, registrationOf } from "./registration.ts";
import { pauseObstacles, pauseWarnings } from "./schedules/pause-obstacles.ts";

export interface ObserverServices {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly cloudwatch: CloudWatchClient;
  readonly codedeploy: CodeDeployClient;
  readonly scheduler: SchedulerClient;
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
}

/** Looks at an ECS service and says where it would go back to, how, and what speaks against it. Only reads. */
export function ecsServiceObserver(services: ObserverServices): Observer<"ecs-service"> {
  return { assess: (configuration, wish) => assess(services, configuration, wish) };
}

async function assess(
  services: ObserverServices,
  configuration: EcsServiceComponent,
  wish: Wish,
): Promise<Assessment> {
  const service = await describeService(services.ecs, configuration);
  const primary = service && primaryOf(service);
  const obstacle = ineligible(service, configuration);
  if (obstacle || !service || !primary) return { verdict: verdictOf(wish, "refuse", obstacle ?? "") };

  const { codeDeploy } = configuration;
  const seen = codeDeploy
    ? await observeByCodeDeploy(services, configuration, codeDeploy, { service, primary }, wish)
    : await observeService(services.ecs, configuration, service, primary, wish);
  const changed = seen.changedAt ?? seen.history.deployments[0]?.createdAt ?? primary.createdAt;
  const answer = await judgements[wish.part](services, configuration, wish, seen);
  return { ...answer, ...(changed ? { lastChangedAt: changed } : {}) };
}

type Judgement = (
  services: ObserverServices,
  configuration: EcsServiceComponent,
  wish: Wish,
  seen: Observed,
) => Promise<Assessment>;

const judgements: Readonly<Record<Wish["part"], Judgement>> = {
  "go-back": (...asked) => goBack(...asked),
  hold: async (services, configuration, wish, seen) => {
    const [problem] = await pauseObstacles(services, configuration);
    return planned(wish, problem ? { problem } : holdMove(configuration, wish.component, seen));
  },
  restart: async (services, configuration, wish, seen) => {
    if (seen.service.desiredCount === 0 && seen.service.schedulingStrategy !== "DAEMON") {
      const reason = "is scaled to 0: its tasks read secrets and parameters when they start.";
      return { verdict: verdictOf(wish, "nothing-to-do", reason) };
    }
    return planned(wish, await restartMove(services, configuration, wish.component, seen));
  },
};

async function goBack(
  services: ObserverServices,
  configuration: EcsServiceComponent,
  wish: Wish,
  seen: Observed,
): Promise<Assessment> {
  const situation: Situation = { ...seen, component: wish.component, wish: wish.target };
  const choice = await resolve(services.ecs, situation, chooseTarget(situation));
  if (seen.flight && isRollingBack(seen.flight)) {
    const wished = choice.choice === "target" ? choice.content : undefined;
    const following = followMove(configuration, wish.component, seen, wished);
    if (following) return rollBack(wish, following);
    return {
      verdict: verdictOf(
        wish,
        "refuse",
        "ECS is rolling back and does not say to what; wait until it has ended.",
      ),
    };
  }
  if (choice.choice !== "target") return { verdict: verdictOf(wish, choice.choice, choice.reason) };
  const move = await moveTo(services, configuration, wish.component, seen, choice);
  if ("problem" in move) return planned(wish, move);
  const warnings = await pauseWarnings(services, configuration);
  return planned(wish, { ...move, warnings: [...move.warnings, ...warnings] });
}

function planned(wish: Wish, move: PlannedMove): Assessment {
  return "problem" in move ? { verdict: verdictOf(wish, "refuse", move.problem) } : rollBack(wish, move);
}

/** A version that neither the ledger nor the history knows is good enough when a person names it and AWS has it. */
async function resolve(
  ecs: ECSClient,
  situation: Situation,
  choice: Choice,
): Promise<Exclude<Choice, { choice: "look-up" }>> {
  if (choice.choice !== "look-up") return choice;
  const name = choice.taskDefinition;
  const described = /:\d+$/.test(name) ? await describeTaskDefinition(ecs, name) : undefined;
  const taskDefinition = described?.taskDefinition.taskDefinitionArn;
  if (!described || !taskDefinition) {
    return {
      choice: "refuse",
      reason: `no task definition "${name}" is known; name one as family:revision. ${candidatesOf(situation)}`,
    };
  }
  const content: Content = {
    taskDefinition,
    origin: originOf(taskDefinition, described.tags),
    images: imagesOf(registrationOf(described.taskDefinition, described.tags)),
  };
  const warning = `${nameOf(taskDefinition)} is unproven: it was never seen running in this service.`;
  return { choice: "target", content, because: `${nameOf(taskDefinition)}, as asked`, warnings: [warning] };
}

function rollBack(wish: Wish, move: NonNullable<Assessment["move"]>): Assessment {
  return { verdict: { ...verdictOf(wish, "roll-back", move.reason), warnings: move.warnings }, move };
}

function verdictOf({ component }: Wish, verdict: Verdict["verdict"], reason: string): Verdict {
  return { component, kind: "ecs-service", verdict, reason, warnings: [] };
}

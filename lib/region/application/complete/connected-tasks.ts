import type { PutRuleRequest, PutTargetsRequest } from "@aws-sdk/client-eventbridge";
import { arnOf } from "../../region-context.ts";
import type { TaskOutcome } from "../../services/ecs/task-program.ts";
import { BOARDROOM } from "../boardroom-names.ts";
import { COMPLETE, GROUPS } from "../complete-names.ts";
import type { Installation } from "../install-boardroom.ts";
import { connectionProblem, exit, type Process } from "./process.ts";
import { apiContainer, registerFamily } from "./task-families.ts";

const REPORT_SECONDS = 4 * 60;
const BACKFILL_SECONDS = 8 * 3_600;

/** Works for long, holds its connection all the time, and writes down what it does until its process is gone. */
export function workConnected(process: Process, seconds: number): TaskOutcome {
  const problem = connectionProblem(process);
  if (problem !== undefined) return exit(1, 30, problem);
  return { ...exit(0, seconds, "done"), ended: process.connect(process.launch.taskArn) };
}

export const report = (process: Process) => workConnected(process, REPORT_SECONDS);
export const backfill = (process: Process) => workConnected(process, BACKFILL_SECONDS);

/** Registers both families, and the rule that starts a report every five minutes. */
export async function installConnectedTasks(
  installation: Installation,
  passwordSecretArn: string,
): Promise<void> {
  const { context, call } = installation;
  const { report: Rule, backfill: other } = COMPLETE.connected;
  const release = BOARDROOM.goodRelease;
  const password = apiContainer(passwordSecretArn);
  await registerFamily(installation, Rule, { release, container: { ...password, command: ["report"] } });
  await registerFamily(installation, other, { release, container: { ...password, command: ["backfill"] } });
  const rule: PutRuleRequest = { Name: Rule, ScheduleExpression: "rate(5 minutes)" };
  await call("events", "PutRule", rule);
  const target: PutTargetsRequest = {
    Rule,
    Targets: [
      {
        Id: "report",
        Arn: arnOf(context, "ecs", `cluster/${BOARDROOM.cluster}`),
        RoleArn: roleOfStarter(installation, "boardroom-report-rule", "events.amazonaws.com"),
        EcsParameters: {
          TaskDefinitionArn: arnOf(context, "ecs", `task-definition/${Rule}`),
          LaunchType: "FARGATE",
          NetworkConfiguration: TASK_NETWORK,
        },
      },
    ],
  };
  await call("events", "PutTargets", target);
}

/** Where tasks run that a rule or a schedule starts. */
export const TASK_NETWORK = {
  awsvpcConfiguration: { Subnets: ["subnet-0a1b2c3d", "subnet-4e5f6071"], SecurityGroups: [GROUPS.tasks] },
};

/** Lets a service run tasks, and hand their roles over. */
export function roleOfStarter({ account }: Installation, name: string, service: string): string {
  if (!account) throw new Error("What runs tasks needs an account where its role can be made");
  return account.identities.createRole({
    name,
    assumeRolePolicy: {
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    },
    inlinePolicies: {
      run: { Statement: [{ Effect: "Allow", Action: ["ecs:RunTask", "iam:PassRole"], Resource: "*" }] },
    },
  });
}

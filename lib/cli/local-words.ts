import { type Environment, rollbackMachineName } from "../../lambdas/contracts/environment.ts";
import { APPROVER_GROUPS } from "../../lambdas/contracts/vocabulary.ts";
import { BOARDROOM, serviceName } from "../region/application/boardroom-names.ts";
import { machineArnOf } from "./aws-options.ts";

/** What `stepback local` says once it listens: how to reach it, and three things worth trying. */
export function welcome(environment: Environment, port: number, speed: number): string {
  const { account, region, name } = environment;
  const service = serviceName("api");
  const copied = ["family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions"];
  const members = [...copied, "requiresCompatibilities", "cpu", "memory"].map(
    (member) => `${member}:${member}`,
  );
  return [
    "",
    `The region listens on ${originOf(port)} (account ${account}, ${region}). Ctrl-C stops it.`,
    `One real second is ${speed === 1 ? "one virtual second" : `${speed} virtual seconds`} (--speed). Any credentials will do. In another terminal:`,
    "",
    `  ${surroundings(environment, port)}`,
    "",
    "Look around:",
    `  aws ecs describe-services --cluster ${BOARDROOM.cluster} --services ${service} --query 'services[].deployments'`,
    "  aws cloudwatch describe-alarms --query 'MetricAlarms[].[AlarmName,StateValue]' --output table",
    `  npx stepback list --environment ${name}`,
    "Release a bad version and watch it go back by itself:",
    `  aws ecs register-task-definition --query taskDefinition.taskDefinitionArn --cli-input-json "$(aws ecs describe-task-definition --task-definition ${service} --query 'taskDefinition.{${members.join(",")}}' | sed s/${BOARDROOM.goodRelease}/${BOARDROOM.badRelease}/)"`,
    `  aws ecs update-service --cluster ${BOARDROOM.cluster} --service ${service} --task-definition ${service} --query service.taskDefinition`,
    "Or do not wait for the alarm:",
    `  npx stepback start --environment ${name} --reason "${BOARDROOM.badRelease} is bad"`,
    `  aws stepfunctions start-execution --state-machine-arn ${machineArnOf(environment)} --input '{"reason":"${BOARDROOM.badRelease} is bad"}'`,
    "",
    `What happens, in the region's time (UTC); ${rollbackMachineName(environment)} is the workflow to look at:`,
    "",
  ].join("\n");
}

/**
 * Under a message that asks for an approval: how to answer it here. The operator is nobody's approver, so that asking
 * and approving need two identities, as in a real account: a person takes the approver's role first.
 */
export function howToAnswer(message: readonly string[], environment: Environment, port: number): string[] {
  if (!message.some((line) => line.includes("stepback approve "))) return [];
  const [role] = approverRolesOf(environment);
  if (role === undefined) return [];
  const arn = `arn:aws:iam::${environment.account}:role/${role}`;
  const keys = "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]";
  const exported = '{print "AWS_ACCESS_KEY_ID="$1,"AWS_SECRET_ACCESS_KEY="$2,"AWS_SESSION_TOKEN="$3}';
  return [
    `Here: take an approver's role (${approverRolesOf(environment).join(", ")}) in another terminal, then run one of the two:`,
    `  ${surroundings(environment, port)}`,
    `  export $(aws sts assume-role --role-arn ${arn} --role-session-name me --query '${keys}' --output text | awk '${exported}')`,
  ];
}

/** The names of the roles among the environment's approvers: the region makes them, as the account's owner would have. */
export function approverRolesOf({ account, policy }: Environment): string[] {
  const prefix = `arn:aws:iam::${account}:role/`;
  const patterns = APPROVER_GROUPS.flatMap((group) => policy.approvers[group] ?? []);
  const names = patterns.filter((arn) => arn.startsWith(prefix)).map((arn) => arn.slice(prefix.length));
  return [...new Set(names)].filter((name) => /^[\w+=,.@-]{1,64}$/.test(name));
}

const originOf = (port: number) => `http://127.0.0.1:${port}`;

function surroundings({ region }: Environment, port: number): string {
  const keys = "AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any";
  return `export AWS_ENDPOINT_URL=${originOf(port)} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} ${keys} AWS_PAGER=`;
}

import type { EcsParameters, Target } from "@aws-sdk/client-scheduler";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError, type Principal } from "../../service-model.ts";
import type { Schedule } from "./schedule.ts";

/** Who calls which operation when a schedule invokes its target: always the target's role. */
export interface TargetCall {
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

type TargetKind = (target: Target, schedule: Schedule) => Omit<TargetCall, "principal">;

export function targetCall(context: RegionContext, schedule: Schedule, target: Target): TargetCall {
  return { principal: schedulePrincipal(context, schedule, target), ...kindOf(target)(target, schedule) };
}

/** Unverified: the session's name; that trust policies see the group as `aws:SourceArn` is the user guide's word ("Confused deputy"). */
export function schedulePrincipal(
  context: RegionContext,
  { name, group }: Schedule,
  { RoleArn = "" }: Target,
): Principal {
  const sourceArn = arnOf(context, "scheduler", `schedule-group/${group}`);
  return { type: "role", arn: RoleArn, session: `Scheduler_${name}`, sourceArn };
}

/** Templated target of RunTask: the cluster is the target's ARN, `Input` the overrides (user guide, "Templated targets"). */
const runTask: TargetKind = ({ Arn, EcsParameters, Input }, { name }) => {
  const parameters: Partial<EcsParameters> = EcsParameters ?? {};
  const { AssignPublicIp, SecurityGroups, Subnets } =
    parameters.NetworkConfiguration?.awsvpcConfiguration ?? {};
  const awsvpcConfiguration = {
    subnets: Subnets,
    securityGroups: SecurityGroups,
    assignPublicIp: AssignPublicIp,
  };
  return {
    service: "ecs",
    operation: "RunTask",
    input: {
      cluster: Arn,
      taskDefinition: parameters.TaskDefinitionArn,
      count: parameters.TaskCount ?? 1,
      // Unverified: seen in public code that tells scheduled tasks apart.
      startedBy: `chronos-schedule/${name}`,
      ...given("launchType", parameters.LaunchType),
      ...given("platformVersion", parameters.PlatformVersion),
      ...given("group", parameters.Group),
      ...given("propagateTags", parameters.PropagateTags),
      ...(parameters.NetworkConfiguration ? { networkConfiguration: { awsvpcConfiguration } } : {}),
      ...(Input === undefined ? {} : { overrides: JSON.parse(Input) }),
    },
  };
};

const invokeFunction: TargetKind = ({ Arn, Input = "{}" }) => ({
  service: "lambda",
  operation: "Invoke",
  input: { FunctionName: Arn, InvocationType: "Event", Payload: new TextEncoder().encode(Input) },
});

const startMachine: TargetKind = ({ Arn, Input = "{}" }) => ({
  service: "states",
  operation: "StartExecution",
  input: { stateMachineArn: Arn, input: Input },
});

const sendMessage: TargetKind = ({ Arn = "", Input = "{}" }) => ({
  service: "sqs",
  operation: "SendMessage",
  input: { QueueUrl: queueUrlOf(Arn), MessageBody: Input },
});

const KINDS: readonly (readonly [arn: RegExp, kind: TargetKind])[] = [
  [/^arn:aws:ecs:[^:]+:\d{12}:cluster\//, runTask],
  [/^arn:aws:lambda:[^:]+:\d{12}:function:/, invokeFunction],
  [/^arn:aws:states:[^:]+:\d{12}:stateMachine:/, startMachine],
  [/^arn:aws:sqs:[^:]+:\d{12}:(?!.*\.fifo$)/, sendMessage],
];

/** Refuses a target that lacks what its kind needs, or whose kind the region does not model. */
export function checkTargetKind(target: Target): void {
  // Unverified: the words.
  if (kindOf(target) === runTask && !target.EcsParameters?.TaskDefinitionArn) {
    throw new AwsError("ValidationException", "EcsParameters is required for the target.");
  }
  if (kindOf(target) === runTask && target.Input !== undefined && !isObject(target.Input)) {
    throw new AwsError("ValidationException", "Invalid Target Input: it is not a JSON object.");
  }
}

function kindOf({ Arn = "" }: Target): TargetKind {
  const kind = KINDS.find(([arn]) => arn.test(Arn))?.[1];
  if (kind) return kind;
  throw new AwsError("NotImplemented", `The simulated region does not model the target ${Arn}`, 501);
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** `https://sqs.<region>.amazonaws.com/<account>/<name>` of a queue's ARN. */
export function queueUrlOf(queueArn: string): string {
  const [, , , region, account, name] = queueArn.split(":");
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

const given = (member: string, value: string | undefined) => (value === undefined ? {} : { [member]: value });

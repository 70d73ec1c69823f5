import type { EcsParameters, Target } from "@aws-sdk/client-eventbridge";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type Principal } from "../../service-model.ts";

/** The bus as a caller: resource policies see the rule as `aws:SourceArn`. */
export function busPrincipal(ruleArn: string): Principal {
  return { type: "service", arn: "events.amazonaws.com", sourceArn: ruleArn };
}

/** Who calls which operation when a target is invoked. */
export interface TargetCall {
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

type TargetKind = (target: Target, arn: string, payload: string, rule: RuleIdentity) => TargetCall;

export interface RuleIdentity {
  readonly name: string;
  readonly arn: string;
}

/**
 * What invoking the target is, by kind of target. Machines are started with the target's role; functions,
 * queues and topics let the service in by their own policies (EventBridge user guide, "Using resource-based
 * policies").
 */
export function targetCall(target: Target, payload: string, rule: RuleIdentity): TargetCall {
  const arn = target.Arn ?? "";
  return kindOf(arn)(target, arn, payload, rule);
}

const startMachine: TargetKind = (target, arn, payload, rule) => ({
  // Unverified: the session name that EventBridge uses.
  principal: { type: "role", arn: target.RoleArn ?? "", session: `Events_${rule.name}` },
  service: "states",
  operation: "StartExecution",
  // A target has no member for the execution's name: two deliveries of one event are two executions.
  input: { stateMachineArn: arn, input: payload },
});

const invokeFunction: TargetKind = (_target, arn, payload, rule) => ({
  principal: busPrincipal(rule.arn),
  service: "lambda",
  operation: "Invoke",
  input: { FunctionName: arn, InvocationType: "Event", Payload: new TextEncoder().encode(payload) },
});

const sendMessage: TargetKind = (_target, arn, payload, rule) => ({
  principal: busPrincipal(rule.arn),
  service: "sqs",
  operation: "SendMessage",
  input: { QueueUrl: queueUrlOf(arn), MessageBody: payload },
});

const publish: TargetKind = (_target, arn, payload, rule) => ({
  principal: busPrincipal(rule.arn),
  service: "sns",
  operation: "Publish",
  input: { TopicArn: arn, Message: payload },
});

/** "Specify the cluster as the ARN of the target"; `Input` is the overrides then [SDK, Target, EcsParameters]. */
const runTask: TargetKind = ({ RoleArn = "", EcsParameters = {}, Input }, arn, _payload, rule) => {
  const { TaskDefinitionArn, TaskCount, LaunchType, NetworkConfiguration } = EcsParameters as EcsTarget;
  const { Subnets, SecurityGroups } = NetworkConfiguration?.awsvpcConfiguration ?? {};
  const network = { awsvpcConfiguration: { subnets: Subnets, securityGroups: SecurityGroups } };
  return {
    principal: { type: "role", arn: RoleArn, session: `Events_${rule.name}` },
    service: "ecs",
    operation: "RunTask",
    input: {
      cluster: arn,
      taskDefinition: TaskDefinitionArn,
      count: TaskCount ?? 1,
      // From memory, unverified: what tasks of a rule say of who started them.
      startedBy: `events-rule/${rule.name}`,
      ...(LaunchType === undefined ? {} : { launchType: LaunchType }),
      ...(NetworkConfiguration === undefined ? {} : { networkConfiguration: network }),
      ...(Input === undefined ? {} : { overrides: JSON.parse(Input) }),
    },
  };
};

type EcsTarget = Partial<EcsParameters>;

const KINDS: readonly { readonly arn: RegExp; readonly invoke: TargetKind; readonly needsRole: boolean }[] = [
  { arn: /^arn:aws:states:[^:]+:\d{12}:stateMachine:/, invoke: startMachine, needsRole: true },
  { arn: /^arn:aws:ecs:[^:]+:\d{12}:cluster\//, invoke: runTask, needsRole: true },
  { arn: /^arn:aws:lambda:[^:]+:\d{12}:function:/, invoke: invokeFunction, needsRole: false },
  { arn: /^arn:aws:sqs:[^:]+:\d{12}:(?!.*\.fifo$)/, invoke: sendMessage, needsRole: false },
  { arn: /^arn:aws:sns:[^:]+:\d{12}:(?!.*\.fifo$)/, invoke: publish, needsRole: false },
];

/** Refuses a target that lacks its role, or whose kind the region does not model. */
export function checkTargetKind(target: Target): void {
  const arn = target.Arn ?? "";
  kindOf(arn);
  const needsRole = KINDS.some((kind) => kind.needsRole && kind.arn.test(arn));
  if (needsRole && target.RoleArn === undefined) {
    throw new AwsError("ValidationException", `RoleArn is required for target ${arn}.`);
  }
  // "Contains the Amazon ECS task definition [...] if the event target is an Amazon ECS task" [SDK, Target]; its
  // TaskDefinitionArn is required [SDK, EcsParameters]. The words of the refusal are unverified.
  if (kindOf(arn) === runTask && !target.EcsParameters?.TaskDefinitionArn) {
    const id = target.Id ?? "";
    throw new AwsError(
      "ValidationException",
      `Parameter(s) EcsParameters must be specified for target: ${id}.`,
    );
  }
}

function kindOf(arn: string): TargetKind {
  const kind = KINDS.find((candidate) => candidate.arn.test(arn));
  if (kind) return kind.invoke;
  if (!/^arn:[^:]+:[^:]+:/.test(arn)) {
    throw new AwsError(
      "ValidationException",
      `Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`,
    );
  }
  throw new AwsError("NotImplemented", `The simulated region does not model the target ${arn}`, 501);
}

/** `https://sqs.<region>.amazonaws.com/<account>/<name>` of a queue's ARN. */
export function queueUrlOf(queueArn: string): string {
  const [, , , region, account, name] = queueArn.split(":");
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

/** The dead-letter queue has to be a standard queue of the rule's region (user guide, "Considerations"). */
export function checkDeadLetterQueue(context: RegionContext, arn: string | undefined): void {
  if (arn === undefined) return;
  const [, , service, region, , name] = arn.split(":");
  if (service !== "sqs" || region !== context.region || name === undefined || name.endsWith(".fifo")) {
    throw new AwsError(
      "ValidationException",
      `Parameter DeadLetterConfig is not valid: ${arn} is not a standard queue in ${context.region}.`,
    );
  }
}

import * as eventbridge from "@aws-sdk/client-eventbridge";
import { type AwsEvent, arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, ServiceModel } from "../../service-model.ts";
import { busEvent } from "./bus-event.ts";
import { Deliveries } from "./deliveries.ts";
import { DeliveryFaults } from "./delivery-faults.ts";
import { EventBus, parsePattern, type Rule } from "./event-bus.ts";
import { judgeEntries } from "./put-events.ts";
import { ruleResource } from "./rule-resource.ts";

export interface EventBridge {
  readonly model: ServiceModel;
  /** Puts an AWS service's event on the default bus. */
  emit(event: AwsEvent): void;
  /** Duplicates and delays for drills. */
  readonly faults: DeliveryFaults;
}

export interface EventBridgeOptions {
  /** How likely a delivery is made twice. @default 0 */
  readonly duplicateProbability?: number;
}

/** Amazon EventBridge: the default bus with rules, targets and schedules. */
export function eventBridgeService(context: RegionContext, options: EventBridgeOptions = {}): EventBridge {
  const random = context.kernel.random.fork("eventbridge");
  const faults = new DeliveryFaults(random.fork("faults"), options.duplicateProbability);
  const bus = new EventBus(context, new Deliveries(context, faults, random));
  const client = new eventbridge.EventBridgeClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("events", eventbridge, client);
  addEventOperations(model, bus, context);
  addRuleOperations(model, bus);
  addTargetOperations(model, bus);
  model.provides("AWS::Events::Rule", ruleResource(bus));
  return { model, faults, emit: (event) => bus.receive(busEvent(context, event)) };
}

function addEventOperations(model: ServiceModel, bus: EventBus, context: RegionContext): void {
  model.on(eventbridge.PutEventsCommand, {
    accepts: ["Entries"],
    authorize: ({ Entries = [] }) => {
      const resource = arnOf(context, "events", "event-bus/default");
      return Entries.map((entry) => ({
        action: "events:PutEvents",
        resource,
        context: { "events:source": entry.Source ?? "", "events:detail-type": entry.DetailType ?? "" },
      }));
    },
    handle: ({ Entries = [] }) => {
      for (const entry of Entries) checkBus(entry.EventBusName);
      const verdicts = judgeEntries(context, Entries);
      for (const { event } of verdicts) if (event) bus.receive(event);
      const refusals = verdicts.filter(({ event }) => !event);
      return { FailedEntryCount: refusals.length, Entries: verdicts.map(({ result }) => result) };
    },
  });
  model.on(eventbridge.TestEventPatternCommand, {
    accepts: ["EventPattern", "Event"],
    authorize: () => [{ action: "events:TestEventPattern", resource: "*" }],
    handle: ({ EventPattern = "", Event = "" }) => ({
      Result: parsePattern(EventPattern).matches(parseTestEvent(Event)),
    }),
  });
}

function addRuleOperations(model: ServiceModel, bus: EventBus): void {
  const onRule = (action: string, name: string | undefined): Permission[] => [
    { action: `events:${action}`, resource: bus.ruleArn(name ?? "") },
  ];
  model
    .on(eventbridge.PutRuleCommand, {
      accepts: [
        "Name",
        "Description",
        "EventPattern",
        "ScheduleExpression",
        "State",
        "RoleArn",
        "EventBusName",
      ],
      authorize: (input) => [...onRule("PutRule", input.Name), ...passRole(input.RoleArn)],
      handle: (input) => {
        checkBus(input.EventBusName);
        return { RuleArn: bus.putRule(input).arn };
      },
    })
    .on(eventbridge.DeleteRuleCommand, {
      accepts: ["Name", "EventBusName"],
      authorize: (input) => onRule("DeleteRule", input.Name),
      handle: (input) => {
        checkBus(input.EventBusName);
        bus.deleteRule(input.Name ?? "");
        return {};
      },
    })
    .on(eventbridge.DescribeRuleCommand, {
      accepts: ["Name", "EventBusName"],
      authorize: (input) => onRule("DescribeRule", input.Name),
      handle: (input) => {
        checkBus(input.EventBusName);
        return described(bus.rule(input.Name ?? ""));
      },
    })
    .on(eventbridge.ListRulesCommand, {
      accepts: ["NamePrefix", "EventBusName"],
      authorize: () => [{ action: "events:ListRules", resource: "*" }],
      handle: ({ NamePrefix = "", EventBusName }) => {
        checkBus(EventBusName);
        const rules = [...bus.rules.values()].filter((rule) => rule.name.startsWith(NamePrefix));
        return { Rules: rules.sort((a, b) => (a.name < b.name ? -1 : 1)).map(described) };
      },
    });
  for (const [command, action, state] of [
    [eventbridge.EnableRuleCommand, "EnableRule", "ENABLED"],
    [eventbridge.DisableRuleCommand, "DisableRule", "DISABLED"],
  ] as const) {
    model.on(command, {
      accepts: ["Name", "EventBusName"],
      authorize: (input: eventbridge.EnableRuleRequest) => onRule(action, input.Name),
      handle: (input: eventbridge.EnableRuleRequest) => {
        checkBus(input.EventBusName);
        bus.setState(input.Name ?? "", state);
        return {};
      },
    });
  }
}

function addTargetOperations(model: ServiceModel, bus: EventBus): void {
  const onRule = (action: string, rule: string | undefined): Permission => ({
    action: `events:${action}`,
    resource: bus.ruleArn(rule ?? ""),
  });
  const member = (name: string) => `Targets.${name}`;
  model
    .on(eventbridge.PutTargetsCommand, {
      accepts: ["Rule", "EventBusName", ...TARGET_MEMBERS.map(member)],
      authorize: ({ Rule, Targets = [] }) => [
        onRule("PutTargets", Rule),
        ...Targets.flatMap((target) => passRole(target.RoleArn)),
      ],
      handle: ({ Rule = "", EventBusName, Targets = [] }) => {
        checkBus(EventBusName);
        bus.putTargets(Rule, Targets);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    })
    .on(eventbridge.RemoveTargetsCommand, {
      accepts: ["Rule", "EventBusName", "Ids"],
      authorize: ({ Rule }) => [onRule("RemoveTargets", Rule)],
      handle: ({ Rule = "", EventBusName, Ids = [] }) => {
        checkBus(EventBusName);
        const { targets } = bus.rule(Rule);
        for (const id of Ids) targets.delete(id);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    })
    .on(eventbridge.ListTargetsByRuleCommand, {
      accepts: ["Rule", "EventBusName"],
      authorize: ({ Rule }) => [onRule("ListTargetsByRule", Rule)],
      handle: ({ Rule = "", EventBusName }) => {
        checkBus(EventBusName);
        return { Targets: [...bus.rule(Rule).targets.values()] };
      },
    });
}

/** The members of a target that deliveries honour. */
const TARGET_MEMBERS = [
  "Id",
  "Arn",
  "RoleArn",
  "Input",
  "InputPath",
  "InputTransformer",
  ...["TaskDefinitionArn", "TaskCount", "LaunchType"].map((member) => `EcsParameters.${member}`),
  ...["Subnets", "SecurityGroups"].map(
    (member) => `EcsParameters.NetworkConfiguration.awsvpcConfiguration.${member}`,
  ),
  "RetryPolicy",
  "DeadLetterConfig",
];

/**
 * A rule or target that names a role lets EventBridge act with it (Service Authorization Reference,
 * PutTargets).
 */
function passRole(roleArn: string | undefined): Permission[] {
  if (roleArn === undefined) return [];
  const context = { "iam:PassedToService": "events.amazonaws.com" };
  return [{ action: "iam:PassRole", resource: roleArn, context }];
}

function checkBus(name: string | undefined): void {
  if (name === undefined || name === "default" || name.endsWith(":event-bus/default")) return;
  throw new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
}

function described(rule: Rule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: "default",
    State: rule.state,
    Description: rule.description,
    EventPattern: rule.patternText,
    ScheduleExpression: rule.scheduleText,
    RoleArn: rule.roleArn,
  };
}

/** "The following fields are mandatory" (SDK 3.1162, TestEventPatternRequest). */
const REQUIRED_IN_TEST_EVENT = ["id", "account", "source", "time", "region", "resources", "detail-type"];

function parseTestEvent(text: string): unknown {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw new AwsError("InvalidEventPatternException", "Parameter Event is not valid: it is not JSON.");
  }
  const isObject = typeof event === "object" && event !== null;
  const missing = REQUIRED_IN_TEST_EVENT.find((name) => !isObject || !Object.hasOwn(Object(event), name));
  if (missing === undefined) return event;
  // Unverified text.
  throw new AwsError("InvalidEventPatternException", `Parameter Event is not valid: it has no ${missing}.`);
}

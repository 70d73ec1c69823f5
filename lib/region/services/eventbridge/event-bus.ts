import type { PutRuleRequest, Target } from "@aws-sdk/client-eventbridge";
import type { Timer } from "../../kernel/timer-queue.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { compileSchedule, type Schedule } from "../../schedule-expression.ts";
import { AwsError } from "../../service-model.ts";
import { type BusEvent, busEvent } from "./bus-event.ts";
import type { Deliveries } from "./deliveries.ts";
import { EventPattern } from "./event-pattern.ts";
import { PatternError } from "./leaf-rule.ts";
import { checkTarget } from "./target-checks.ts";

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly patternText: string | undefined;
  readonly pattern: EventPattern | undefined;
  readonly scheduleText: string | undefined;
  readonly schedule: Schedule | undefined;
  readonly roleArn: string | undefined;
  readonly createdAt: number;
  state: "ENABLED" | "DISABLED";
  readonly targets: Map<string, Target>;
  timer: Timer | undefined;
}

/** EventBridge quotas: "Targets per rule: 5". */
const TARGETS_PER_RULE = 5;

/** The account's default event bus: rules, their targets, and which events match which. */
export class EventBus {
  readonly rules = new Map<string, Rule>();
  readonly #context: RegionContext;
  readonly #deliveries: Deliveries;

  constructor(context: RegionContext, deliveries: Deliveries) {
    this.#context = context;
    this.#deliveries = deliveries;
  }

  /** Matches an event that has arrived just now against every enabled rule. */
  receive(event: BusEvent): void {
    for (const rule of this.rules.values()) {
      if (rule.state === "ENABLED" && rule.pattern?.matches(event)) this.#trigger(rule, event);
    }
  }

  /** Creates a rule, or replaces one of that name while keeping its targets, as PutRule does. */
  putRule(request: PutRuleRequest): Rule {
    const name = request.Name ?? "";
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) {
      throw new AwsError("ValidationException", `Parameter Name is not valid: ${name}`);
    }
    if (request.EventPattern === undefined && request.ScheduleExpression === undefined) {
      const text = "Parameter(s) EventPattern or ScheduleExpression must be specified.";
      throw new AwsError("ValidationException", text);
    }
    const { State: state = "ENABLED", EventPattern: patternText, ScheduleExpression: scheduleText } = request;
    if (state !== "ENABLED" && state !== "DISABLED") {
      throw new AwsError(
        "NotImplemented",
        `The simulated region does not model the rule state ${state}`,
        501,
      );
    }
    const existing = this.rules.get(name);
    const rule: Rule = {
      name,
      arn: this.ruleArn(name),
      description: request.Description,
      patternText,
      pattern: patternText === undefined ? undefined : parsePattern(patternText),
      scheduleText,
      schedule: scheduleText === undefined ? undefined : compileSchedule(scheduleText),
      roleArn: request.RoleArn,
      createdAt: existing?.createdAt ?? this.#context.kernel.now,
      state,
      targets: existing?.targets ?? new Map(),
      timer: undefined,
    };
    existing?.timer?.cancel();
    this.rules.set(name, rule);
    this.#armSchedule(rule);
    return rule;
  }

  /** Adds or replaces targets by their ids; all or none. */
  putTargets(ruleName: string, targets: readonly Target[]): void {
    const rule = this.rule(ruleName);
    for (const target of targets) checkTarget(this.#context, target);
    const ids = new Set([...rule.targets.keys(), ...targets.map((target) => target.Id ?? "")]);
    if (ids.size > TARGETS_PER_RULE) {
      throw new AwsError(
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
      );
    }
    for (const target of targets) rule.targets.set(target.Id ?? "", target);
  }

  deleteRule(name: string): void {
    const rule = this.rules.get(name);
    if (rule && rule.targets.size > 0) {
      throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
    }
    rule?.timer?.cancel();
    this.rules.delete(name);
  }

  setState(name: string, state: Rule["state"]): void {
    const rule = this.rule(name);
    rule.state = state;
    this.#armSchedule(rule);
  }

  rule(name: string): Rule {
    const rule = this.rules.get(name);
    if (rule) return rule;
    throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`);
  }

  ruleArn(name: string): string {
    return arnOf(this.#context, "events", `rule/${name}`);
  }

  #trigger(rule: Rule, event: BusEvent): void {
    const { kernel } = this.#context;
    const { id, "detail-type": detailType } = event;
    kernel.log.write("events", "event matched", { rule: rule.name, detailType, id });
    for (const metricName of ["MatchedEvents", "TriggeredRules"]) {
      const dimensions = { RuleName: rule.name };
      this.#context.publishMetric({
        namespace: "AWS/Events",
        metricName,
        dimensions,
        value: 1,
        unit: "Count",
      });
    }
    const delivery = { event, ruleName: rule.name, ruleArn: rule.arn, ingestedAt: kernel.now };
    for (const target of rule.targets.values()) this.#deliveries.start(target, delivery);
  }

  /** A scheduled event goes to its own rule's targets only. */
  #armSchedule(rule: Rule): void {
    rule.timer?.cancel();
    rule.timer = undefined;
    if (!rule.schedule || rule.state !== "ENABLED") return;
    const { kernel } = this.#context;
    const at = rule.schedule(kernel.now, rule.createdAt);
    rule.timer = kernel.schedule(at - kernel.now, () => {
      const occasion = {
        source: "aws.events",
        detailType: "Scheduled Event",
        resources: [rule.arn],
        detail: {},
      };
      this.#trigger(rule, busEvent(this.#context, occasion));
      this.#armSchedule(rule);
    });
  }
}

/** Compiles a pattern, refusing an invalid one with the error that PutRule and TestEventPattern give. */
export function parsePattern(text: string): EventPattern {
  try {
    return EventPattern.parse(text);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new AwsError(
      "InvalidEventPatternException",
      `Event pattern is not valid. Reason: ${error.message}`,
    );
  }
}

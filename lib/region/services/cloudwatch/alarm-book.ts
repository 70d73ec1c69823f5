import type { PutCompositeAlarmInput, PutMetricAlarmInput, Tag } from "@aws-sdk/client-cloudwatch";
import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { Alarm, AlarmState, CompositeAlarmSettings, MetricAlarmSettings, StateName } from "./alarm.ts";
import { configurationChangeDetail, configurationOf, stateChangeDetail } from "./alarm-event.ts";
import { AlarmHistory } from "./alarm-history.ts";
import { alarmNotification } from "./alarm-notification.ts";
import { compositeAlarmSettings, metricAlarmSettings } from "./alarm-settings.ts";
import { MuteRules } from "./mute-rules.ts";
import { eventTime, spokenTime } from "./reason-format.ts";

/** From creation or update of a composite alarm to its own evaluation. AWS gives no figure: unverified. */
const compositeDelayMs = 1_000;

/**
 * The account's alarms, and everything that a change of one of them causes: history, events, actions,
 * composites.
 */
export class AlarmBook {
  readonly history: AlarmHistory;
  readonly mutes: MuteRules;
  readonly #context: RegionContext;
  readonly #random: Random;
  readonly #alarms = new Map<string, Alarm>();

  constructor(context: RegionContext) {
    this.#context = context;
    this.#random = context.kernel.random.fork("alarm ids");
    this.history = new AlarmHistory(() => context.kernel.now);
    this.mutes = new MuteRules(context.kernel, (names) => this.#actAgain(names));
  }

  get(name: string): Alarm | undefined {
    return this.#alarms.get(name);
  }

  /** Alarms by name, in code-unit order. */
  all(): readonly Alarm[] {
    return [...this.#alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  arn(name: string): string {
    return arnOf(this.#context, "cloudwatch", `alarm:${name}`);
  }

  putMetricAlarm(input: PutMetricAlarmInput): Alarm {
    return this.#put(
      input.AlarmName ?? "",
      metricAlarmSettings(input, () => this.#random.uuid()),
      input.Tags,
    );
  }

  putCompositeAlarm(input: PutCompositeAlarmInput): Alarm {
    const settings = compositeAlarmSettings(input);
    const name = input.AlarmName ?? "";
    const unknown = settings.rule.children.filter((child) => child !== name && !this.#alarms.has(child));
    if (unknown.length > 0) {
      invalid(
        `Could not save the composite alarm as alarms [${unknown.join(", ")}] in the alarm rule do not exist`,
      );
    }
    // AWS stores a cycle and then stops evaluating it [PutCompositeAlarm]; here it is refused as not
    // modelled.
    if (this.#dependsOn(settings.rule.children, name)) {
      invalid(`The simulated region does not model composite alarms that depend on themselves: ${name}`);
    }
    const word = this.#alarms.has(name) ? "updated" : "created";
    const alarm = this.#put(name, settings, input.Tags);
    this.#context.kernel.schedule(compositeDelayMs, () => {
      if (this.#alarms.get(name) !== alarm || alarm.settings !== settings) return;
      const value = this.#evaluate(settings);
      const children = settings.rule.children.flatMap((child) => this.#alarms.get(child) ?? []);
      const reason = `${alarm.arn} was ${word} and its alarm rule evaluates to ${value}`;
      this.#judge(alarm, value, reason, children);
    });
    return alarm;
  }

  /** Enables or disables an alarm's actions, which is an update of its configuration. */
  setActionsEnabled(alarm: Alarm, actionsEnabled: boolean): void {
    this.#configure(alarm, { ...alarm.settings, actionsEnabled });
  }

  /** Refuses what some composite alarm depends on; the wording is unverified. */
  delete(alarm: Alarm): void {
    const parents = this.#parentsOf(alarm.name).map(({ name }) => name);
    if (parents.length > 0) {
      invalid(
        `Cannot delete ${alarm.name} as there are composite alarm(s) depending on it: ${parents.join(", ")}`,
      );
    }
    this.#alarms.delete(alarm.name);
    this.history.configured(alarm, "deleted");
    this.#emit(alarm, "Configuration Change", configurationChangeDetail(alarm, "delete"));
  }

  /**
   * Gives an alarm a state. Only a new value is a change: it goes into history and log, onto the event bus,
   * to the alarm's actions and to the composite alarms above it.
   */
  setState(alarm: Alarm, value: StateName, reason: string, reasonData?: string): void {
    const { kernel } = this.#context;
    const previous = alarm.state;
    alarm.state = { value, reason, reasonData, at: kernel.now };
    if (previous.value === value) return;
    alarm.transitionedAt = kernel.now;
    this.history.changed(alarm, previous);
    kernel.log.write("monitoring", "alarm changed", {
      alarm: alarm.name,
      from: previous.value,
      to: value,
      reason,
    });
    const mute = this.mutes.muting(alarm.name);
    const muteDetail = mute && {
      mutedByArn: mute.arn,
      muteWindowStart: eventTime(mute.start),
      muteWindowEnd: eventTime(mute.end),
    };
    this.#emit(alarm, "State Change", stateChangeDetail(alarm, previous, muteDetail));
    this.#act(alarm, previous);
    for (const parent of this.#parentsOf(alarm.name)) this.#childChanged(parent, alarm);
  }

  #put(
    name: string,
    settings: MetricAlarmSettings | CompositeAlarmSettings,
    tags: readonly Tag[] = [],
  ): Alarm {
    const known = this.#alarms.get(name);
    if (known) {
      if (known.settings.kind !== settings.kind) invalid(`An alarm of another type is already named ${name}`);
      this.#configure(known, settings);
      return known;
    }
    const now = this.#context.kernel.now;
    const alarm: Alarm = {
      name,
      arn: this.arn(name),
      settings,
      state: { value: "INSUFFICIENT_DATA", reason: "Unchecked: Initial alarm creation", at: now },
      transitionedAt: now,
      configuredAt: now,
      tags: new Map(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
    };
    this.#alarms.set(name, alarm);
    this.history.configured(alarm, "created");
    this.#emit(alarm, "Configuration Change", configurationChangeDetail(alarm, "create"));
    return alarm;
  }

  #configure(alarm: Alarm, settings: Alarm["settings"]): void {
    const previous = configurationOf(alarm);
    alarm.settings = settings;
    alarm.configuredAt = this.#context.kernel.now;
    this.history.configured(alarm, "updated");
    this.#emit(alarm, "Configuration Change", configurationChangeDetail(alarm, "update", previous));
  }

  #parentsOf(child: string): readonly Alarm[] {
    return this.all().filter(
      ({ settings }) => settings.kind === "composite" && settings.rule.children.includes(child),
    );
  }

  #dependsOn(children: readonly string[], name: string): boolean {
    return children.some((child) => {
      const settings = this.#alarms.get(child)?.settings;
      return (
        child === name || (settings?.kind === "composite" && this.#dependsOn(settings.rule.children, name))
      );
    });
  }

  #evaluate({ rule }: CompositeAlarmSettings): StateName {
    return rule.holds((child) => this.#alarms.get(child)?.state.value) ? "ALARM" : "OK";
  }

  #childChanged(parent: Alarm, child: Alarm): void {
    if (parent.settings.kind !== "composite") return;
    const reason = `${child.arn} transitioned to ${child.state.value} at ${spokenTime(child.state.at)}`;
    this.#judge(parent, this.#evaluate(parent.settings), reason, [child]);
  }

  #judge(composite: Alarm, value: StateName, reason: string, triggers: readonly Alarm[]): void {
    if (composite.state.value === value) return;
    const triggeringAlarms = triggers.map(({ arn, state }) => ({
      arn,
      state: { value: state.value, timestamp: eventTime(state.at) },
    }));
    this.setState(composite, value, reason, JSON.stringify({ triggeringAlarms }));
  }

  #emit(
    alarm: Alarm,
    change: "State Change" | "Configuration Change",
    detail: Readonly<Record<string, unknown>>,
  ): void {
    this.#context.emit({
      source: "aws.cloudwatch",
      detailType: `CloudWatch Alarm ${change}`,
      resources: [alarm.arn],
      detail,
    });
  }

  /** Runs the actions for the alarm's present state, unless they are disabled or muted. */
  #act(alarm: Alarm, previous: AlarmState): void {
    const { settings, state } = alarm;
    if (!settings.actionsEnabled || this.mutes.muting(alarm.name)) return;
    const message = alarmNotification(alarm, previous, this.#context);
    const principal = { arn: "cloudwatch.amazonaws.com", type: "service", sourceArn: alarm.arn } as const;
    for (const TopicArn of settings.actions[state.value]) {
      this.#context.kernel.launch(`action of alarm ${alarm.name}`, async () => {
        try {
          await this.#context.call(principal, "sns", "Publish", { TopicArn, ...message });
          this.history.acted(alarm, TopicArn);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          this.history.acted(alarm, TopicArn, error.message);
        }
      });
    }
  }

  /** Alarms that come out of a mute and are in ALARM run their actions then [DeleteAlarmMuteRule]. */
  #actAgain(names: readonly string[]): void {
    for (const name of names) {
      const alarm = this.#alarms.get(name);
      if (alarm?.state.value === "ALARM") this.#act(alarm, alarm.state);
    }
  }
}

function invalid(message: string): never {
  throw new AwsError("ValidationError", message);
}

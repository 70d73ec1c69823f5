import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { Invocations } from "./invocations.ts";
import { type Schedule, settingsOf } from "./schedule.ts";
import { checkName, checkSettings } from "./schedule-checks.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";

/** The groups of the account's schedules; `default` is there from the beginning. */
export class Schedules {
  readonly #context: RegionContext;
  readonly #options: SchedulerOptions;
  readonly #groups = new Map<string, Map<string, Schedule>>([["default", new Map()]]);
  readonly #tokens = new Map<string, string>();
  readonly #invocations: Invocations;

  constructor(context: RegionContext, options: SchedulerOptions) {
    this.#context = context;
    this.#options = options;
    this.#invocations = new Invocations(context, (schedule) => {
      if (schedule.settings.ActionAfterCompletion === "DELETE") this.#remove(schedule);
    });
  }

  get all(): Schedule[] {
    return [...this.#groups.values()].flatMap((group) => [...group.values()]);
  }

  createGroup(name: string): string {
    checkName("name", name);
    if (this.#groups.has(name))
      throw new AwsError("ConflictException", `Schedule group ${name} already exists.`);
    this.#groups.set(name, new Map());
    return this.groupArn(name);
  }

  create(request: CreateScheduleInput): Schedule {
    const name = checkName("name", request.Name);
    const groupName = checkName("groupName", request.GroupName ?? "default");
    const group = this.#group(groupName);
    const repeated = this.#isRepeated("create", request);
    const known = group.get(name);
    if (known && repeated) return known;
    if (known) throw new AwsError("ConflictException", `Schedule ${name} already exists.`);
    const settings = settingsOf(request);
    checkSettings(this.#context, this.#options, settings, { group: groupName, isUpdate: false });
    const now = this.#context.kernel.date();
    const arn = this.scheduleArn(groupName, name);
    const schedule: Schedule = {
      ...{ name, group: groupName, arn, settings },
      ...{ createdAt: now, modifiedAt: now, timers: [] },
    };
    group.set(name, schedule);
    this.#invocations.arm(schedule);
    this.#remember("create", request);
    return schedule;
  }

  /** Replaces everything: "uses all values, including empty values, specified in the request" (API reference). */
  update(request: CreateScheduleInput): Schedule {
    const schedule = this.get(request);
    if (this.#isRepeated("update", request)) return schedule;
    const settings = settingsOf(request);
    checkSettings(this.#context, this.#options, settings, { group: schedule.group, isUpdate: true });
    schedule.settings = settings;
    schedule.modifiedAt = this.#context.kernel.date();
    this.#invocations.arm(schedule);
    this.#remember("update", request);
    return schedule;
  }

  get({ Name, GroupName = "default" }: Pick<CreateScheduleInput, "Name" | "GroupName">): Schedule {
    const name = checkName("name", Name);
    const found = this.#group(checkName("groupName", GroupName)).get(name);
    if (found) return found;
    throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`);
  }

  delete(request: Pick<CreateScheduleInput, "Name" | "GroupName">): void {
    this.#remove(this.get(request));
  }

  scheduleArn(group: string | undefined, name: string | undefined): string {
    return arnOf(this.#context, "scheduler", `schedule/${group ?? "default"}/${name ?? ""}`);
  }

  groupArn(name: string | undefined): string {
    return arnOf(this.#context, "scheduler", `schedule-group/${name ?? ""}`);
  }

  #remove(schedule: Schedule): void {
    this.#invocations.disarm(schedule);
    this.#groups.get(schedule.group)?.delete(schedule.name);
  }

  #group(name: string): Map<string, Schedule> {
    const group = this.#groups.get(name);
    if (group) return group;
    throw new AwsError("ResourceNotFoundException", `Schedule group ${name} does not exist.`);
  }

  /**
   * Whether this very request was carried out before. Unverified: that its token alone tells so, for ever, and the words
   * for a token that comes with something else.
   */
  #isRepeated(operation: string, { ClientToken, ...request }: CreateScheduleInput): boolean {
    const known = this.#tokens.get(`${operation} ${ClientToken}`);
    if (ClientToken === undefined || known === undefined) return false;
    if (known === JSON.stringify(request)) return true;
    throw new AwsError("ConflictException", "The client token was used with other parameters.");
  }

  #remember(operation: string, { ClientToken, ...request }: CreateScheduleInput): void {
    if (ClientToken !== undefined) this.#tokens.set(`${operation} ${ClientToken}`, JSON.stringify(request));
  }
}

import type { Alarm, Component } from "./environment.ts";

interface BlindAlarm {
  /** Which of the alarms. */
  readonly index: number;
  readonly field: "targetGroup" | "alternateTargetGroup";
  readonly message: string;
}

/**
 * Alarms that would look at one target group although CodeDeploy moves every service that they stand for between two
 * (docs/facts/ecs.md §2.5): after each second deployment they would see nothing. Of an alarm that also stands for other
 * services the group may be theirs.
 */
export function blindAlarms(
  alarms: readonly Alarm[],
  components: Readonly<Record<string, Component>>,
): BlindAlarm[] {
  return alarms.flatMap((alarm, index): BlindAlarm[] => {
    const moved = movedByCodeDeploy(alarm, components);
    if (moved.length === 0 || !("targetGroup" in alarm) || alarm.targetGroup === undefined) return [];
    const why = `CodeDeploy moves ${moved.join(", ")} between two target groups`;
    if (alarm.recipe !== "unavailable") {
      const message = `${why}; leave it out to watch the whole load balancer`;
      return [{ index, field: "targetGroup", message }];
    }
    if (alarm.alternateTargetGroup !== undefined) return [];
    return [{ index, field: "alternateTargetGroup", message: `${why}; name the other one here` }];
  });
}

/** The services of an alarm when all are deployed by CodeDeploy; nobody otherwise. */
function movedByCodeDeploy(
  { components: names }: Alarm,
  components: Readonly<Record<string, Component>>,
): readonly string[] {
  const services = names.flatMap((name) => {
    const component = Object.hasOwn(components, name) ? components[name] : undefined;
    return component?.kind === "ecs-service" ? [{ name, isMoved: component.codeDeploy !== undefined }] : [];
  });
  return services.every(({ isMoved }) => isMoved) ? services.map(({ name }) => name) : [];
}

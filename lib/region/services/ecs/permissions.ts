import type { Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import type { Permission } from "../../service-model.ts";
import type { EcsWorld } from "./ecs-world.ts";

/** Resources and condition keys of the ECS actions (docs/facts/ecs.md §7, from the Service Authorization Reference). */
export class EcsPermissions {
  readonly #world: EcsWorld;

  constructor(world: EcsWorld) {
    this.#world = world;
  }

  /** An action on one service; `extra` adds the condition keys that the request fills. */
  onService(
    action: string,
    cluster: string | undefined,
    service: string | undefined,
    extra: Readonly<Record<string, string>> = {},
  ): Permission {
    const arn = this.#world.serviceArn(cluster, service);
    return {
      action,
      resource: arn,
      context: {
        "ecs:cluster": this.#world.clusterArn(cluster),
        ...tagKeys("aws:ResourceTag", this.#world.services.get(arn)?.tags ?? []),
        ...extra,
      },
    };
  }

  /**
   * An action on a service deployment or a service revision. The sample policy of [DG service-deployment-permissions]
   * grants it on the service too, so both are asked for: the stricter reading.
   */
  onPartOfService(action: string, arn: string): readonly Permission[] {
    const [, cluster, service] = arn.slice(arn.lastIndexOf(":") + 1).split("/");
    const context = {
      "ecs:cluster": this.#world.clusterArn(cluster),
      "ecs:service": this.#world.serviceArn(cluster, service),
    };
    return [
      { action, resource: arn, context },
      { action, resource: this.#world.serviceArn(cluster, service), context },
    ];
  }

  onTask(action: string, cluster: string | undefined, task: string | undefined): Permission {
    const id = task?.slice(task.lastIndexOf("/") + 1) ?? "";
    const arn = this.#world.clusterArn(cluster).replace(":cluster/", ":task/");
    return {
      action,
      resource: `${arn}/${id}`,
      context: { "ecs:cluster": this.#world.clusterArn(cluster) },
    };
  }

  /**
   * The roles of a task definition are handed to `ecs-tasks.amazonaws.com`. Needed by RegisterTaskDefinition; by
   * UpdateService when the request names a task definition (inferred from e1s#429), by CreateService likewise.
   */
  passRoles(definition: Pick<TaskDefinition, "taskRoleArn" | "executionRoleArn"> | undefined): Permission[] {
    const roles = new Set([definition?.taskRoleArn, definition?.executionRoleArn]);
    return [...roles].flatMap((role) =>
      role === undefined
        ? []
        : [
            {
              action: "iam:PassRole",
              resource: role,
              context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
            },
          ],
    );
  }

  /** Tagging while creating needs `ecs:TagResource` too (tagging authorization, on for new accounts). */
  tagOnCreate(action: string, resource: string, tags: readonly Tag[] | undefined): Permission[] {
    if (!tags || tags.length === 0) return [];
    return [
      {
        action: "ecs:TagResource",
        resource,
        context: { "ecs:CreateAction": action, ...tagKeys("aws:RequestTag", tags) },
      },
    ];
  }
}

export function tagKeys(prefix: string, tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [`${prefix}/${key}`, value ?? ""]));
}

import type { RevisionLocation } from "@aws-sdk/client-codedeploy";
import type { TaskSet } from "@aws-sdk/client-ecs";

/** What an AppSpec says beside the task definition. */
export interface AppSpecTarget {
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly containerPort: number;
  /** Said explicitly: what CodeDeploy takes when it is left out is unverified. */
  readonly platformVersion?: TaskSet["platformVersion"];
}

/** The AppSpec that deploys a task definition to an ECS service, and nothing else [docs/facts/ecs.md §2.5]. */
export function appSpecOf({
  taskDefinition,
  containerName,
  containerPort,
  platformVersion,
}: AppSpecTarget): string {
  return JSON.stringify({
    version: 0.0,
    Resources: [
      {
        TargetService: {
          Type: "AWS::ECS::Service",
          Properties: {
            TaskDefinition: taskDefinition,
            LoadBalancerInfo: { ContainerName: containerName, ContainerPort: containerPort },
            ...(platformVersion ? { PlatformVersion: platformVersion } : {}),
          },
        },
      },
    ],
  });
}

/** The task definition's ARN in anybody's AppSpec, YAML or JSON. */
export function taskDefinitionIn(revision: RevisionLocation | undefined): string | undefined {
  const content = revision?.appSpecContent?.content ?? revision?.string?.content ?? "";
  return /arn:[\w-]+:ecs:[\w-]+:\d{12}:task-definition\/[\w-]+:\d+/.exec(content)?.[0];
}

import type { ContainerDefinition, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { BOARDROOM, repositoryName } from "../boardroom-names.ts";
import { COMPLETE } from "../complete-names.ts";
import type { Installation } from "../install-boardroom.ts";

/** What the API's containers have besides an image: the password, injected at start, and a log. */
export function apiContainer(passwordSecretArn: string): Partial<ContainerDefinition> {
  return { secrets: [{ name: "DATABASE_PASSWORD", valueFrom: passwordSecretArn }] };
}

/**
 * Registers the families of the standalone tasks. The pipeline registers a migration with every release, so that the
 * newest revision has the scripts of the newest schema.
 */
export async function registerFamilies(installation: Installation, passwordSecretArn: string): Promise<void> {
  const { migrate, smoke, flush } = COMPLETE.families;
  const password = apiContainer(passwordSecretArn);
  for (const release of [BOARDROOM.goodRelease, BOARDROOM.badRelease]) {
    const container = { ...password, command: ["alembic", "upgrade", "head"] };
    await registerFamily(installation, migrate, { release, container });
  }
  const release = BOARDROOM.goodRelease;
  await registerFamily(installation, smoke, { release, container: { command: ["smoke"] } });
  await registerFamily(installation, flush, { release, container: { command: ["flush"] } });
}

export async function registerFamily(
  { context, call, ecr }: Installation,
  family: string,
  { release, container }: { readonly release: string; readonly container: Partial<ContainerDefinition> },
): Promise<void> {
  const request: RegisterTaskDefinitionRequest = {
    family,
    taskRoleArn: `arn:aws:iam::${context.account}:role/boardroom-task`,
    executionRoleArn: `arn:aws:iam::${context.account}:role/boardroom-execution`,
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    containerDefinitions: [
      {
        name: BOARDROOM.container,
        image: `${ecr.images.registry}/${repositoryName("api")}:${release}`,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": COMPLETE.logGroup,
            "awslogs-region": context.region,
            "awslogs-stream-prefix": family,
          },
        },
        ...container,
      },
    ],
  };
  await call("ecs", "RegisterTaskDefinition", request);
}

import {
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { asked } from "../aws-call.ts";
import { CLONE_OF_TAG, nameOf, originOf, ROLLBACK_TAG, type RunningImage } from "./content.ts";
import type { Job, Phase } from "./job.ts";
import { storedRegistration } from "./ledger-view.ts";
import { describeTaskDefinition } from "./reads.ts";
import { cloneOf, type Registration, registrationOf } from "./registration.ts";

export interface CloneSource {
  readonly taskDefinition: string;
  readonly images: readonly RunningImage[];
  /** The checkpoint that stored the registration, for when AWS has forgotten it. */
  readonly checkpoint?: string | undefined;
}

/** A digest-pinned, active copy of a task definition, made at most once a phase; `gone` when there is nothing to copy. */
export async function ensureClone(
  job: Job,
  phase: Phase,
  source: CloneSource,
): Promise<{ readonly taskDefinition: string; readonly gone?: never } | { readonly gone: string }> {
  const { ecs, steps, rollbackId } = job;
  const known = steps.text(`${phase}-cloned`, "taskDefinition");
  if (known) return { taskDefinition: known };

  const registration = await registrationFor(job, source);
  const name = nameOf(source.taskDefinition);
  if (!registration) return { gone: `AWS no longer knows ${name}, and no checkpoint stored a copy of it.` };
  const intendedAt = steps.timeOf(`${phase}-clone-intended`);
  const earlier = intendedAt && (await findClone(job, registration, source.taskDefinition, intendedAt));
  if (!intendedAt) await steps.write(`${phase}-clone-intended`, { source: source.taskDefinition });
  const taskDefinition =
    earlier || (await register(ecs, cloneOf(registration, { ...source, rollbackId }), name));
  await steps.write(`${phase}-cloned`, { taskDefinition });
  return { taskDefinition };
}

async function register(ecs: ECSClient, registration: Registration, name: string): Promise<string> {
  const answer = await asked(
    `Registering a copy of ${name}`,
    ecs.send(new RegisterTaskDefinitionCommand(registration)),
  );
  const taskDefinition = answer.taskDefinition?.taskDefinitionArn;
  if (!taskDefinition) throw new Error(`AWS registered a copy of ${name} without telling its ARN`);
  return taskDefinition;
}

async function registrationFor(
  { ecs, move, checkpointOf }: Job,
  { taskDefinition, checkpoint }: CloneSource,
): Promise<Registration | undefined> {
  const described = await describeTaskDefinition(ecs, taskDefinition);
  if (described) return registrationOf(described.taskDefinition, described.tags);
  const version = checkpoint ? (await checkpointOf(checkpoint))?.vector[move.component] : undefined;
  return version?.kind === "ecs-service" ? storedRegistration(version) : undefined;
}

/** How many of the family's newest revisions are looked at for a copy whose registration was not answered. */
const REVISIONS_READ = 10;

/** The copy that an interrupted tick of this rollback registered, recognised by its tags. */
async function findClone(
  { ecs, rollbackId }: Job,
  registration: Registration,
  taskDefinition: string,
  intendedAt: Date,
): Promise<string | undefined> {
  const { taskDefinitionArns } = await asked(
    `Looking for a copy of ${nameOf(taskDefinition)}`,
    ecs.send(
      new ListTaskDefinitionsCommand({
        familyPrefix: registration.family,
        status: "ACTIVE",
        sort: "DESC",
        maxResults: REVISIONS_READ,
      }),
    ),
  );
  const origin = originOf(taskDefinition, registration.tags);
  for (const arn of taskDefinitionArns ?? []) {
    const described = await describeTaskDefinition(ecs, arn);
    const value = (key: string) => described?.tags.find((tag) => tag.key === key)?.value;
    if (value(ROLLBACK_TAG) === rollbackId && value(CLONE_OF_TAG) === origin) return arn;
    // Newest first: nothing older than the intention can be the copy. Five seconds allow for clocks that differ.
    const registeredAt = described?.taskDefinition.registeredAt;
    if (registeredAt && registeredAt.getTime() < intendedAt.getTime() - 5_000) return undefined;
  }
  return undefined;
}

import type { RegisterTaskDefinitionRequest, Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";

/** A registered revision with what AWS keeps beside it. */
export interface TaskDefinitionRecord {
  readonly definition: TaskDefinition;
  readonly tags: Tag[];
  /** From this moment an INACTIVE revision is refused; until then the deregistration has not taken effect everywhere. */
  refusedFrom: number | undefined;
}

/** The task definitions of the account: families, revisions, and what being INACTIVE means. */
export class TaskDefinitions {
  readonly #byArn = new Map<string, TaskDefinitionRecord>();
  readonly #lastRevision = new Map<string, number>();
  readonly #context: RegionContext;
  readonly #graceMs: () => number;

  constructor(context: RegionContext, graceMs: () => number) {
    this.#context = context;
    this.#graceMs = graceMs;
  }

  register(request: RegisterTaskDefinitionRequest, registeredBy: string): TaskDefinitionRecord {
    const { tags, ...members } = request;
    const family = request.family ?? "";
    const revision = (this.#lastRevision.get(family) ?? 0) + 1;
    this.#lastRevision.set(family, revision);
    const arn = arnOf(this.#context, "ecs", `task-definition/${family}:${revision}`);
    const record: TaskDefinitionRecord = {
      definition: {
        ...members,
        containerDefinitions: (request.containerDefinitions ?? []).map((container) => ({
          cpu: 0,
          portMappings: [],
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
          ...container,
        })),
        volumes: request.volumes ?? [],
        placementConstraints: [],
        taskDefinitionArn: arn,
        revision,
        status: "ACTIVE",
        compatibilities: ["EC2", "FARGATE"],
        registeredAt: this.#context.kernel.date(),
        registeredBy,
      },
      tags: [...(tags ?? [])],
      refusedFrom: undefined,
    };
    this.#byArn.set(arn, record);
    return record;
  }

  deregister(reference: string): TaskDefinitionRecord {
    const record = this.resolve(reference);
    if (record.definition.status !== "ACTIVE") return record;
    record.definition.status = "INACTIVE";
    record.definition.deregisteredAt = this.#context.kernel.date();
    record.refusedFrom = this.#context.kernel.now + this.#graceMs();
    return record;
  }

  /** Finds a revision by full ARN, `family:revision`, or family, which means its latest ACTIVE revision. */
  find(reference: string): TaskDefinitionRecord | undefined {
    const name = reference.startsWith("arn:") ? reference.slice(reference.indexOf("/") + 1) : reference;
    if (name.includes(":")) return this.#byArn.get(arnOf(this.#context, "ecs", `task-definition/${name}`));
    return this.family(name, "ACTIVE").at(-1);
  }

  /** The same, or ECS's answer for one that is not there. */
  resolve(reference: string): TaskDefinitionRecord {
    const found = this.find(reference);
    if (!found) throw new AwsError("ClientException", "Unable to describe task definition.");
    return found;
  }

  /**
   * A revision that a service may be created with or updated to. An INACTIVE one is refused once the deregistration
   * has taken effect, even when the service runs it (EvalAI#5167); the text is from aws-cdk#33195.
   */
  resolveUsable(reference: string): TaskDefinitionRecord {
    const found = this.find(reference);
    if (!found) throw new AwsError("ClientException", "TaskDefinition not found.");
    if (found.refusedFrom !== undefined && this.#context.kernel.now >= found.refusedFrom) {
      throw new AwsError("ClientException", "TaskDefinition is inactive");
    }
    return found;
  }

  /** The revisions of a family with this status, in rising order. */
  family(family: string, status: string): TaskDefinitionRecord[] {
    return this.all().filter(
      ({ definition }) => definition.family === family && definition.status === status,
    );
  }

  /** Every revision, by family and rising revision. */
  all(): TaskDefinitionRecord[] {
    return [...this.#byArn.values()].sort(
      (a, b) =>
        compareText(a.definition.family ?? "", b.definition.family ?? "") ||
        (a.definition.revision ?? 0) - (b.definition.revision ?? 0),
    );
  }

  /** Makes a revision vanish, the harsher reading of AWS's conflicting pages on INACTIVE revisions (docs/facts/ecs.md §1.4). */
  forget(arn: string): void {
    this.#byArn.delete(arn);
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

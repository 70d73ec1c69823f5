import { isDeepStrictEqual } from "node:util";
import type { RunTaskRequest } from "@aws-sdk/client-ecs";
import { AwsError } from "../../service-model.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { ClusterRecord } from "./service-record.ts";
import type { StandaloneTask } from "./task-record.ts";

const LIFETIME_MS = 24 * 3_600_000;

interface Use {
  readonly at: number;
  readonly request: object;
  readonly tasks: readonly StandaloneTask[];
}

/** The client tokens of RunTask: per cluster, case sensitive, for a while [API ECS_Idempotency]. */
export class RunTaskTokens {
  readonly #world: EcsWorld;
  readonly #uses = new Map<string, Use>();

  constructor(world: EcsWorld) {
    this.#world = world;
  }

  /** The tasks that this very request started before; the same token for another request is a conflict. */
  find(
    cluster: ClusterRecord,
    { clientToken, ...request }: RunTaskRequest,
  ): readonly StandaloneTask[] | undefined {
    const use = this.#uses.get(keyOf(cluster, clientToken));
    if (clientToken === undefined || !use || !this.#isAlive(use)) return undefined;
    if (isDeepStrictEqual(use.request, plain(request))) return use.tasks;
    // The members of the error are [dts ConflictException]; its text is unverified.
    throw new AwsError(
      "ConflictException",
      "The clientToken was used before with other parameters.",
      undefined,
      { resourceIds: use.tasks.map(({ arn }) => arn) },
    );
  }

  remember(
    cluster: ClusterRecord,
    { clientToken, ...request }: RunTaskRequest,
    tasks: readonly StandaloneTask[],
  ): void {
    if (clientToken === undefined || tasks.length === 0) return;
    this.#uses.set(keyOf(cluster, clientToken), { at: this.#world.now, request: plain(request), tasks });
  }

  /**
   * "The smaller of 24 hours and" something that the stored page cuts off; the lifetime of the task plus an hour,
   * from memory (docs/facts/ecs.md §4). So a token is forgotten with its tasks: used again, it runs them again.
   */
  #isAlive({ at, tasks }: Use): boolean {
    this.#world.forgetOldTasks();
    return this.#world.now - at < LIFETIME_MS && tasks.some(({ arn }) => this.#world.tasks.has(arn));
  }
}

const keyOf = ({ arn }: ClusterRecord, token: string | undefined) => `${arn} ${token}`;

/** Members that are undefined are no difference. */
function plain(request: object): object {
  return structuredClone(
    Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)),
  );
}

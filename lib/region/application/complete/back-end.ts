import type { StartedTask } from "../application.ts";
import type { Backing, Gate, Trouble } from "../backing.ts";
import { type Component, serviceName } from "../boardroom-names.ts";
import { COMPLETE } from "../complete-names.ts";
import type { ImpactCause } from "../impact.ts";
import type { ServiceTarget } from "../service-target.ts";
import type { CacheReading, CacheUse } from "./cache-use.ts";
import { type ConfigurationReading, configurationTrouble, readConfiguration } from "./configuration.ts";
import type { DatabaseHome } from "./database-home.ts";
import type { DatabaseUse, Pool, Reached } from "./database-use.ts";
import type { FrontDoor } from "./front-door.ts";
import type { FrontendUsers } from "./frontend-users.ts";
import type { Page } from "./page.ts";
import type { Surroundings } from "./surroundings.ts";

/** Of the requests, those that read a damaged row; more than half, so that the error rate's alarm sees it. */
const DAMAGED_READS_SHARE = 0.6;
/** Of the requests that succeed, those that leave a row behind. */
const DOCUMENTS_SHARE = 0.1;
const USERS_SHARE = 0.005;
const SESSIONS_A_TASK = 5;

/** A process with connections to the database. */
interface Connected {
  readonly pool: Pool;
  readonly password: string | undefined;
}

/** A task of the API with what it read when it was started: nothing of it changes while it lives. */
interface ApiTask extends Connected, CacheReading, ConfigurationReading {}

/** What the API's tasks depend on: database, password, schema, configuration, cache, and the pages that call them. */
export class BackEnd implements Backing {
  readonly cache: CacheUse;
  readonly #region: Surroundings;
  readonly #home: DatabaseHome;
  readonly #database: DatabaseUse;
  readonly #door: FrontDoor;
  readonly #users: FrontendUsers;
  readonly #page: Page;
  /** Those whose process is alive, by ARN. */
  readonly #tasks = new Map<string, ApiTask>();
  /** Standalone tasks that hold a connection, by ARN. */
  readonly #connected = new Map<string, Connected>();

  constructor(
    region: Surroundings,
    parts: {
      readonly home: DatabaseHome;
      readonly database: DatabaseUse;
      readonly door: FrontDoor;
      readonly users: FrontendUsers;
      readonly page: Page;
      readonly cache: CacheUse;
    },
  ) {
    this.cache = parts.cache;
    this.#region = region;
    this.#home = parts.home;
    this.#database = parts.database;
    this.#door = parts.door;
    this.#users = parts.users;
    this.#page = parts.page;
  }

  started({ taskArn, service }: StartedTask): void {
    if (service === serviceName("web")) this.#page.started(taskArn);
    if (service !== serviceName("api")) return;
    this.#tasks.set(taskArn, {
      ...this.#connect(),
      ...readConfiguration(this.#region),
      ...this.cache.read(),
    });
  }

  stopped(taskArn: string): void {
    this.#page.stopped(taskArn);
    if (this.#tasks.delete(taskArn)) this.#countSessions();
  }

  /** A standalone task opens a connection, and writes until the answer is called. */
  connect(taskArn: string): () => void {
    this.#connected.set(taskArn, this.#connect());
    return () => {
      if (this.#connected.delete(taskArn)) this.#countSessions();
    };
  }

  /** The caches that the API's living tasks use; `none` for a task that gets no answer. */
  cachesInUse(): readonly string[] {
    return [...new Set([...this.#tasks.values()].map((task) => this.cache.groupOf(task) ?? "none"))].sort();
  }

  /** How many tasks of the API may write now: also those that the load balancer sends nothing any more. */
  get writersRunning(): number {
    return this.#tasks.size;
  }

  /** Every living process writes down what it did before, whether it still gets requests or not. */
  tick(fail: (requests: number, cause: ImpactCause) => void): void {
    fail(this.#users.visit(), "frontend");
    for (const task of this.#processes()) {
      const reached = this.#login(task);
      if (reached) this.#database.write(reached, "audit_logs", 1);
    }
    this.#countSessions();
  }

  gate(component: Component, requests: number): Gate {
    return this.#door.pass(component, requests);
  }

  serve(component: Component, target: ServiceTarget, requests: number): Trouble | undefined {
    const task = this.#tasks.get(target.taskArn);
    if (component !== "api" || !task) return undefined;
    const trouble = this.trouble(target);
    const { errorRate, corruptsData, poisonsCache } = target.behaviour;
    const served = requests * (1 - Math.max(errorRate, trouble?.share ?? 0));
    const reached = served > 0 ? this.#login(task) : undefined;
    if (!reached) return trouble;
    this.#database.write(reached, "documents", Math.round(served * DOCUMENTS_SHARE));
    this.#database.write(reached, "users", Math.round(served * USERS_SHARE));
    if (corruptsData) this.#database.corrupt(reached, "documents");
    this.cache.use(task, poisonsCache === true);
    return trouble;
  }

  /** The worst that is wrong for a task of the API now, without a request and without effect. */
  trouble({ taskArn, behaviour }: ServiceTarget): Trouble | undefined {
    const task = this.#tasks.get(taskArn);
    if (!task) return undefined;
    const reached = this.#database.reach(task.pool);
    if (!reached) return { cause: "database", share: 1 };
    const { password, revision, corrupted } = reached.content;
    if (password !== task.password) return { cause: "login", share: 1 };
    const { needsRevision } = behaviour;
    if (needsRevision && !needsRevision.includes(revision ?? "")) return { cause: "schema", share: 1 };
    const found: Trouble[] = [
      { cause: "configuration", share: configurationTrouble(this.#region, task) },
      { cause: "corrupt-data", share: corrupted.length > 0 ? DAMAGED_READS_SHARE : 0 },
      { cause: "cache", share: this.cache.trouble(task) },
      { cause: "frontend", share: this.#users.trouble() },
    ];
    const worst = found.reduce((most, one) => (one.share > most.share ? one : most));
    return worst.share > 0 ? worst : undefined;
  }

  /** What a process reads when it starts. */
  #connect(): Connected {
    return {
      pool: { host: this.#home.host(), address: undefined },
      password: this.#region.secrets.labelOf(COMPLETE.passwordSecret, "AWSCURRENT"),
    };
  }

  #processes(): readonly Connected[] {
    return [...this.#tasks.values(), ...this.#connected.values()];
  }

  #login({ pool, password }: Connected): Reached | undefined {
    const reached = this.#database.reach(pool);
    return reached?.content.password === password ? reached : undefined;
  }

  #countSessions(): void {
    const sessions = new Map<string, number>();
    for (const task of this.#processes()) {
      const reached = this.#login(task);
      if (reached) sessions.set(reached.name, (sessions.get(reached.name) ?? 0) + SESSIONS_A_TASK);
    }
    this.#database.setSessions(sessions);
  }
}

import type { RegionContext } from "../region-context.ts";
import type { TaskLaunch } from "../services/ecs/task-program.ts";
import type { ContentView } from "../services/rds/content.ts";
import type { StartedTask } from "./application.ts";
import { BOARDROOM, COMPONENTS, serviceName } from "./boardroom-names.ts";
import { BackEnd } from "./complete/back-end.ts";
import { CacheUse } from "./complete/cache-use.ts";
import type { DatabaseHome } from "./complete/database-home.ts";
import { DatabaseUse } from "./complete/database-use.ts";
import { FrontDoor } from "./complete/front-door.ts";
import type { Frontend } from "./complete/frontend.ts";
import { FrontendUsers } from "./complete/frontend-users.ts";
import type { Network } from "./complete/network.ts";
import { pageOf } from "./complete/page.ts";
import type { Surroundings } from "./complete/surroundings.ts";
import { TaskPrograms } from "./complete/task-programs.ts";
import type { WriteCount } from "./complete/write-book.ts";
import { COMPLETE, REVISIONS } from "./complete-names.ts";
import type { CompleteOptions } from "./complete-options.ts";
import type { TargetsOf } from "./traffic.ts";

/** What the complete application is made of, all of it installed. */
export interface CompleteParts {
  readonly region: Surroundings;
  readonly network: Network;
  readonly home: DatabaseHome;
  readonly frontend: Frontend;
  readonly targetsOf: TargetsOf;
  readonly options: CompleteOptions;
  /** Which release an image is a build of. */
  readonly releaseOf: (image: TaskLaunch["image"]) => string;
}

/** Everything of the sample application besides its two services: what they depend on, and what a drill sees of it. */
export class CompleteBoardroom {
  readonly network: Network;
  readonly backEnd: BackEnd;
  readonly tasks: TaskPrograms;
  readonly frontend: Frontend;
  readonly frontendUsers: FrontendUsers;
  readonly #parts: CompleteParts;
  readonly #database: DatabaseUse;
  readonly #door: FrontDoor;

  constructor(context: RegionContext, parts: CompleteParts) {
    const { region, home, network, frontend, options } = parts;
    const { databases } = region.rds;
    this.#parts = parts;
    this.network = network;
    this.frontend = frontend;
    this.#database = new DatabaseUse(context, databases, home);
    const page = pageOf(context, region, options.page ?? "load-balancer-rules", frontend.distributionId);
    this.#door = new FrontDoor(context, region, page);
    this.frontendUsers = new FrontendUsers(region, frontend.distributionId);
    this.backEnd = new BackEnd(region, {
      ...{ home, database: this.#database, door: this.#door, users: this.frontendUsers, page },
      cache: new CacheUse(region, options.cache),
    });
    this.tasks = new TaskPrograms({
      ...{ region, databases, home, network, cache: this.backEnd.cache },
      symptoms: () => this.symptoms(),
      connect: (taskArn) => this.backEnd.connect(taskArn),
      revisionsOf: (image) => revisionsOf(parts.releaseOf(image)),
    });
  }

  started(task: StartedTask): void {
    this.backEnd.started(task);
  }

  stopped(taskArn: string): void {
    this.backEnd.stopped(taskArn);
  }

  /** A rotation has set a new password in the database that is live. */
  passwordChanged(secret: string, label: string): void {
    const live = this.#database.live();
    if (secret !== COMPLETE.passwordSecret || live === undefined) return;
    this.#parts.region.rds.databases.setPassword(live, label);
    this.#database.changed();
  }

  /** For drills: a migration of a new release has brought the live schema to its revision. */
  migrate(revision: string): void {
    const live = this.#database.live();
    if (live === undefined || !this.#parts.region.rds.databases.migrate(live, revision)) {
      throw new Error(`The schema cannot be migrated to ${revision}: the database does not take connections`);
    }
    this.#database.changed();
  }

  /** The resource id of the database that a task which starts now gets. */
  liveDatabase(): string | undefined {
    return this.#database.live();
  }

  /** What the live database holds, now or at a moment. */
  content(at?: number): ContentView | undefined {
    const live = this.#database.live();
    return live === undefined ? undefined : this.#parts.region.rds.databases.contentAt(live, at);
  }

  /** Acknowledged writes since a moment that the live database does not hold. */
  writesLost(since = 0): WriteCount {
    return this.#database.book.missingFrom(this.#database.live(), since);
  }

  /**
   * Writes that somebody lost although writers should have been paused: acknowledged after the safety snapshot, and not
   * in the database that is live now. Must be none.
   *
   * @param snapshotAt when the snapshot was begun, epoch milliseconds: `SnapshotCreateTime`
   */
  wroteDuringCutOver(snapshotAt: number): WriteCount {
    return this.writesLost(snapshotAt);
  }

  /** Acknowledged writes since a moment, to one database when its resource id is given. */
  writesSince(since: number, resourceId?: string): WriteCount {
    return this.#database.book.since(since, resourceId);
  }

  /** How many tasks of the API have a living process. */
  writersRunning(): number {
    return this.backEnd.writersRunning;
  }

  /** Whether the live database takes the password that is current in the secret. */
  passwordFits(): boolean {
    const label = this.#parts.region.secrets.labelOf(COMPLETE.passwordSecret, "AWSCURRENT");
    return label !== undefined && this.content()?.password === label;
  }

  cacheEpoch(): string | undefined {
    return this.#parts.region.ssm.read(COMPLETE.cacheEpochParameter)?.value;
  }

  /** The replication groups that the API's tasks use; `none` for a task that gets no answer from its cache. */
  cachesInUse(): readonly string[] {
    return this.backEnd.cachesInUse();
  }

  /** Which release of the frontend people at each edge location get. */
  frontendReleases(): Readonly<Record<string, string | undefined>> {
    return this.frontendUsers.releases();
  }

  /** Whether somebody from this address sees the maintenance page, or is not let in at all. */
  gate(sourceIp?: string): "open" | "maintenance" | "isolated" {
    return this.#door.pass("api", 0, sourceIp);
  }

  /** What is wrong with the application at this moment, a line each; empty when it is well. */
  symptoms(): readonly string[] {
    const withoutCache = this.cachesInUse().includes("none") ? ["api: the cache does not answer"] : [];
    return [...this.#failing(), ...withoutCache];
  }

  #failing(): readonly string[] {
    return COMPONENTS.flatMap((component) => {
      const targets = this.#parts.targetsOf(BOARDROOM.cluster, serviceName(component));
      const healthy = targets.filter(({ state }) => state === "healthy");
      if (healthy.length === 0) return [`${component}: no healthy task`];
      return healthy.flatMap((target) => {
        const { errorRate } = target.behaviour;
        const trouble = component === "api" ? this.backEnd.trouble(target) : undefined;
        const share = Math.max(errorRate, trouble?.share ?? 0);
        return share > 0
          ? [`${component}: ${Math.round(share * 100)} % errors (${trouble?.cause ?? "release"})`]
          : [];
      });
    });
  }
}

/** The release of the old schema has its scripts only; every later one has all. */
function revisionsOf(release: string): readonly string[] {
  const { [BOARDROOM.goodRelease]: first, [BOARDROOM.badRelease]: second } = REVISIONS;
  return release === BOARDROOM.goodRelease ? [first] : [first, second];
}

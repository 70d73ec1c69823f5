import type { RegionContext } from "../../region-context.ts";
import type { ContentView } from "../../services/rds/content.ts";
import type { Databases } from "../../services/rds/databases.ts";
import type { DatabaseHome } from "./database-home.ts";
import { WriteBook } from "./write-book.ts";

/** A task's connections: the host that it read at its start, and the address that its open connections go to. */
export interface Pool {
  readonly host: string | undefined;
  address: string | undefined;
}

/** A database that takes connections now. */
export interface Reached {
  readonly name: string;
  readonly resourceId: string;
  readonly content: ContentView;
}

/** Sessions are opened anew this often: a changed password, schema or damage is felt this late at most. */
const SESSION_MS = 15_000;

/** How tasks use the database that is behind their host name, and what they wrote into which. */
export class DatabaseUse {
  readonly book: WriteBook;
  readonly #context: RegionContext;
  readonly #databases: Databases;
  readonly #home: DatabaseHome;
  /** What was found at this very moment, by name: many tasks ask for the same. */
  readonly #seen = new Map<string, { readonly at: number; readonly reached: Reached | undefined }>();
  /** What sessions know of the content, by resource id. */
  readonly #known = new Map<string, { readonly at: number; readonly content: ContentView }>();
  /** Rows that this moment's requests wrote, by name and table. */
  readonly #rows = new Map<string, Map<string, number>>();
  /** The names at which somebody had sessions, and what stood behind them. */
  #sessions = new Map<string, string>();

  constructor(context: RegionContext, databases: Databases, home: DatabaseHome) {
    this.#context = context;
    this.#databases = databases;
    this.#home = home;
    this.book = new WriteBook(databases);
  }

  /**
   * Open connections keep the address that they have; when that is gone, the host name is resolved again. So a task can
   * go on writing to a database whose name was given to another one (docs/facts/database.md §5, "Stale writers").
   */
  reach(pool: Pool): Reached | undefined {
    if (pool.host === undefined) return undefined;
    if (this.#home.isProxied) return this.#look(pool.host);
    const connected = pool.address === undefined ? undefined : this.#look(pool.address);
    if (connected) return connected;
    const fresh = this.#look(pool.host);
    pool.address = fresh?.resourceId;
    return fresh && { ...fresh, name: fresh.resourceId };
  }

  /** Adds to what is written at this moment. */
  write({ name }: Reached, table: string, rows: number): void {
    if (rows <= 0) return;
    if (this.#rows.size === 0) this.#context.kernel.schedule(0, () => this.#flush());
    const tables = this.#rows.get(name) ?? new Map<string, number>();
    tables.set(table, (tables.get(table) ?? 0) + rows);
    this.#rows.set(name, tables);
  }

  corrupt({ name, content }: Reached, table: string): void {
    if (content.corrupted.includes(table)) return;
    this.#databases.corrupt(name, table);
    this.changed();
    this.#context.kernel.log.write("application", "data damaged", { table });
  }

  /** The content has changed otherwise than by rows: everybody looks again. */
  changed(): void {
    this.#known.clear();
    this.#seen.clear();
  }

  /** Says who has how many sessions now: all of them, by name. */
  setSessions(sessions: ReadonlyMap<string, number>): void {
    const before = this.#sessions;
    this.#sessions = new Map();
    for (const [name, count] of sessions) {
      const resourceId = this.#databases.instance(name)?.resourceId;
      if (resourceId === undefined || !this.#databases.connectable(name)) continue;
      this.#databases.setSessions(name, count);
      this.#sessions.set(name, resourceId);
    }
    const still = new Set(this.#sessions.values());
    for (const resourceId of before.values()) {
      if (!still.has(resourceId) && this.#databases.instance(resourceId)) {
        this.#databases.setSessions(resourceId, 0);
      }
    }
  }

  /** The database that a task which starts now gets; undefined when its host name leads nowhere. */
  live(): string | undefined {
    return this.#databases.instance(this.#home.host() ?? "")?.resourceId;
  }

  #look(name: string): Reached | undefined {
    const { now } = this.#context.kernel;
    const seen = this.#seen.get(name);
    if (seen?.at === now) return seen.reached;
    const reached = this.#databases.connectable(name) ? this.#reached(name) : undefined;
    this.#seen.set(name, { at: now, reached });
    return reached;
  }

  #reached(name: string): Reached | undefined {
    const resourceId = this.#databases.instance(name)?.resourceId;
    const content = resourceId === undefined ? undefined : this.#contentOf(resourceId);
    return resourceId === undefined || !content ? undefined : { name, resourceId, content };
  }

  #contentOf(resourceId: string): ContentView | undefined {
    const { now } = this.#context.kernel;
    const known = this.#known.get(resourceId);
    if (known && now - known.at < SESSION_MS) return known.content;
    const content = this.#databases.contentAt(resourceId);
    if (content) this.#known.set(resourceId, { at: now, content });
    return content;
  }

  #flush(): void {
    for (const [name, tables] of this.#rows) {
      const resourceId = this.#databases.instance(name)?.resourceId;
      for (const [table, rows] of tables) {
        const note = this.book.nextNote();
        if (resourceId === undefined || !this.#databases.write(name, table, rows, note)) continue;
        this.book.add({ at: this.#context.kernel.now, resourceId, table, rows, note });
      }
    }
    this.#rows.clear();
  }
}

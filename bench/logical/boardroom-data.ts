import { globSync, readFileSync } from "node:fs";
import { Random } from "../../lib/region/kernel/random.ts";

/** Tables as the seeds' application has them: keys, some indexes, foreign keys. */
export const SCHEMA = `
create table users (
  id bigint primary key, email text not null unique, full_name text not null, role text not null,
  settings jsonb not null, created_at timestamptz not null);
create table boardrooms (
  id bigint primary key, name text not null, owner_id bigint not null references users, created_at timestamptz not null);
create table meetings (
  id bigint primary key, boardroom_id bigint not null references boardrooms, agenda text not null,
  starts_at timestamptz not null);
create index on meetings (boardroom_id, starts_at);
create table documents (
  id uuid primary key, boardroom_id bigint not null references boardrooms, author_id bigint not null references users,
  title text not null, body text not null, metadata jsonb not null,
  created_at timestamptz not null, updated_at timestamptz not null);
create index on documents (boardroom_id, updated_at);
create table audit_logs (
  id bigint primary key, user_id bigint not null references users, action text not null, document_id uuid not null,
  details jsonb not null, ip inet not null, created_at timestamptz not null);
create index on audit_logs (created_at);
create index on audit_logs (user_id);
`;

/** In the order of their foreign keys. */
export const TABLES = ["users", "boardrooms", "meetings", "documents", "audit_logs"] as const;
type Table = (typeof TABLES)[number];

/** Some 1,000 MB with their indexes, which is measured; tables of another size are a share of these. */
const ROWS_OF_A_GIGABYTE: Readonly<Record<Table, number>> = {
  users: 20_000,
  boardrooms: 2_000,
  meetings: 60_000,
  documents: 420_000,
  audit_logs: 1_200_000,
};

const LINES_A_CHUNK = 500;

/** The rows of a table for COPY, in chunks; the same for the same size every time. */
export function* rowsOf(table: Table, megabytes: number): Generator<string> {
  const author = new Author(table);
  const counts = countsOf(megabytes);
  let chunk = "";
  for (let row = 1; row <= counts[table]; row++) {
    chunk += `${LINES[table](author, row, counts).join("\t")}\n`;
    if (row % LINES_A_CHUNK > 0) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

type Counts = Readonly<Record<Table, number>>;

export function countsOf(megabytes: number): Counts {
  const share = (table: Table) => Math.max(1, Math.round((ROWS_OF_A_GIGABYTE[table] * megabytes) / 1_000));
  return {
    users: share("users"),
    boardrooms: share("boardrooms"),
    meetings: share("meetings"),
    documents: share("documents"),
    audit_logs: share("audit_logs"),
  };
}

type Line = (author: Author, row: number, counts: Counts) => readonly (string | number)[];

const LINES: Readonly<Record<Table, Line>> = {
  users: (author, row) => [
    row,
    `${author.word()}.${author.word()}.${row}@example.com`,
    `${author.word()} ${author.word()}`,
    author.oneOf(["member", "member", "member", "chair", "admin"]),
    `{"locale": "${author.oneOf(["en", "de", "fr"])}", "digest": ${author.chance.chance(0.5)}}`,
    author.moment(),
  ],
  boardrooms: (author, row, { users }) => [row, author.text(20, 40), author.upTo(users), author.moment()],
  meetings: (author, row, { boardrooms }) => [
    row,
    author.upTo(boardrooms),
    author.text(60, 400),
    author.moment(),
  ],
  documents: (author, row, { users, boardrooms }) => [
    documentId(row),
    author.upTo(boardrooms),
    author.upTo(users),
    author.text(20, 80),
    // Below the size from which PostgreSQL compresses a text: a dump has nothing to unpack.
    author.text(300, 1_700),
    `{"pages": ${author.upTo(90)}, "tags": ["${author.word()}", "${author.word()}"], "sha256": "${author.chance.hex(64)}"}`,
    author.moment(),
    author.moment(),
  ],
  audit_logs: (author, row, { users, documents }) => [
    row,
    author.upTo(users),
    author.oneOf(["create", "update", "update", "read", "read", "read", "delete"]),
    documentId(author.upTo(documents)),
    `{"request": "${author.chance.uuid()}", "field": "${author.word()}", "note": "${author.text(20, 60)}"}`,
    `10.${author.upTo(255)}.${author.upTo(255)}.${author.upTo(255)}`,
    author.moment(),
  ],
};

/** Looks random, as such keys do, and is the same for the same row. */
function documentId(row: number): string {
  return new Random(row).uuid();
}

/** Writes English that gzip packs as it packs English: passages of this repository's own pages. */
class Author {
  readonly chance: Random;
  readonly #prose: string;
  readonly #words: readonly string[];

  constructor(label: string) {
    this.chance = new Random(1).fork(label);
    const files = globSync(["docs/**/*.md", "README.md"], { cwd: ROOT }).toSorted();
    const pages = files.map((file) => readFileSync(`${ROOT}/${file}`, "utf8"));
    // What COPY or JSON would have to escape is left out.
    this.#prose = pages.join(" ").replaceAll(/[^\w .,;:()-]+/g, " ");
    this.#words = this.#prose.toLowerCase().match(/[a-z]{3,12}/g) ?? [];
  }

  text(least: number, most: number): string {
    const length = this.chance.integer(least, most);
    const start = this.chance.integer(0, this.#prose.length - length);
    return this.#prose.slice(start, start + length);
  }

  word(): string {
    return this.oneOf(this.#words);
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.chance.integer(0, choices.length - 1)] as T;
  }

  upTo(most: number): number {
    return this.chance.integer(1, most);
  }

  moment(): string {
    return new Date(FIRST_DAY + this.chance.integer(0, YEAR_MS)).toISOString();
  }
}

const ROOT = `${import.meta.dirname}/../..`;
const FIRST_DAY = Date.parse("2025-11-21T00:00:00Z");
const YEAR_MS = 365 * 86_400_000;

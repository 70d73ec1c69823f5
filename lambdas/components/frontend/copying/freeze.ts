import { createHash } from "node:crypto";
import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { asked } from "../../aws-call.ts";
import type { Clock } from "../../component.ts";
import type { Part, PlanCursor, PlanHead, PlanRow, Stage } from "./frozen-plan.ts";
import type { PlanStore } from "./plan-store.ts";
import type { KeyChange } from "./restore-key.ts";
import { inOrder, type Sequence, stageOf } from "./stage.ts";
import { objectOf } from "./write.ts";

/** A key and what has to happen to it. */
export interface Judged {
  readonly key: string;
  readonly change: KeyChange;
}

export interface Freezing {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly store: PlanStore;
  readonly clock: Clock;
  readonly sequence: Sequence;
  /** Whether keys that the target does not have are removed. */
  readonly deletes: boolean;
  /** Every key behind this one, in the order of the keys. */
  readonly judge: (after: string) => AsyncIterable<Judged>;
}

/** How freezing ended, or how far it is. */
export type Frozen =
  | { readonly status: "working"; readonly after: string }
  | { readonly status: "frozen"; readonly head: PlanHead }
  | { readonly status: "blocked"; readonly note: string };

/** The part whose rows are written one by one. */
export const ENTRY_POINTS_PART = "plan-entry-points.jsonl";

/** As many keys a part: memory stays bounded (3 MB of rows), and a crash repeats no more than this. */
const KEYS_A_PART = 5_000;

/** As many keys come with one answer of a listing, and between two answers nothing is worth stopping for. */
const KEYS_A_PAGE = 1_000;

/** Freezing stops after this long and goes on in the next tick: far below what `follow` keeps in reserve for one. */
export const TICK_MILLIS = 20_000;

/**
 * Decides for every key once, and writes the decisions down: a bucket that changes while it is listed, or a second
 * invocation, cannot change what is carried out. Parts are named after the keys they cover, so that two invocations
 * which freeze at the same time never mix.
 */
export async function freeze(freezing: Freezing): Promise<Frozen> {
  const { store, clock, judge } = freezing;
  const frozen = await store.head();
  if (frozen) return { status: "frozen", head: frozen };
  let cursor = (await store.cursor()) ?? BEGINNING;
  const end = clock().getTime() + TICK_MILLIS;
  let batch: Judged[] = [];
  for await (const judged of judge(cursor.after)) {
    batch.push(judged);
    const isOver = batch.length % KEYS_A_PAGE === 0 && clock().getTime() >= end;
    if (batch.length < KEYS_A_PART && !isOver) continue;
    cursor = await keep(freezing, cursor, batch);
    batch = [];
    if (isOver) return { status: "working", after: cursor.after };
  }
  if (batch.length > 0) cursor = await keep(freezing, cursor, batch);
  if (cursor.blocked.count > 0) return { status: "blocked", note: blockedNote(cursor.blocked) };
  return { status: "frozen", head: await finish(freezing, cursor) };
}

const BEGINNING: PlanCursor = {
  after: "",
  parts: [],
  entryPoints: [],
  leftAlone: 0,
  blocked: { count: 0, examples: [] },
};

async function keep(freezing: Freezing, cursor: PlanCursor, batch: readonly Judged[]): Promise<PlanCursor> {
  const { store, sequence, deletes } = freezing;
  const after = batch.at(-1)?.key ?? cursor.after;
  const stages = new Map<Stage, PlanRow[]>();
  const blocked = { count: cursor.blocked.count, examples: [...cursor.blocked.examples] };
  let { leftAlone } = cursor;
  for (const { key, change } of batch) {
    if (change.change === "none") continue;
    if (change.change === "blocked") {
      if (blocked.count++ < 5) blocked.examples.push(`${key} ${change.why}`);
      continue;
    }
    if (change.change === "delete" && !deletes) {
      leftAlone++;
      continue;
    }
    const stage = stageOf(key, change.change === "delete", sequence);
    const rows = stages.get(stage) ?? [];
    rows.push(rowOf(key, change));
    stages.set(stage, rows);
  }
  const together = [...stages].filter(([stage]) => stage !== "entry-points");
  const parts = together.map(([stage, rows]): Part => {
    const interval = createHash("sha256").update(`${cursor.after}\n${after}`).digest("hex").slice(0, 12);
    return { name: `plan-${stage}-${interval}.jsonl`, stage, ...countsOf(rows) };
  });
  await Promise.all(parts.map((part) => store.writeRows(part.name, stages.get(part.stage) ?? [])));
  const next = {
    after,
    parts: [...cursor.parts, ...parts],
    entryPoints: [...cursor.entryPoints, ...(stages.get("entry-points") ?? [])],
    leftAlone,
    blocked,
  };
  await store.writeCursor(next);
  return next;
}

async function finish(freezing: Freezing, { parts, entryPoints, leftAlone }: PlanCursor): Promise<PlanHead> {
  const { store, sequence } = freezing;
  const last = { name: ENTRY_POINTS_PART, stage: "entry-points", ...countsOf(entryPoints) } as const;
  if (last.rows > 0) await store.writeRows(last.name, inOrder(entryPoints, sequence));
  const all = last.rows > 0 ? [...parts, last] : parts;
  const head = { parts: all, leftAlone, encrypted: await usesKms(freezing, all) };
  await store.writeHead(head);
  return (await store.head()) ?? head;
}

/**
 * No listing tells how an object is encrypted, and asking each one would double the calls. One stands for all: whoever
 * encrypts a frontend with a KMS key does it for the bucket.
 */
async function usesKms({ s3, bucket, store }: Freezing, parts: readonly Part[]): Promise<boolean> {
  const part = parts.findLast(({ stage }) => stage !== "removals" && stage !== "removed-pages");
  const rows = part ? await store.rows(part.name) : [];
  const source = rows.find(({ from }) => from)?.from;
  if (!source) return false;
  const { ServerSideEncryption: encryption } = await asked(
    `Reading how ${source.key} is encrypted`,
    s3.send(new HeadObjectCommand({ Bucket: bucket, ...objectOf(source) })),
  );
  return encryption?.startsWith("aws:kms") ?? false;
}

function countsOf(rows: readonly PlanRow[]) {
  return { rows: rows.length, overwrites: rows.filter(({ over }) => over).length };
}

function rowOf(key: string, change: Exclude<KeyChange, { change: "none" | "blocked" }>): PlanRow {
  if (change.change === "delete") return { key, over: change.over };
  return { key, from: change.from, ...(change.over ? { over: change.over } : {}) };
}

function blockedNote({ count, examples }: PlanCursor["blocked"]): string {
  const others = count > examples.length ? `; and ${count - examples.length} more` : "";
  return `${count} ${count === 1 ? "object" : "objects"} cannot be put back: ${examples.join("; ")}${others}.`;
}

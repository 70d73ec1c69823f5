import * as z from "zod";

/** What is frozen of a version: enough to copy it and to recognise it. */
const FrozenSource = z.strictObject({
  key: z.string(),
  versionId: z.string().optional(),
  etag: z.string(),
  size: z.number(),
  storageClass: z.string(),
});

/** One line of the frozen plan: a key, what it shall be and what it was. Without `from` it goes, without `over` it is new. */
export const PlanRow = z.strictObject({
  key: z.string(),
  from: FrozenSource.optional(),
  over: FrozenSource.optional(),
});

/**
 * Parts of a plan in the order in which content is written, in both directions: what pages refer to stands before pages,
 * and pages before the entry points that users begin with. Deletes run the other way round, after all of them
 * (docs/facts/frontend-secrets-config.md §A.3, "Order"). `removals` and `removed-pages` are what the target did not have.
 */
export const STAGES = ["removals", "assets", "config", "pages", "entry-points", "removed-pages"] as const;

const Stage = z.enum(STAGES);

const Part = z.strictObject({
  name: z.string(),
  stage: Stage,
  rows: z.number().int(),
  /** Rows that replace something under the same name. */
  overwrites: z.number().int(),
});

/** The frozen plan's table of contents; its existence says that the plan is complete. */
export const PlanHead = z.strictObject({
  parts: z.array(Part),
  /** Keys that differ and are left as they are, because the environment does not want deletes. */
  leftAlone: z.number().int(),
  /** Objects are encrypted with KMS keys: each source is asked for its key before it is copied. */
  encrypted: z.boolean(),
});

/** How far freezing has come. */
export const PlanCursor = z.strictObject({
  after: z.string(),
  parts: z.array(Part),
  /** The few rows whose order matters one by one. */
  entryPoints: z.array(PlanRow),
  leftAlone: z.number().int(),
  blocked: z.strictObject({ count: z.number().int(), examples: z.array(z.string()) }),
});

/** What came of one row, for good: the version that users get now. */
export const DoneRow = z.strictObject({
  key: z.string(),
  versionId: z.string().optional(),
  etag: z.string().optional(),
  /** Somebody else's newer object lies there and was left alone. */
  leftAlone: z.literal(true).optional(),
});

/** How many objects change under the same name besides the entry points: the edge locations keep the old ones. */
export function staleAssets({ parts }: PlanHead): number {
  const assets = parts.filter(({ stage }) => stage !== "entry-points");
  return assets.reduce((sum, { overwrites }) => sum + overwrites, 0);
}

export type PlanRow = z.infer<typeof PlanRow>;
export type Part = z.infer<typeof Part>;
export type Stage = z.infer<typeof Stage>;
export type PlanHead = z.infer<typeof PlanHead>;
export type PlanCursor = z.infer<typeof PlanCursor>;
export type DoneRow = z.infer<typeof DoneRow>;

import type { S3Client } from "@aws-sdk/client-s3";
import type { FailureCode } from "../../../contracts/failures.ts";
import type { DirectCopies } from "./direct-copies.ts";
import type { DoneRow, PlanRow } from "./frozen-plan.ts";
import type { Source } from "./restore-key.ts";

/** To put what was planned in place, and to put it back. */
export type Direction = "forth" | "back";

/** Where rows are written. */
export interface WritePlace {
  readonly s3: S3Client;
  /** The first attempt at each copy. */
  readonly direct: DirectCopies;
  readonly bucket: string;
  readonly account: string;
  /** Ask every source how it is encrypted. */
  readonly encrypted: boolean;
}

/** One conditional write: it happens only while users still get what the plan says that they get. */
export interface Write {
  readonly key: string;
  /** Without it the key is deleted. */
  readonly from?: Source;
  /** What it replaces; without it nothing may be there. */
  readonly over?: Source;
  /** What this rollback wrote there before, as S3 answered. */
  readonly wrote?: DoneRow;
}

export type WriteOutcome =
  | { readonly outcome: "written"; readonly row: DoneRow }
  | { readonly outcome: "changed-by-others"; readonly key: string }
  | { readonly outcome: "problem"; readonly code: FailureCode; readonly note: string };

/** The write of a row in a direction; back, `wrote` is what came of it forth. */
export function writeOf({ key, from, over }: PlanRow, direction: Direction, wrote?: DoneRow): Write {
  const [source, replaced] = direction === "forth" ? [from, over] : [over, from];
  return {
    key,
    ...(source ? { from: source } : {}),
    ...(replaced ? { over: replaced } : {}),
    ...(wrote ? { wrote } : {}),
  };
}

/** The members of a request that name a source. */
export function objectOf({ key, versionId }: Pick<Source, "key" | "versionId">) {
  return { Key: key, ...(versionId ? { VersionId: versionId } : {}) };
}

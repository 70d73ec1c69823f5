import type { FailureCode } from "../../../contracts/failures.ts";

/** How far one step came. */
export type Progress =
  | { readonly state: "done" }
  | { readonly state: "working"; readonly note: string; readonly waitSeconds?: number }
  | { readonly state: "failed"; readonly code: FailureCode; readonly note: string };

export const done: Progress = { state: "done" };

export function working(note: string, waitSeconds?: number): Progress {
  return { state: "working", note, ...(waitSeconds === undefined ? {} : { waitSeconds }) };
}

export function failed(code: FailureCode, note: string): Progress {
  return { state: "failed", code, note };
}

import type { FailureCode } from "../../../contracts/failures.ts";
import type { Progress } from "./strategy.ts";

export const done: Progress = { state: "done" };

export function working(note: string, waitSeconds?: number): Progress {
  return { state: "working", note, ...(waitSeconds === undefined ? {} : { waitSeconds }) };
}

export function failed(code: FailureCode, note: string): Progress {
  return { state: "failed", code, note };
}

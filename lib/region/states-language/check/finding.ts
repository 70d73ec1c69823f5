/** Something wrong with a definition; `advice` does not stop it from being created. */
export interface Finding {
  readonly level: "error" | "advice";
  readonly code: FindingCode;
  readonly message: string;
  /** `/States/Take rollback lock/Catch[0]/Next` */
  readonly location: string;
}

type FindingCode =
  | "not-json"
  | "missing-field"
  | "unknown-field"
  | "unmodelled-field"
  | "jsonpath-field"
  | "invalid-value"
  | "not-jsonata"
  | "unknown-next"
  | "missing-transition"
  | "unreachable-state"
  | "no-terminal-state"
  | "duplicate-state-name"
  | "jsonata-syntax"
  | "stray-expression"
  | "unknown-function"
  | "states-member"
  | "reads-nothing"
  | "undefined-variable"
  | "maybe-undefined-variable"
  | "shadowing-assign"
  | "variable-name"
  | "states-all"
  | "unknown-error-name"
  | "heartbeat"
  | "no-timeout"
  | "unmodelled-resource"
  | "unknown-argument"
  | "task-token";

/** Collects findings while a definition is walked. */
export class Report {
  readonly findings: Finding[] = [];

  error(code: FindingCode, location: string, message: string): void {
    this.findings.push({ level: "error", code, message, location });
  }

  advice(code: FindingCode, location: string, message: string): void {
    this.findings.push({ level: "advice", code, message, location });
  }
}

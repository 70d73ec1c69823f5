import type { ValidateStateMachineDefinitionDiagnostic } from "@aws-sdk/client-sfn";
import type { Finding } from "../../states-language/check/finding.ts";

/** A finding as ValidateStateMachineDefinition answers it. */
export function diagnosticOf(finding: Finding): ValidateStateMachineDefinitionDiagnostic {
  return {
    severity: failsCreation(finding) ? "ERROR" : "WARNING",
    code: awsCode(finding),
    message: finding.message,
    location: finding.location,
  };
}

export function failsCreation({ level }: Finding): boolean {
  return level === "error";
}

/**
 * AWS's own codes where they are known [localstack AWS snapshots, `test_sfn_api_validation`]; what only this region
 * finds has the general one.
 */
export function awsCode({ code }: Finding): string {
  if (code === "not-json") return "INVALID_JSON_DESCRIPTION";
  if (code === "unknown-next" || code === "unreachable-state") return "MISSING_TRANSITION_TARGET";
  return "SCHEMA_VALIDATION_FAILED";
}

import type { Kind } from "./vocabulary.ts";

/** Environment variables of the functions, spelt once: the stack sets them, `platform/` reads them. */
export const SETTINGS = {
  ledgerTable: "STEPBACK_LEDGER_TABLE",
  environmentName: "STEPBACK_ENVIRONMENT",
  reportBucket: "STEPBACK_REPORT_BUCKET",
  announcementTopic: "STEPBACK_ANNOUNCEMENT_TOPIC",
  applicationName: "STEPBACK_APPLICATION",
  account: "STEPBACK_ACCOUNT",
  /** Only where approvals are asked for: the URL that takes the answers. */
  approvalUrl: "STEPBACK_APPROVAL_URL",
} as const;

/** The variable that names the function moving components of a kind: `STEPBACK_MOVER_ECS_SERVICE`. */
export const moverSettingOf = (kind: Kind) => `STEPBACK_MOVER_${kind.toUpperCase().replaceAll("-", "_")}`;

import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../components/component.ts";
import { Checkpoint, checkpointKey, RollbackRecord, rollbackKey } from "../contracts/ledger.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { ReportRequest, ReportResult } from "../contracts/report.ts";
import { announceOutcome } from "../domain/announce.ts";
import { incompleteIn } from "../domain/incomplete.ts";
import { durationsOf, outcomeOf } from "../domain/outcome.ts";
import { quarantinedBy } from "../domain/quarantine.ts";
import { markdownOf, type Report } from "../domain/report.ts";
import { recordOf } from "../domain/rollback-record.ts";
import { standingsOf, ticksOf } from "../domain/standing.ts";
import { unfinishedIn } from "../domain/unfinished.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { readJournals } from "../platform/ledger/read-journals.ts";
import { CLIENT_OPTIONS } from "../platform/platform.ts";

interface Services {
  readonly ledger: LedgerTable;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly application: string;
  readonly environment: string;
  readonly clock: Clock;
}

/** Names the outcome, quarantines what was rolled back from, and writes the record and the report. */
export async function writeReport(request: ReportRequest, services: Services): Promise<ReportResult> {
  const { planned, results, wayOut } = request;
  const { plan } = planned;
  const journals = await readJournals(services.ledger, planned);
  const incomplete = incompleteIn(journals);
  const { outcome, sentence } = outcomeOf(request, incomplete);
  const durations = durationsOf(request);
  const folder = `${services.environment}/${planned.rollbackId}`;
  const unfinished = unfinishedIn(plan, wayOut, journals);
  const report = {
    rollbackId: planned.rollbackId,
    environment: services.environment,
    outcome,
    sentence,
    durations,
    request,
    unfinished,
    incomplete,
  };
  const location = `s3://${services.bucket}/${folder}/report.md`;
  const record = recordOf(planned, journals, {
    outcome,
    startedAt: new Date(request.execution.startedAt).toISOString(),
    endedAt: services.clock().toISOString(),
    touched: touchedBy(request),
    report: location,
    unfinished,
    incomplete,
  });
  await quarantine(request, services);
  await writeObjects(folder, report, services);
  await services.ledger.put(rollbackKey(planned.rollbackId), RollbackRecord, record);
  const headline = { application: services.application, environment: services.environment, ...planned };
  const announcement = announceOutcome(headline, {
    outcome,
    sentence,
    plan,
    results,
    wayOut,
    unfinished,
    incomplete,
    report: location,
  });
  return { outcome, sentence, durations, report: location, announcement };
}

/** The versions that were rolled back from are never a target again (docs/architecture.md), unless a person names them. */
async function quarantine({ planned, results }: ReportRequest, { ledger, clock }: Services): Promise<void> {
  // After an undo a person went forward again: what was left is not bad for that. A rehearsal leaves nothing.
  if (planned.mode !== "execute") return;
  const moves = standingsOf(planned.plan, results)
    .filter(({ state }) => state === "done")
    .map(({ move }) => move);
  const checkpoints = await ledger.list(checkpointKey(""), Checkpoint, { limit: 50 });
  const changed = quarantinedBy(checkpoints, moves, { rollbackId: planned.rollbackId, now: clock() });
  await Promise.all(
    changed.map((checkpoint) => ledger.put(checkpointKey(checkpoint.id), Checkpoint, checkpoint)),
  );
}

/** Without any result the waves broke, and each move may have begun. A cache may follow its data on the way out. */
function touchedBy({ planned, results, wayOut }: ReportRequest): ReadonlySet<string> {
  if (results.length === 0) return new Set(planned.plan.moves.map((one) => one.component));
  const ticks = [...ticksOf(results), ...ticksOf(wayOut).filter(({ verb }) => verb === "cutOver")];
  return new Set(ticks.flatMap((one) => (one.status !== "failed" || one.touched ? [one.component] : [])));
}

async function writeObjects(folder: string, report: Report, { s3, bucket }: Services): Promise<void> {
  const objects = [
    // The same document as the workflow's evidence, which the clean-up reads.
    ["plan.json", JSON.stringify(report.request.planned, null, 2), "application/json"],
    ["report.json", JSON.stringify(report, null, 2), "application/json"],
    ["report.md", markdownOf(report), "text/markdown; charset=utf-8"],
  ] as const;
  await Promise.all(
    objects.map(([name, Body, ContentType]) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/${name}`, Body, ContentType })),
    ),
  );
}

export const handler = defineHandler({
  name: "write-report",
  input: ReportRequest,
  output: ReportResult,
  services: (platform): Services => ({
    ledger: ledgerOf(platform),
    s3: new S3Client(CLIENT_OPTIONS),
    bucket: platform.setting("reportBucket"),
    application: platform.setting("applicationName"),
    environment: platform.setting("environmentName"),
    clock: platform.clock,
  }),
  async run(request, services, { logger, metrics }) {
    const result = await writeReport(request, services);
    logger.info(LOG_EVENTS.reported, { outcome: result.outcome, report: result.report });
    metrics.addMetric(result.outcome, MetricUnit.Count, 1);
    return result;
  },
});

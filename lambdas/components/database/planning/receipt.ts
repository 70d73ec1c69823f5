import type { DatabaseComponent } from "../../../contracts/kinds/database.ts";
import type { Receipt } from "../../../contracts/plan.ts";
import { isSnapshottedLater } from "../first-backup.ts";
import type { DatabaseNames } from "../names.ts";
import { notCarried } from "../settings/not-carried.ts";
import type { Sight } from "../sight.ts";
import type { Way } from "./check.ts";
import { type Estimate, sum } from "./estimate.ts";
import type { RestoreWindow, Snapshot } from "./restore-window.ts";
import { inSeconds } from "./version-id.ts";
import { noBacktrackBecause } from "./way.ts";

export interface ReceiptFacts {
  readonly way: Way;
  readonly now: Date;
  readonly configuration: DatabaseComponent;
  readonly serving: Sight;
  readonly names: DatabaseNames;
  /** The moment that users are on afterwards; with `return` when the kept database was left. */
  readonly restoreTo: Date;
  readonly window: RestoreWindow | undefined;
  readonly snapshots: readonly Snapshot[];
  /** Users come to the copy while RDS still backs it up. */
  readonly servesEarly: boolean;
  readonly estimate: Estimate;
}

/** What the rollback of a database costs, in numbers and sentences, for whoever approves it. Pure. */
export function receiptOf(facts: ReceiptFacts): Receipt {
  const { way, now, configuration, serving, restoreTo, window, estimate } = facts;
  const { low, high } = sum(estimate.prepare, estimate.cutOver);
  const locking = facts.servesEarly ? [leavesUnsnapshotted(facts) ? SNAPSHOTTED_LATER : LOCKED_LATER] : [];
  return {
    restoreTo: inSeconds(restoreTo),
    ...(window ? { latestRestorable: inSeconds(window.latest) } : {}),
    lossSeconds: Math.max(0, Math.round((now.getTime() - restoreTo.getTime()) / 1_000)),
    keptIn: keptIn(facts),
    estimate: { low: Math.round(low), high: Math.round(high), source: estimate.source },
    settingsThatDiffer:
      way === "return" || way === "backtrack"
        ? locking
        : [
            ...(facts.servesEarly ? COMING_LATER : []),
            ...locking,
            ...notCarried(serving, configuration.cutOver),
          ],
    alternatives: alternativesTo(facts),
  };
}

/** docs/adr/0016; these settings are `mayComeLater` in their table. */
const COMING_LATER = [
  "Monitoring and the maintenance window are set by themselves after users are there: RDS takes them when it has backed the copy up for the first time, which may take hours.",
  "Until then it cannot be snapshotted: whoever goes back meanwhile leaves it without a snapshot, which is taken afterwards.",
];

/** docs/adr/0017. */
const LOCKED_LATER =
  "The old database is locked away when its snapshot has been taken, some minutes after users have left it.";

/** docs/adr/0018. */
const SNAPSHOTTED_LATER =
  "The database that users leave is snapshotted and locked away when RDS is through with it, which may be hours after they have left it.";

/** Of an undo: RDS is at work on what users leave. */
const leavesUnsnapshotted = ({ way, servesEarly, serving }: ReceiptFacts) =>
  isSnapshottedLater({ way, serveDuringBackups: servesEarly }, serving);

/**
 * The most that may be lost before a new approval is asked: what is lost now, the time that people have to approve, and
 * the longest that the preparation should take.
 *
 * @param approvalSeconds how long people have to approve
 */
export function acceptedLossSeconds({ lossSeconds, estimate }: Receipt, approvalSeconds: number): number {
  return Math.ceil(lossSeconds + estimate.high + approvalSeconds);
}

function keptIn(facts: ReceiptFacts): string {
  const { way, serving, names, servesEarly } = facts;
  const { keepDays, cutOver } = facts.configuration;
  const begun = servesEarly ? "begun before the change" : "taken before the change";
  const snapshot = `the snapshot ${names.snapshot}, ${leavesUnsnapshotted(facts) ? "taken some time after it" : begun}`;
  if (way === "clone") return "nothing else: a clone is thrown away again.";
  if (way === "backtrack") return `${snapshot}; within the backtrack window it can also go forward again.`;
  const name =
    cutOver.strategy === "rename" ? `${serving.identifier}, renamed to ${names.retired}` : serving.identifier;
  return `the old database ${name}, which Stepback never deletes (tagged to be looked at after ${keepDays} days), and ${snapshot}.`;
}

/** What else could be done, and why it was not chosen (DESIGN §5). */
function alternativesTo(facts: ReceiptFacts): Receipt["alternatives"] {
  const { way, restoreTo, configuration, serving, snapshots, window } = facts;
  const code = {
    what: "Roll back the code alone and leave the data",
    whyNot:
      "Nobody but you can tell whether the older code works with the present data and schema. If it does, this is the better way: nothing is lost. Leave the database out of the scope.",
  };
  if (way === "return") return [code];
  if (way === "clone") return [];
  const backtrack = noBacktrackBecause({ serving, backtrack: configuration.backtrack }, restoreTo);
  const older = snapshots.find(({ at }) => at.getTime() <= restoreTo.getTime());
  return [
    code,
    ...(way === "backtrack"
      ? [{ what: "Restore a copy beside it", whyNot: "It takes far longer than going back in place." }]
      : [
          {
            what: "Backtrack the cluster in place",
            whyNot: `${capital(backtrack ?? "Another way was chosen")}.`,
          },
        ]),
    ...(way === "snapshot"
      ? [
          {
            what: "Restore to the very moment",
            whyNot: window ? "Automated backups do not reach back that far." : "Automated backups are off.",
          },
        ]
      : [{ what: "Restore a snapshot", whyNot: snapshotWhyNot(older, restoreTo) }]),
    {
      what: "Copy single tables back",
      whyNot:
        "RDS has no restore of tables; it needs a restored copy and somebody who knows the foreign keys. It stays possible afterwards, from the old database.",
    },
    ...(way === "backtrack" ? [] : [otherStrategy(configuration)]),
    ...(way === "backtrack" || facts.servesEarly || !waitsForBackup(facts) ? [] : [SERVE_EARLY]),
  ];
}

/** What would spare users the hours that RDS may take for the first backup of a copy (performance-reliability.md A1). */
const SERVE_EARLY = {
  what: "Let the copy serve while RDS still backs it up for the first time, which may take hours, and snapshots the old one",
  whyNot: "The environment does not declare serveDuringBackups.",
};

const waitsForBackup = ({ serving, configuration: { cutOver } }: ReceiptFacts) =>
  serving.shape === "instance" &&
  (serving.instance.BackupRetentionPeriod ?? 0) > 0 &&
  cutOver.strategy !== "rename";

function snapshotWhyNot(older: Snapshot | undefined, restoreTo: Date): string {
  if (!older) return "There is none from before the moment.";
  const minutes = Math.ceil((restoreTo.getTime() - older.at.getTime()) / 60_000);
  return `The newest before the moment, ${older.identifier}, would lose ${minutes} more minutes.`;
}

function otherStrategy({ cutOver: { strategy } }: DatabaseComponent) {
  return strategy === "rename"
    ? {
        what: "Cut over by a proxy or an endpoint parameter instead of renaming",
        whyNot: "The environment declares rename, which is the slowest: writers stay paused for two renames.",
      }
    : { what: "Cut over by renaming", whyNot: `The environment declares ${strategy}, which is quicker.` };
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

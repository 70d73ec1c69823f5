import { type DatabaseComponent, DatabaseMove } from "../../../contracts/kinds/database.ts";
import type { Move } from "../../../contracts/plan.ts";
import type { Wish } from "../../component.ts";
import { databaseNames } from "../names.ts";
import { addressOf, type Sight } from "../sight.ts";
import { type Estimate, estimateOf, sum } from "./estimate.ts";
import { acceptedLossSeconds, receiptOf } from "./receipt.ts";
import type { RestoreWindow, Snapshot } from "./restore-window.ts";
import { inSeconds, momentId } from "./version-id.ts";
import type { WayChoice } from "./way.ts";

/** How a database comes to where it goes, once that is decided. */
export type Route =
  | Exclude<WayChoice, { way: "none" }>
  /** Of an Aurora cluster, as it is: nowhere back, for a rehearsal (docs/facts/database.md §3). */
  | { readonly way: "clone"; readonly restoreTo: Date; readonly warnings: readonly string[] }
  | {
      readonly way: "return";
      readonly kept: Sight;
      readonly leftAt: Date;
      readonly warnings: readonly string[];
    };

export interface MoveFacts {
  readonly wish: Wish;
  readonly now: Date;
  readonly configuration: DatabaseComponent;
  readonly serving: Sight;
  readonly route: Route;
  readonly window: RestoreWindow | undefined;
  /** Newest first. */
  readonly snapshots: readonly Snapshot[];
  readonly tasks: DatabaseMove["tasks"];
  readonly warnings: readonly string[];
}

/** The move of a database with its receipt: everything that a person approves and the mover carries out. Pure. */
export function moveOf(facts: MoveFacts): Move {
  const { wish, now, configuration, serving, route, window, snapshots } = facts;
  const { cutOver } = configuration;
  const names = namesOf(facts);
  const momentOrNone = route.way === "return" ? undefined : route.restoreTo;
  const servesEarly = servesDuringBackups(facts);
  const estimate = estimateOf({
    component: wish.component,
    way: route.way,
    serving,
    restoreTo: momentOrNone,
    snapshots,
    servesEarly,
    cutOver,
    past: wish.past,
  });
  const receipt = receiptOf({
    way: route.way,
    now,
    configuration,
    serving,
    names,
    restoreTo: momentOrNone ?? leftAt(route),
    window,
    snapshots,
    servesEarly,
    estimate,
  });
  const accepted = acceptedLossSeconds(receipt, wish.approvalSeconds);
  const { usual } = sum(estimate.prepare, estimate.cutOver);
  return {
    component: wish.component,
    kind: "database",
    tier: "data",
    verbs: ["prepare", "cutOver", "confirm"],
    from: { id: serving.resourceId, label: `${serving.identifier} as it is` },
    to: { ...targetOf(route, serving), ...checkpointOf(wish) },
    reason:
      route.way === "clone"
        ? sentenceOf(route)
        : `${sentenceOf(route)} ${minutes(receipt.lossSeconds)} of writes stay behind.`,
    estimateSeconds: Math.round(usual),
    prepareSeconds: Math.round(estimate.prepare.usual),
    ...(route.way === "point-in-time" || route.way === "snapshot" ? { makesCopy: true } : {}),
    warnings: [...route.warnings, ...facts.warnings, ...ownWarnings(facts, estimate, accepted)],
    receipt,
    details: detailsOf(facts, names, accepted),
  };
}

function detailsOf(facts: MoveFacts, names: ReturnType<typeof namesOf>, accepted: number): DatabaseMove {
  const { configuration, serving, route, tasks } = facts;
  const { cutOver, checks, keepDays, deadlineMinutes, quarantineSecurityGroup } = configuration;
  return DatabaseMove.parse({
    way: route.way,
    shape: serving.shape,
    identifier: addressOf(configuration).identifier,
    sourceResourceId: serving.resourceId,
    engine: serving.engine,
    stagingIdentifier: names.staging,
    retiredIdentifier: names.retired,
    safetySnapshotIdentifier: names.snapshot,
    ...(route.way === "return" ? { keptResourceId: route.kept.resourceId } : {}),
    ...(route.way === "return" || route.way === "clone" ? {} : { restoreTo: inSeconds(route.restoreTo) }),
    ...(route.way === "snapshot" ? { snapshotIdentifier: route.snapshot } : {}),
    cutOver,
    checks,
    tasks,
    ...(quarantineSecurityGroup ? { quarantineSecurityGroup } : {}),
    serveDuringBackups: servesDuringBackups(facts),
    keepDays,
    acceptedLossSeconds: accepted,
    deadlineSeconds: deadlineMinutes * 60,
  });
}

/** Without automated backups there is no first one. Who returns waits for no snapshot. A rehearsal measures what users would wait for. */
function servesDuringBackups({ configuration, serving, route }: MoveFacts): boolean {
  if (!configuration.serveDuringBackups || serving.shape !== "instance") return false;
  if (route.way === "return") return true;
  const isCopied = route.way === "point-in-time" || route.way === "snapshot";
  return isCopied && (serving.instance.BackupRetentionPeriod ?? 0) > 0;
}

/** An undo takes the kept database under the name that it has now. */
function namesOf({ configuration, wish, route }: MoveFacts) {
  const { identifier } = addressOf(configuration);
  const names = databaseNames({ identifier, rollbackId: wish.rollbackId });
  return route.way === "return" ? { ...names, staging: route.kept.identifier } : names;
}

function targetOf(route: Route, serving: Sight): Move["to"] {
  if (route.way === "return") {
    return { id: route.kept.resourceId, label: `${route.kept.identifier}, which was kept` };
  }
  return {
    id: momentId(serving.resourceId, route.restoreTo, byOf(route.way)),
    label: `${serving.identifier} as of ${inSeconds(route.restoreTo)}`,
  };
}

function byOf(way: Exclude<Route["way"], "return">) {
  return way === "backtrack" || way === "clone" ? way : "copy";
}

function checkpointOf({ target }: Wish): { checkpoint?: string } {
  return typeof target === "object" && "checkpoint" in target ? { checkpoint: target.checkpoint } : {};
}

function sentenceOf(route: Route): string {
  if (route.way === "return") return `goes back to the kept database ${route.kept.identifier}.`;
  const moment = inSeconds(route.restoreTo);
  switch (route.way) {
    case "backtrack":
      return `goes back to ${moment} in place, by backtrack.`;
    case "clone":
      return "is cloned as it is now; nothing goes back, and no restore is measured.";
    case "snapshot":
      return `goes back to ${moment} by a copy beside it, made of the snapshot ${route.snapshot}.`;
    case "point-in-time":
      return `goes back to ${moment} by a copy beside it, restored to that moment.`;
  }
}

function ownWarnings({ configuration }: MoveFacts, estimate: Estimate, accepted: number): string[] {
  const { high } = sum(estimate.prepare, estimate.cutOver);
  const late = high > configuration.deadlineMinutes * 60;
  return [
    ...(estimate.source === "table"
      ? ["The estimate is a general one: no rollback or rehearsal of it was measured."]
      : []),
    ...(late
      ? [`It may take longer than its deadline of ${configuration.deadlineMinutes} minutes, and end there.`]
      : []),
    ...(configuration.checks.length === 0
      ? ["No integrity checks are declared: nobody looks at the data."]
      : []),
    ...(configuration.quarantineSecurityGroup === undefined
      ? [
          "No quarantine security group is declared: a writer that is not paused can still reach the old database.",
        ]
      : []),
    `A loss of more than ${minutes(accepted)} of writes will ask for another approval.`,
  ];
}

function leftAt(route: Route): Date {
  if (route.way === "return") return route.leftAt;
  return route.restoreTo;
}

const minutes = (seconds: number) => {
  const count = Math.ceil(seconds / 60);
  return count === 1 ? "1 minute" : `${count} minutes`;
};

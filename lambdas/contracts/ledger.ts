import * as z from "zod";
import { DatabaseVersion } from "./kinds/database.ts";
import { EcsServiceVersion } from "./kinds/ecs-service.ts";
import { FrontendVersion } from "./kinds/frontend.ts";
import { ParameterVersion } from "./kinds/parameter.ts";
import { SecretVersion } from "./kinds/secret.ts";
import { Move } from "./plan.ts";
import { CheckpointStatus, Kind, Mode, Outcome, Tier } from "./vocabulary.ts";

/**
 * The ledger: one DynamoDB table, one partition (`pk`) an environment, ordered by `sk`. Names of keys and attributes
 * are imported by the stack (which writes the lock from the workflow) and by the handlers; nobody spells them twice.
 */
export const LEDGER = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Epoch seconds after which DynamoDB may delete an item. */
  expiry: "expiresAt",
} as const;

export const partitionOf = (environment: string) => `environment#${environment}`;
export const checkpointKey = (id: string) => `checkpoint#${id}`;
export const rollbackKey = (id: string) => `rollback#${id}`;
export const journalPrefix = (rollbackId: string, component: string) => `journal#${rollbackId}#${component}#`;
export const approvalKey = (rollbackId: string) => `approval#${rollbackId}`;

/** What a component was at a checkpoint, by kind; kinds without a version (task, cache, maintenance) have none. */
export const ComponentVersion = z.discriminatedUnion("kind", [
  EcsServiceVersion,
  DatabaseVersion,
  FrontendVersion,
  SecretVersion,
  ParameterVersion,
]);

/** A recorded vector. `id` starts with the time of recording, so that keys sort by age. */
export const Checkpoint = z.strictObject({
  id: z.string(),
  status: CheckpointStatus,
  recordedAt: z.iso.datetime(),
  judgedAt: z.iso.datetime().optional(),
  /**
   * Components whose version a rollback went away from: bad for them alone. The others of the vector are judged by
   * what else is known of their versions.
   */
  quarantined: z.array(z.string()).optional(),
  /** Why it has this status, in words. */
  because: z.string(),
  vector: z.record(z.string(), ComponentVersion),
});

/** The journal's entry of one step of one component: written before the mutation it announces. */
export const JournalEntry = z.strictObject({
  component: z.string(),
  step: z.string(),
  at: z.iso.datetime(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** What a rollback could not put right on its way out, and `stepback finish` may. */
export const Unfinished = z.strictObject({
  components: z.array(z.string()),
  /** Nobody knows on which data users are, or who of them was started again: nothing else may move what it holds. */
  halfWay: z.boolean(),
  /** Every component of its plan: some may be stopped. */
  holds: z.array(z.string()),
});

/** A finished rollback: what cooldown, the daily cap, ping-pong detection and undo look at. */
export const RollbackRecord = z.strictObject({
  id: z.string(),
  mode: Mode,
  outcome: Outcome,
  automatic: z.boolean(),
  eventId: z.string(),
  requestedBy: z.string(),
  reason: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** The moves that touched something, with their `from` and `to`. */
  moves: z.array(
    z.strictObject({
      component: z.string(),
      kind: Kind,
      tier: Tier,
      from: Move.shape.from,
      to: Move.shape.to,
      /** What each part took, from the journal: estimates of later rollbacks are made of it. Seconds. */
      took: z.strictObject({ prepare: z.number().optional(), cutOver: z.number().optional() }),
    }),
  ),
  report: z.string(),
  unfinished: Unfinished.optional(),
  /** Components that lack something which nobody feels and which is set later, by itself (docs/adr/0016). */
  incomplete: z.array(z.string()).optional(),
});

export type Unfinished = z.infer<typeof Unfinished>;
export type ComponentVersion = z.infer<typeof ComponentVersion>;
export type Checkpoint = z.infer<typeof Checkpoint>;
export type JournalEntry = z.infer<typeof JournalEntry>;
export type RollbackRecord = z.infer<typeof RollbackRecord>;
/**
 * The last rollback of these components that was no rehearsal: those leave everything where it is, though their records
 * name what they prepared.
 *
 * @param past newest first
 */
export function lastToMove(
  past: readonly RollbackRecord[],
  components: readonly string[],
): RollbackRecord | undefined {
  return past.find(
    ({ mode, moves }) => mode !== "rehearse" && moves.some(({ component }) => components.includes(component)),
  );
}

/** The journals of a rollback's components, by component. */
export type Journals = ReadonlyMap<string, readonly JournalEntry[]>;

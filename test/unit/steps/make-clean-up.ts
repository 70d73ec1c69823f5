import { PutObjectCommand } from "@aws-sdk/client-s3";
import { JournalEntry, journalPrefix } from "../../../lambdas/contracts/ledger.ts";
import { ASKING_LOCK, type LockKey } from "../../../lambdas/contracts/lock.ts";
import type { PlannedRollback } from "../../../lambdas/contracts/plan.ts";
import type { Tick, TickRequest } from "../../../lambdas/contracts/tick.ts";
import type { Kind } from "../../../lambdas/contracts/vocabulary.ts";
import { planOf } from "../../../lambdas/domain/planning/plan-of.ts";
import { currentLock } from "../../../lambdas/platform/ledger/lock.ts";
import { carryOut, cleanUp } from "../../../lambdas/steps/clean-up.ts";
import { makeRelations } from "../../support/make-relations.ts";
import { makeMove } from "../domain/make-move.ts";
import { done, makePlanned } from "../domain/make-planned.ts";
import { makeStepRegion } from "./make-step-region.ts";

export const executionArn = "arn:aws:states:eu-west-1:111122223333:execution:stepback-prod-rollback:run-1";
export const planned = makePlanned();
/** `database` is the data of `api`, which waits for it. */
export const plannedWithData = makePlanned({
  plan: planOf(
    [makeMove({ component: "database", kind: "database", tier: "data" }), makeMove({ component: "api" })],
    [],
    makeRelations({ database: { pauses: ["api"] } }),
  ).plan,
});
/** The clean-up machine's own execution. */
export const FINISHING = "arn:aws:states:eu-west-1:111122223333:execution:stepback-prod-clean-up:run-2";

type Mover = (request: TickRequest) => Promise<Tick>;

/** The event that the execution has ended so. */
export const ended = (status: "ABORTED" | "TIMED_OUT" | "FAILED" | "SUCCEEDED", error?: string) => ({
  detail: {
    ...{ executionArn, name: "run-1", status, startDate: Date.parse("2026-11-21T01:00:00Z") },
    ...(error === undefined ? {} : { error }),
  },
});

/** The clean-up in a region of its own, with movers that say that everything is well unless told. */
export async function makeCleanUp() {
  const region = await makeStepRegion();
  const asked: TickRequest[] = [];
  const answer = async (request: TickRequest): Promise<Tick> => {
    asked.push(request);
    return { ...done(request.move.component), verb: "tidy", note: "alarms are on again." };
  };
  const put = (Key: string, Body: string) =>
    region.run(() => region.s3.send(new PutObjectCommand({ Bucket: region.bucket, Key, Body })));
  const invocation = (invokeMover: Mover) => ({
    ...region,
    sleep: async () => {},
    remainingMillis: () => 300_000,
    invokeMover: (_kind: Kind, request: TickRequest) => invokeMover(request),
  });
  return {
    region,
    /** What the movers were asked, in order. */
    asked,
    answer,
    clean: (event: ReturnType<typeof ended>, invokeMover: Mover = answer, looks = 0) =>
      region.run(() =>
        cleanUp(
          { event, finish: null, complete: null, execution: FINISHING, looks },
          invocation(invokeMover),
        ),
      ),
    /** The whole of a look after an end; what it lacks is said. */
    lookAfter: (event: ReturnType<typeof ended>) =>
      region.run(() =>
        carryOut({ event, finish: null, complete: null, execution: FINISHING, looks: 0 }, invocation(answer)),
      ),
    complete: (invokeMover: Mover = answer, looks = 0) =>
      region.run(() =>
        carryOut(
          { event: null, finish: null, complete: planned.rollbackId, execution: FINISHING, looks },
          invocation(invokeMover),
        ),
      ),
    finish: (
      wish: { readonly rollbackId?: string; readonly asItIs?: boolean } = {},
      invokeMover: Mover = answer,
      looks = 0,
    ) =>
      region.run(() =>
        carryOut(
          {
            event: null,
            finish: { rollbackId: planned.rollbackId, asItIs: false, ...wish },
            complete: null,
            execution: FINISHING,
            looks,
          },
          invocation(invokeMover),
        ),
      ),
    hold: (execution = executionArn, leaseUntil?: Date) =>
      region.holdLock(planned.rollbackId, execution, leaseUntil),
    /** It asked people, and makes copies meanwhile. */
    holdCopies: () => region.holdLock(planned.rollbackId, executionArn, undefined, ASKING_LOCK),
    /** What the workflow wrote at its start, or this text in its place. */
    evidence: (body: PlannedRollback | string = planned) =>
      put(`prod/${planned.rollbackId}/plan.json`, typeof body === "string" ? body : JSON.stringify(body)),
    /** The database's mover writes down what is lacking; with an empty text nothing is any more. */
    lack: (what: string) => {
      const key = `${journalPrefix(planned.rollbackId, "database")}lacks`;
      const entry = { component: "database", step: "lacks", at: "2026-11-21T01:00:00Z", facts: { what } };
      return region.ledger.put(key, JournalEntry, entry);
    },
    holder: (key: LockKey = "lock") => region.run(() => currentLock(region.ledger, key, new Date(0))),
    messages: () => region.inputsOf("Publish"),
  };
}

export type CleanUpStage = Awaited<ReturnType<typeof makeCleanUp>>;

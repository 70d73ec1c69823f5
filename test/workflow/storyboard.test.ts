import { describe, expect, it } from "vitest";
import { makeEnvironment } from "../support/make-environment.ts";
import { outlineOf } from "./outline.ts";
import { definitionOf } from "./perform.ts";

/** The state machine is the runbook: its states are the headings of docs/runbook.md, so a new name is a decision. */
describe("the storyboard", () => {
  it("of the rollback reads like this", () => {
    expect(outlineOf(definitionOf())).toMatchInlineSnapshot(`
      "Plan rollback → What was decided? ⇥ Announce failure
      What was decided? → Take rollback lock | Keep the plan | Wait for the answer | Announce decision
      Take rollback lock → Roll back ⇥ Was it approved? (DynamoDB.ConditionalCheckFailedException) | Announce failure
      Roll back → Did everything go back? ⇥ Write report
        beside:
          Were copies begun? → Release lock of copies | Announce start
          Release lock of copies → Announce start ⇥ Announce start
          Announce start → Capture evidence ⇥ Capture evidence
          Capture evidence ⇥ Go on without it
          Go on without it
        beside:
          Cut over wave → Another wave?
            for each:
              Move component → Component settled? ⇥ Component failed
              Component settled? → Wait for component | Move component | Component settled
              Wait for component → Move component
              Component settled ✓
              Component failed
          Another wave? → Choose the way out | Cut over wave | Waves finished
          Choose the way out → More on the way out?
          More on the way out? → Go the way out | Way out finished
          Go the way out → More on the way out?
            for each:
              Move component out → Component out? ⇥ Way out failed
              Component out? → Wait for component out | Move component out | Component out
              Wait for component out → Move component out
              Component out ✓
              Way out failed
          Way out finished → Waves finished
          Waves finished
      Did everything go back? → Give way to people | Write report
      Give way to people → Verify recovery ⇥ Verify recovery
      Verify recovery → Recovered yet? ⇥ Write report
      Recovered yet? → Verify recovery | Write report
      Write report → Announce outcome ⇥ Announce without report
      Announce outcome → Is all put back? ⇥ Is all put back?
      Is all put back? → Release rollback lock | How did it end?
      Release rollback lock → How did it end? ⇥ How did it end?
      How did it end? → Recovered | Not recovered
      Recovered ✓
      Not recovered ✗
      Announce without report → End without report ⇥ End without report
      End without report → How did it end?
      Was it approved? → Join the running rollback | Announce waiting | Wait for the running rollback | Give up waiting
      Join the running rollback ✓
      Announce waiting → Wait for the running rollback ⇥ Wait for the running rollback
      Wait for the running rollback → Take rollback lock
      Give up waiting → Announce rejection
      Announce rejection → Rollback rejected ⇥ Rollback rejected
      Rollback rejected ✗
      Announce failure → Rollback failed ⇥ Rollback failed
      Rollback failed ✗
      Keep the plan → Take lock of copies ⇥ Wait for the answer
      Take lock of copies → Wait for the answer ⇥ Wait for the answer
      Wait for the answer ⇥ Take rollback lock (Approved) | Announce rejection (Rejected) | Announce failure
        beside:
          Ask for approval → Answered ⇥ Answered (States.Timeout)
          Answered ✗
        beside:
          Prepare meanwhile → Was anything prepared?
            for each:
              Prepare component → Component prepared? ⇥ Preparation failed
              Component prepared? → Wait for preparation | Prepare component | Component prepared
              Wait for preparation → Prepare component
              Component prepared ✓
              Preparation failed
          Was anything prepared? → Announce copies | Nothing more to prepare
          Announce copies → Nothing more to prepare ⇥ Nothing more to prepare
          Nothing more to prepare
      Announce decision → Why did nothing happen? ⇥ Why did nothing happen?
      Why did nothing happen? → Request refused | Nobody may approve | Nothing was done
      Request refused ✗
      Nobody may approve ✗
      Nothing was done ✓"
    `);
  });

  it("of the checkpoint reads like this", () => {
    expect(outlineOf(definitionOf(makeEnvironment(), "Checkpoint"))).toMatchInlineSnapshot(`
      "Record checkpoint → Anything new?
      Anything new? → Let it bake | Nothing new
      Let it bake → Judge checkpoint
      Judge checkpoint → Checkpoint judged
      Checkpoint judged ✓
      Nothing new ✓"
    `);
  });
});

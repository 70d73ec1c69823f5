import { describe, expect, it } from "vitest";
import type { ReportRequest } from "../../../lambdas/contracts/report.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import { durationsOf, outcomeOf } from "../../../lambdas/domain/outcome.ts";
import { makeVerdict } from "./make-move.ts";
import { done, failed, makePlanned, makeReportRequest, notRecovered, recovered } from "./make-planned.ts";

const revertOf = (component: string): Tick => ({ ...done(component), verb: "revert" });
const late = [done("api"), failed("web", true)];

describe("the outcome", () => {
  it.each<[string, Partial<ReportRequest>, string, string]>([
    [
      "Recovered when everything is back and the alarms are OK",
      {},
      "Recovered",
      "Everything is back and the alarms are OK. stepback-prod-api-memory: OK.",
    ],
    [
      "not Recovered when an alarm is not OK",
      { verification: notRecovered },
      "RolledBackNotRecovered",
      `Everything was rolled back, but the trouble is not over. ${notRecovered.note} Somebody must look.`,
    ],
    [
      "not Recovered when nobody could read the alarms",
      { verification: null },
      "RolledBackNotRecovered",
      "Everything was rolled back, but the trouble is not over. The alarms could not be read. Somebody must look.",
    ],
    [
      "not Recovered while the alarms are still being watched",
      { verification: { ...recovered, status: "waiting", note: "It is not OK yet." } },
      "RolledBackNotRecovered",
      "Everything was rolled back, but the trouble is not over. It is not OK yet. Somebody must look.",
    ],
    [
      "Partly when one component stands and another does not, whatever the alarms say",
      { results: late },
      "PartlyRolledBack",
      "api went back, web did not. web: ECS could not place tasks. Somebody must look.",
    ],
    [
      "Partly when a later wave never began",
      { results: [done("api")] },
      "PartlyRolledBack",
      "api went back, web did not. Somebody must look.",
    ],
    [
      "Partly when what stands could not be put back",
      { results: late, wayOut: [failed("api", true), revertOf("web")] },
      "PartlyRolledBack",
      "api went back, web did not. web: ECS could not place tasks. Then this was not put right: api: ECS could not place tasks. Somebody must look.",
    ],
    [
      "Partly, and never that it did not go back, when it failed after its switch and the way out says so",
      { results: late, wayOut: [{ ...done("web"), verb: "cutOver" }] },
      "PartlyRolledBack",
      "api went back, web went back unchecked, but not everything around it is as it was. web: ECS could not place tasks. Somebody must look.",
    ],
    [
      "Failed, and nothing changed, when the only failure touched nothing",
      { results: [failed("api", false)] },
      "Failed",
      "The rollback failed. api: ECS could not place tasks. Nothing was changed. Somebody must look.",
    ],
    [
      "Failed, and something changed, when a failure touched something",
      { results: [failed("api", true)] },
      "Failed",
      "The rollback failed. api: ECS could not place tasks. Something was changed; see the table. Somebody must look.",
    ],
    [
      "Failed, and all put back, when everything was reverted",
      { results: late, wayOut: [revertOf("api"), revertOf("web")] },
      "Failed",
      "The rollback failed. web: ECS could not place tasks. Put back to where they were: api, web. Somebody must look.",
    ],
    [
      "Failed, and something changed, when the component that failed could not be put back",
      { results: late, wayOut: [revertOf("api"), failed("web", true)] },
      "Failed",
      "The rollback failed. web: ECS could not place tasks. Then this was not put right: web: ECS could not place tasks. Something was changed; see the table. Put back to where they were: api. Somebody must look.",
    ],
    [
      "Failed, and says nothing of what was put right at a second try",
      { results: late, wayOut: [revertOf("api"), failed("web", true), revertOf("web")] },
      "Failed",
      "The rollback failed. web: ECS could not place tasks. Put back to where they were: api, web. Somebody must look.",
    ],
    [
      "Failed, and nobody knows what changed, when the waves broke without a result",
      { results: [], verification: null },
      "Failed",
      "The rollback failed. Its results are lost, so what was changed is not known. Somebody must look.",
    ],
  ])("is %s", (_, overrides, outcome, sentence) => {
    expect(outcomeOf(makeReportRequest(overrides))).toEqual({ outcome, sentence });
  });

  it("is Rehearsed, and does not say that all is thrown away while AWS does not let a copy go", () => {
    const request = makeReportRequest({ planned: makePlanned({ mode: "rehearse" }), verification: null });

    expect(outcomeOf(request).sentence).toBe("Everything was prepared, checked and thrown away again.");
    expect(outcomeOf(request, ["database"])).toEqual({
      outcome: "Rehearsed",
      sentence:
        "Everything was prepared, checked and thrown away again, but for what AWS does not let go yet: database.",
    });
  });
});

describe("what was asked for and left out of the plan", () => {
  const planned = makePlanned();
  const copy = makeVerdict({
    component: "cache",
    verdict: "nothing-to-do",
    reason: "ask for it.",
    later: true,
  });
  const withCopy = { ...planned, plan: { ...planned.plan, verdicts: [...planned.plan.verdicts, copy] } };

  it("is not called recovered, whatever the alarms say", () => {
    const outcomeWith = (verification: typeof recovered) =>
      outcomeOf(makeReportRequest({ planned: withCopy, verification }));

    expect(outcomeWith(recovered)).toEqual({
      outcome: "PartlyRolledBack",
      sentence: "api, web went back, cache did not. cache: ask for it. Somebody must look.",
    });
    expect(outcomeWith(notRecovered).sentence).toContain(notRecovered.note);
  });
});

describe("a component whose change was proven before another failed", () => {
  const { plan } = makePlanned();
  const runAgain = {
    component: "api",
    verbs: ["resume" as const],
    needs: [],
    serves: [],
    ifFailed: [],
    unlessHalfWay: [],
    startOnly: false,
  };
  const waves = [...plan.waves, { why: "Writers run again", actions: [runAgain] }];
  const planned = makePlanned({ plan: { ...plan, waves } });

  it("went back, although its writers were not started again by the waves", () => {
    const { outcome, sentence } = outcomeOf(makeReportRequest({ planned, results: late }));

    expect(outcome).toBe("PartlyRolledBack");
    expect(sentence).toContain("api went back, web did not.");
  });

  it("did not go back when it was only paused", () => {
    const pausedOnly: Tick = { ...done("api"), verb: "pause" };

    expect(
      outcomeOf(makeReportRequest({ planned, results: [pausedOnly, failed("web", true)] })).outcome,
    ).toBe("Failed");
  });
});

describe("the durations", () => {
  it("are counted from the start, from the last cut-over and from the alarm", () => {
    expect(durationsOf(makeReportRequest())).toEqual({
      rollbackSeconds: 300,
      recoverySeconds: 175,
      impactSeconds: 480,
    });
  });

  it("say nothing of recovery when there was none", () => {
    expect(durationsOf(makeReportRequest({ verification: notRecovered }))).toEqual({ rollbackSeconds: 300 });
  });

  it("count the impact until the cut-over when the alarms saw nothing of it: they may have been OK for months", () => {
    const verification = { ...recovered, recoveredAt: "2026-08-01T00:00:00.000Z" };

    expect(durationsOf(makeReportRequest({ verification }))).toEqual({
      rollbackSeconds: 300,
      recoverySeconds: 0,
      impactSeconds: 305,
    });
  });
});

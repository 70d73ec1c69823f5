import { describe, expect, it } from "vitest";
import { addressOf, makeScheduledStage, ROLE, SCHEDULE } from "./scheduled-stage.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/k";
const other = { Target: { ...SCHEDULE.Target, RoleArn: `${ROLE}-other` } };

describe("a plan that would pause writers", () => {
  it("refuses when what starts them could not be put back", async () => {
    const stage = await makeScheduledStage({ good: {}, digest: { KmsKeyArn: KEY } });

    const { verdict } = await stage.assess("proven", "hold");

    expect(verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringContaining(`is encrypted with ${KEY}`),
    });
  });

  it("takes what is disabled, or over, as it is", async () => {
    const stage = await makeScheduledStage({ digest: { ...other, State: "DISABLED" } });

    expect((await stage.assess("proven", "hold")).verdict.verdict).toBe("roll-back");
  });

  it("warns where the service goes back anyway", async () => {
    const stage = await makeScheduledStage({ digest: other });
    await stage.operate("scheduler", "DeleteSchedule", addressOf("digest"));

    const { verdict } = await stage.assess();

    expect(verdict.verdict).toBe("roll-back");
    expect(verdict.warnings.join(" ")).toContain(
      "Its writers could not be paused for data: The schedule digest does not exist; correct the environment.",
    );
  });

  it.each(["throttle", "access-denied"] as const)(
    "goes back although reading a schedule meets %s",
    async (effect) => {
      const stage = await makeScheduledStage({ digest: {} });
      stage.faults.add({ operation: "GetSchedule", effect });

      const { verdict } = await stage.assess();

      expect(verdict).toMatchObject({ verdict: "roll-back" });
      expect(verdict.warnings.join(" ")).toMatch(
        /writers could .*paused for data.*Reading the schedule digest/,
      );
    },
  );

  it("changes nothing", async () => {
    const stage = await makeScheduledStage({ digest: {} });

    await Promise.all([stage.assess(), stage.assess("proven", "hold")]);

    expect(stage.mutations("UpdateSchedule")).toEqual([]);
  });
});

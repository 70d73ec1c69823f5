import { describe, expect, it } from "vitest";
import { Environment } from "../../../lambdas/contracts/environment.ts";
import { longestRollbackMinutes } from "../../../lambdas/contracts/longest-rollback.ts";
import { loadEnvironment } from "../../../lib/files/load-environment.ts";

const complete = loadEnvironment("complete");
const withDatabase = (deadlineMinutes: number, policy = {}) => {
  const database = { ...complete.components["database"], deadlineMinutes };
  return Environment.parse({
    ...complete,
    components: { ...complete.components, database },
    policy: { ...complete.policy, ...policy },
  });
};

describe("an execution", () => {
  it("may take six hours where nothing needs longer", () => {
    expect(longestRollbackMinutes(loadEnvironment("example"))).toBe(360);
  });

  it("outlives a restore that may take 36 hours, and its way back", () => {
    expect(longestRollbackMinutes(withDatabase(2_160))).toBeGreaterThan(2_160 + 60 + 15);
    expect(longestRollbackMinutes(withDatabase(2_160, { onFailure: "revert" }))).toBeGreaterThan(2 * 2_160);
  });

  it("is refused at synthesis when its deadlines would overflow its history", () => {
    const components = Object.fromEntries(
      ["a", "b", "c"].map((name) => [
        name,
        { ...complete.components["database"], instance: name, deadlineMinutes: 2_160 },
      ]),
    );

    const { error } = Environment.safeParse({
      ...complete,
      components: { ...complete.components, ...components },
    });

    expect(error?.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining("all deadlineMinutes together may be 5400 at most"),
    ]);
  });
});

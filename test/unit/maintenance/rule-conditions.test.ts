import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionsFor, positionOf } from "../../../lambdas/components/maintenance/rule-conditions.ts";

const values = fc.uniqueArray(fc.constantFrom("*", "/a", "/b", "a.example", "inactive.invalid"), {
  minLength: 1,
  maxLength: 3,
});
const conditions = fc.uniqueArray(
  fc.record({ field: fc.constantFrom("path-pattern" as const, "host-header" as const), values }),
  { minLength: 1, maxLength: 2, selector: ({ field }) => field },
);

describe("the conditions of a maintenance rule", () => {
  it("are recognised as AWS describes them: in both members and in any order", () => {
    fc.assert(
      fc.property(conditions, (on) => {
        const off = [{ field: "host-header" as const, values: ["only.invalid"] }];
        const described = conditionsFor(on)
          .map((one) => {
            const found = one.PathPatternConfig?.Values ?? one.HostHeaderConfig?.Values ?? [];
            const Values = [...found].reverse();
            const config = one.PathPatternConfig
              ? { PathPatternConfig: { Values } }
              : { HostHeaderConfig: { Values } };
            return { Field: one.Field, Values, ...config };
          })
          .reverse();

        expect(positionOf(described, { on, off })).toBe("on");
        expect(positionOf(conditionsFor(off), { on, off })).toBe("off");
      }),
    );
  });

  it("are somebody else's when anything is added", () => {
    const on = [{ field: "path-pattern" as const, values: ["*"] }];
    const off = [{ field: "host-header" as const, values: ["inactive.invalid"] }];
    const more = { Field: "source-ip", SourceIpConfig: { Values: ["192.0.2.0/24"] } };

    expect(positionOf([...conditionsFor(on), more], { on, off })).toBe("other");
    expect(positionOf([], { on, off })).toBe("other");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import { deny, makeIdentities, makePermission, service, verdict } from "./make-identities.ts";

const action = fc.constantFrom("ecs:UpdateService", "ecs:RunTask", "s3:GetObject");
const resource = fc.constantFrom(
  service("shop", "api"),
  service("shop", "web"),
  "arn:aws:s3:::evidence/report.json",
);

/** Statements that hit the requests above often, in every combination of elements. */
const statement: fc.Arbitrary<PolicyStatement> = fc
  .record({
    Effect: fc.constantFrom("Allow", "Deny"),
    actions: fc.constantFrom("*", "ecs:*", "ecs:UpdateService", "s3:Get*"),
    resources: fc.constantFrom("*", service("shop", "*"), service("shop", "api"), "arn:aws:s3:::evidence/*"),
    negated: fc.boolean(),
    region: fc.option(fc.constantFrom("eu-west-1", "us-east-1"), { nil: undefined }),
  })
  .map(({ Effect, actions, resources, negated, region }) => ({
    Effect,
    ...(negated ? { NotAction: actions } : { Action: actions }),
    Resource: resources,
    ...(region !== undefined && { Condition: { StringEquals: { "aws:RequestedRegion": region } } }),
  }));

const statements = fc.array(statement, { maxLength: 4 });
const allowing = statement.map((one): PolicyStatement => ({ ...one, Effect: "Allow" }));
const boundary = fc.option(fc.array(statement, { minLength: 1, maxLength: 3 }), { nil: undefined });
const request = fc.record({ action, resource });

function judge(
  own: readonly PolicyStatement[],
  limit: readonly PolicyStatement[] | undefined,
  asked: { readonly action: string; readonly resource: string },
): boolean {
  const { identities, principal } = makeIdentities(own, limit ? { boundary: limit } : {});
  return verdict(identities, principal, makePermission(asked)) === "allowed";
}

describe("laws of the evaluation", () => {
  it("an explicit deny wins, wherever it stands and whatever else is granted", () => {
    fc.assert(
      fc.property(statements, boundary, request, fc.nat(4), (own, limit, asked, position) => {
        const denying = own.toSpliced(position, 0, deny({ Action: asked.action, Resource: asked.resource }));

        expect(judge(denying, limit, asked)).toBe(false);
      }),
    );
  });

  it("widening an identity policy by an Allow never takes a permission away", () => {
    fc.assert(
      fc.property(statements, boundary, allowing, request, (own, limit, further, asked) => {
        fc.pre(judge(own, limit, asked));

        expect(judge([...own, further], limit, asked)).toBe(true);
      }),
    );
  });

  it("a boundary only ever takes away, and one that allows everything takes nothing", () => {
    fc.assert(
      fc.property(statements, boundary, request, (own, limit, asked) => {
        const everything: PolicyStatement[] = [{ Effect: "Allow", Action: "*", Resource: "*" }];

        expect(judge(own, limit, asked) && !judge(own, undefined, asked)).toBe(false);
        expect(judge(own, everything, asked)).toBe(judge(own, undefined, asked));
      }),
    );
  });

  it("the order of statements does not matter", () => {
    fc.assert(
      fc.property(statements, boundary, request, (own, limit, asked) => {
        expect(judge(own.toReversed(), limit?.toReversed(), asked)).toBe(judge(own, limit, asked));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Answer } from "../../lambdas/contracts/approval.ts";
import { Environment } from "../../lambdas/contracts/environment.ts";
import { AlarmEvent, Request } from "../../lambdas/contracts/request.ts";
import { explain } from "../../lambdas/domain/explain.ts";
import { readQuestion } from "../../lambdas/domain/question.ts";
import { makeAlarmEvent } from "../unit/domain/make-alarm-event.ts";
import { makeEnvironment } from "../unit/domain/make-environment.ts";

const KNOWN = Object.keys(Request.shape);
const SCHEMAS = [Request, Environment, AlarmEvent, Answer];
const environment = makeEnvironment();

/** JSON that now and then has the right shape, so that the errors come from deep inside as well. */
const junk = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  fc.jsonValue(),
  fc.record(
    {
      reason: fc.oneof(fc.string(), fc.integer()),
      scope: fc.oneof(
        fc.array(fc.string()),
        fc.array(fc.constantFrom("api", "web", "__proto__")),
        fc.string(),
      ),
      target: fc.oneof(fc.constantFrom("proven", "previous"), fc.jsonValue(), fc.record({ at: fc.string() })),
      mode: fc.constantFrom("plan", "execute", "undo", "redo"),
      trigger: fc.record({
        type: fc.constant("alarm"),
        event: fc.oneof(fc.jsonValue(), fc.constant(makeAlarmEvent())),
      }),
      name: fc.string(),
      components: fc.dictionary(fc.string(), fc.oneof(fc.constant({ kind: "ecs-service" }), fc.jsonValue())),
      alarms: fc.array(fc.record({ recipe: fc.constantFrom("memory", "latency", "hunch") })),
    },
    { requiredKeys: [] },
  ),
);

describe("a request", () => {
  it("is never understood when it holds a key that nobody knows", () => {
    const stranger = fc.string().filter((key) => !KNOWN.includes(key));
    const good = fc.record({ reason: fc.constant("bad release"), mode: fc.constantFrom("plan", "execute") });
    fc.assert(
      fc.property(good, stranger, fc.jsonValue(), (request, key, value) => {
        // As it arrives: parsed from JSON, where `__proto__` is a key like any other.
        const input: unknown = JSON.parse(
          `{${JSON.stringify(key)}:${JSON.stringify(value)},${JSON.stringify(request).slice(1)}`,
        );

        expect(Request.safeParse(request).success).toBe(true);
        expect(Request.safeParse(input).success).toBe(false);
        expect(readQuestion(input, environment)).toHaveProperty("problem");
      }),
    );
  });

  it("becomes a question about known components, or a problem in words", () => {
    fc.assert(
      fc.property(junk, (input) => {
        const question = readQuestion(input, environment);
        if ("problem" in question) {
          expect(question.problem).toMatch(/^.{10,1000}\.$/su);
          return;
        }
        expect(question.scope.length).toBeGreaterThan(0);
        for (const component of question.scope)
          expect(Object.keys(environment.components)).toContain(component);
        expect(new Set(question.scope).size).toBe(question.scope.length);
      }),
    );
  });
});

describe("explain", () => {
  it("has a short sentence for whatever is wrong with whatever arrives", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SCHEMAS), junk, fc.array(fc.string()), (schema, input, keys) => {
        const parsed = schema.safeParse(input);
        if (parsed.success) return;
        const sentence = explain(parsed.error, keys);

        expect(sentence.length).toBeGreaterThan(0);
        expect(sentence.length).toBeLessThan(700);
      }),
      { numRuns: 500 },
    );
  });
});

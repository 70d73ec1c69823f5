import { describe, expect, it } from "vitest";
import { targetInput } from "../../../lib/region/services/eventbridge/target-input.ts";

const DELIVERY = {
  event: {
    version: "0",
    id: "e-1",
    "detail-type": "Order placed",
    source: "shop",
    account: "111122223333",
    time: "2026-11-21T10:00:00Z",
    region: "eu-central-1",
    resources: ["arn:one", "arn:two"],
    detail: { "order-id": "o-7", total: 12.5, lines: [{ sku: "a" }], note: 'say "hi"' },
  },
  ruleName: "orders",
  ruleArn: "arn:aws:events:eu-central-1:111122223333:rule/orders",
  ingestedAt: Date.UTC(2026, 10, 21, 10, 0, 0, 250),
} as const;

describe("a target's input", () => {
  it("is the whole event unless the target says otherwise", () => {
    expect(JSON.parse(targetInput(makeTarget(), DELIVERY))).toEqual(DELIVERY.event);
  });

  it("is the constant that the target gives", () => {
    expect(targetInput(makeTarget({ Input: '{"a":1}' }), DELIVERY)).toBe('{"a":1}');
  });

  it("is the part at the input path", () => {
    expect(targetInput(makeTarget({ InputPath: "$.detail.lines[0].sku" }), DELIVERY)).toBe('"a"');
  });

  it.each<[template: string, expected: string]>([
    ['{"order": <order>, "total": <total>}', '{"order":"o-7","total":12.5}'],
    ['{"text": "order <order> of <aws.events.rule-name>"}', '{"text":"order o-7 of orders"}'],
    ['"order \\"<order>\\" came"', '"order \\"o-7\\" came"'],
    ['{"lines": <lines>, "second": <second>}', '{"lines":[{"sku":"a"}],"second":"arn:two"}'],
    ['{"rule": <aws.events.rule-arn>}', `{"rule":"${DELIVERY.ruleArn}"}`],
    ['{"at": <aws.events.event.ingestion-time>}', '{"at":"2026-11-21T10:00:00.250Z"}'],
    ['{"note": <note>}', '{"note":"say \\"hi\\""}'],
    ['{"absent": "[<absent>]"}', '{"absent":"[]"}'],
    ['{"event": <aws.events.event.json>}', JSON.stringify({ event: DELIVERY.event })],
  ])("fills %s", (template, expected) => {
    expect(targetInput(makeTransformed(template), DELIVERY)).toBe(expected);
  });

  it("leaves the detail out of aws.events.event", () => {
    const { detail: _detail, ...envelope } = DELIVERY.event;

    expect(JSON.parse(targetInput(makeTransformed("<aws.events.event>"), DELIVERY))).toEqual(envelope);
  });

  it.each([
    ["free text with quotes is spliced into a string", '{"text": "they <note>"}'],
    ["a bare variable is absent from the event", '{"value": <absent>}'],
  ])("cannot be made when %s", (_why, template) => {
    expect(() => targetInput(makeTransformed(template), DELIVERY)).toThrow(/not valid JSON/);
  });
});

function makeTarget(overrides: object = {}) {
  return { Id: "t", Arn: "arn:aws:sqs:eu-central-1:111122223333:q", ...overrides };
}

function makeTransformed(InputTemplate: string) {
  const InputPathsMap = {
    order: "$.detail.order-id",
    total: "$.detail.total",
    lines: "$.detail.lines",
    note: "$.detail.note",
    second: "$.resources[1]",
    absent: "$.detail.nothing",
  };
  return makeTarget({ InputTransformer: { InputPathsMap, InputTemplate } });
}

import { describe, expect, it } from "vitest";
import { checkDefinition } from "../../../lib/region/states-language/check/check-definition.ts";
import { brokenDefinitions, catalogue, task, top } from "./broken-definitions.ts";

describe("checkDefinition", () => {
  it.each(brokenDefinitions)("refuses %s", (_, definition, code, location) => {
    const errors = checkDefinition(definition, catalogue).filter(({ level }) => level === "error");

    expect(errors).toContainEqual(expect.objectContaining({ code, location }));
  });

  it("has nothing against a definition that uses the whole language rightly", () => {
    const definition = top({
      A: { Type: "Pass", Assign: { list: "{% $states.input.list %}", größe: 1 }, Next: "Each" },
      Each: {
        Type: "Map",
        Items: "{% $list %}",
        ItemSelector: {
          item: "{% $states.context.Map.Item.Value %}",
          all: "{% $map($list, function($v, $i) { $v + $i }) %}",
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "Do",
          States: {
            Do: task({
              End: undefined,
              Next: "Done",
              Assign: { mine: "{% ($x := $states.result; $x.Payload) %}" },
            }),
            Done: { Type: "Pass", Output: "{% $mine & $größe %}", End: true },
          },
        },
        Catch: [
          { ErrorEquals: ["States.ALL"], Next: "Sum", Assign: { list: "{% $states.errorOutput.Cause %}" } },
        ],
        Next: "Sum",
      },
      Sum: { Type: "Succeed", Output: "{% $states.input[amount > 1].amount ~> $sum %}" },
    });

    expect(checkDefinition(JSON.stringify(definition), catalogue)).toEqual([]);
  });

  it("only advises where a timeout is missing or a variable may be", () => {
    const definition = top({
      A: {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.x %}", Next: "B", Assign: { v: 1 } }],
        Default: "B",
      },
      B: task({ TimeoutSeconds: undefined, Arguments: { FunctionName: "{% $v %}" } }),
    });

    const findings = checkDefinition(JSON.stringify(definition), catalogue);

    expect(findings.map(({ level, code }) => `${level} ${code}`).toSorted()).toEqual([
      "advice maybe-undefined-variable",
      "advice no-timeout",
    ]);
  });
});

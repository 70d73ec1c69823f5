import * as ecs from "@aws-sdk/client-ecs";
import { IntegrationCatalogue } from "../../../lib/region/states-language/integrations/integration-catalogue.ts";

/** Resources that the checked definitions may name. */
export const catalogue = new IntegrationCatalogue([
  { name: "ecs", signingName: "ecs", errorPrefix: "Ecs", sdk: ecs },
]);
export const top = (states: object, startAt = "A") => ({
  QueryLanguage: "JSONata",
  StartAt: startAt,
  States: states,
});
export const task = (more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "f" },
  TimeoutSeconds: 60,
  End: true,
  ...more,
});
const one = (state: object) => top({ A: { End: true, ...state } });
const output = (expression: unknown) => one({ Type: "Pass", Output: expression });
const branch = (state: object) => ({ StartAt: "B", States: { B: { Type: "Pass", End: true, ...state } } });

/** One defect each, with the finding that names it. */
export const brokenDefinitions: readonly (readonly [
  title: string,
  definition: unknown,
  code: string,
  location: string,
])[] = [
  ["text that is no JSON", "{", "not-json", "/"],
  ["a missing StartAt", { States: { A: { Type: "Succeed" } } }, "missing-field", "/"],
  ["an unknown type", one({ Type: "Activity" }), "invalid-value", "/States/A/Type"],
  [
    "JSONPath as the language",
    { StartAt: "A", States: { A: { Type: "Succeed" } } },
    "not-jsonata",
    "/States/A",
  ],
  ["a JSONPath field", one({ Type: "Pass", ResultPath: "$.x" }), "jsonpath-field", "/States/A/ResultPath"],
  [
    "a JSONPath field in a Catch",
    one(task({ Catch: [{ ErrorEquals: ["A"], Next: "A", ResultPath: "$" }] })),
    "jsonpath-field",
    "/States/A/Catch[0]/ResultPath",
  ],
  [
    "a key ending in .$",
    one(task({ Arguments: { "FunctionName.$": "$.f" } })),
    "jsonpath-field",
    "/States/A/Arguments/FunctionName.$",
  ],
  ["a field that nothing knows", one({ Type: "Pass", Colour: "red" }), "unknown-field", "/States/A/Colour"],
  [
    "tolerated failures",
    one({ Type: "Map", ItemProcessor: branch({}), ToleratedFailureCount: 1 }),
    "unmodelled-field",
    "/States/A/ToleratedFailureCount",
  ],
  [
    "a distributed Map",
    one({ Type: "Map", ItemProcessor: { ...branch({}), ProcessorConfig: { Mode: "DISTRIBUTED" } } }),
    "unmodelled-field",
    "/States/A/ItemProcessor/ProcessorConfig/Mode",
  ],
  [
    "both ways to wait",
    one({ Type: "Wait", Seconds: 1, Timestamp: "{% 1 %}" }),
    "missing-field",
    "/States/A",
  ],
  ["an unknown Next", top({ A: { Type: "Pass", Next: "Z" } }), "unknown-next", "/States/A/Next"],
  ["no way out", top({ A: { Type: "Pass" } }), "missing-transition", "/States/A"],
  [
    "a state nobody reaches",
    top({ A: { Type: "Succeed" }, B: { Type: "Succeed" } }),
    "unreachable-state",
    "/States/B",
  ],
  [
    "a circle without an end",
    top({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }),
    "no-terminal-state",
    "/",
  ],
  [
    "a name used twice",
    top({
      A: { Type: "Parallel", Branches: [{ StartAt: "A", States: { A: { Type: "Succeed" } } }], End: true },
    }),
    "duplicate-state-name",
    "/States/A/Branches[0]/States/A",
  ],
  ["syntax of a later JSONata", output("{% $states.input.x ?? 1 %}"), "jsonata-syntax", "/States/A/Output"],
  [
    "an expression within a text",
    output({ a: ["about {% $states.input %}"] }),
    "stray-expression",
    "/States/A/Output/a[0]",
  ],
  [
    "an unknown function",
    output("{% $uppercase($frobnicate('a')) %}"),
    "unknown-function",
    "/States/A/Output",
  ],
  ["$eval", output("{% $eval('1') %}"), "unknown-function", "/States/A/Output"],
  [
    "$states.result in Arguments",
    one(task({ Arguments: { FunctionName: "{% $states.result.x %}" } })),
    "states-member",
    "/States/A/Arguments/FunctionName",
  ],
  ["$states.result in a Pass state", output("{% $states.result %}"), "states-member", "/States/A/Output"],
  [
    "$states.errorOutput outside Catch",
    one(task({ Output: "{% $states.errorOutput.Cause %}" })),
    "states-member",
    "/States/A/Output",
  ],
  ["a bare field name", output("{% customer.name %}"), "reads-nothing", "/States/A/Output"],
  [
    "a variable that nothing assigns",
    output("{% $states.input.list[id = $wanted] %}"),
    "undefined-variable",
    "/States/A/Output",
  ],
  [
    "a variable read by the state that assigns it",
    one({ Type: "Pass", Assign: { v: 1 }, Output: "{% $v %}" }),
    "undefined-variable",
    "/States/A/Output",
  ],
  [
    "a branch's variable outside",
    top({
      A: { Type: "Parallel", Branches: [branch({ Assign: { v: 1 } })], Next: "C" },
      C: { Type: "Succeed", Output: "{% $v %}" },
    }),
    "undefined-variable",
    "/States/C/Output",
  ],
  [
    "an inner Assign of an outer name",
    top({
      A: { Type: "Pass", Assign: { v: 1 }, Next: "M" },
      M: { Type: "Map", ItemProcessor: branch({ Assign: { v: 2 } }), End: true },
    }),
    "shadowing-assign",
    "/States/M/ItemProcessor/States/B/Assign/v",
  ],
  [
    "a reserved variable name",
    one({ Type: "Pass", Assign: { states: 1 } }),
    "variable-name",
    "/States/A/Assign/states",
  ],
  [
    "States.ALL beside another name",
    one(task({ Retry: [{ ErrorEquals: ["States.ALL", "X"] }] })),
    "states-all",
    "/States/A/Retry[0]/ErrorEquals",
  ],
  [
    "States.ALL before another retrier",
    one(task({ Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["X"] }] })),
    "states-all",
    "/States/A/Retry[0]/ErrorEquals",
  ],
  [
    "an error that the language does not have",
    one(task({ Retry: [{ ErrorEquals: ["States.Timedout"] }] })),
    "unknown-error-name",
    "/States/A/Retry[0]/ErrorEquals",
  ],
  [
    "a heartbeat as long as the timeout",
    one(
      task({
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Arguments: { Payload: "{% $states.context.Task.Token %}" },
        HeartbeatSeconds: 60,
      }),
    ),
    "heartbeat",
    "/States/A/HeartbeatSeconds",
  ],
  [
    "a task token without a callback",
    one(task({ Arguments: { Payload: "{% $states.context.Task.Token %}" } })),
    "task-token",
    "/States/A/Arguments",
  ],
  [
    "a plain Lambda ARN",
    one(task({ Resource: "arn:aws:lambda:eu-west-1:111122223333:function:f" })),
    "unmodelled-resource",
    "/States/A/Resource",
  ],
  [
    "an integration that is not modelled",
    one(task({ Resource: "arn:aws:states:::ecs:runTask.sync" })),
    "unmodelled-resource",
    "/States/A/Resource",
  ],
  [
    "an SDK action that does not exist",
    one(task({ Resource: "arn:aws:states:::aws-sdk:ecs:rollBack" })),
    "unmodelled-resource",
    "/States/A/Resource",
  ],
  [
    "an SDK service that is not modelled",
    one(task({ Resource: "arn:aws:states:::aws-sdk:glue:getJob" })),
    "unmodelled-resource",
    "/States/A/Resource",
  ],
  [
    "an argument that the action does not take",
    one(task({ Resource: "arn:aws:states:::aws-sdk:ecs:updateService", Arguments: { cluster: "c" } })),
    "unknown-argument",
    "/States/A/Arguments/cluster",
  ],
];

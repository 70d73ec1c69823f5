import { describe, expect, it } from "vitest";
import { deployTemplate } from "../../../lib/region/deploy/deploy-template.ts";
import type { Template } from "../../../lib/region/deploy/template.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import type { ResourceModel } from "../../../lib/region/service-model.ts";

/** Deploys a template of things, which remember what they were given. */
async function deploy(
  template: Template,
  parameters: Record<string, string> = {},
  given = new Map<string, Readonly<Record<string, unknown>>>(),
) {
  const kernel = new Kernel({ seed: 1, start: Date.parse("2026-11-21T10:00:00Z") });
  const context: RegionContext = {
    account: "111122223333",
    region: "eu-west-1",
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("nothing is called here")),
  };
  const thing: ResourceModel = {
    accepts: ["Name", "Value", "Deep.Accepted", "Tags", "Items.Key"],
    namedBy: "Name",
    create: (logicalId, properties) => {
      given.set(logicalId, properties);
      return { ref: `ref-${logicalId}`, attributes: { Arn: `arn:${logicalId}`, "Endpoint.Port": "5432" } };
    },
  };
  const stack = await deployTemplate(template, {
    stackName: "Shop",
    context,
    services: [],
    extra: new Map([["Test::Thing", thing]]),
    parameters,
  });
  return { stack, given, order: [...given.keys()] };
}

function thing(Value: unknown, more: object = {}) {
  return { Type: "Test::Thing", Properties: { Value }, ...more };
}

/** What `expression` yields in a template that has everything to refer to. */
async function resolved(expression: unknown): Promise<unknown> {
  const { given } = await deploy({
    Parameters: {
      Stage: { Type: "String", Default: "prod" },
      Zones: { Type: "CommaDelimitedList", Default: "a,b" },
    },
    Mappings: { Sizes: { prod: { Memory: 512 } } },
    Conditions: {
      IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
      IsEither: {
        "Fn::Or": [
          { Condition: "IsTest" },
          { "Fn::And": [{ Condition: "IsProd" }, { Condition: "IsProd" }] },
        ],
      },
      IsTest: { "Fn::Not": [{ Condition: "IsProd" }] },
    },
    Resources: { Subject: thing(expression), Other: thing(1) },
  });
  return given.get("Subject")?.["Value"];
}

describe("deployTemplate", () => {
  it.each([
    ["a parameter", { Ref: "Stage" }, "prod"],
    ["a list parameter", { Ref: "Zones" }, ["a", "b"]],
    ["a resource", { Ref: "Other" }, "ref-Other"],
    ["an attribute", { "Fn::GetAtt": ["Other", "Arn"] }, "arn:Other"],
    ["an attribute in short form", { "Fn::GetAtt": "Other.Endpoint.Port" }, "5432"],
    ["a pseudo parameter", { Ref: "AWS::AccountId" }, "111122223333"],
    ["Join", { "Fn::Join": ["-", ["a", { Ref: "Other" }, { Ref: "AWS::NoValue" }]] }, "a-ref-Other"],
    [
      "Sub",
      { "Fn::Sub": `\${AWS::Region}/\${Other}/\${Other.Arn}/\${!Literal}` },
      `eu-west-1/ref-Other/arn:Other/\${Literal}`,
    ],
    ["Sub with values", { "Fn::Sub": [`\${X}:\${Stage}`, { X: { Ref: "Other" } }] }, "ref-Other:prod"],
    ["Select and Split", { "Fn::Select": [1, { "Fn::Split": ["|", "a|b|c"] }] }, "b"],
    ["If", { "Fn::If": ["IsProd", { Ref: "Stage" }, "no"] }, "prod"],
    ["If of combined conditions", { "Fn::If": ["IsEither", { "Fn::If": ["IsTest", 1, 2] }, 3] }, 2],
    ["FindInMap", { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "Memory"] }, 512],
    ["Base64", { "Fn::Base64": { Ref: "Stage" } }, "cHJvZA=="],
    [
      "NoValue inside a list and an object",
      [{ a: { Ref: "AWS::NoValue" }, b: 1 }, { Ref: "AWS::NoValue" }],
      [{ b: 1 }],
    ],
    [
      "an IAM condition for what it is",
      { Condition: { Bool: { x: "true" } } },
      { Condition: { Bool: { x: "true" } } },
    ],
  ])("resolves %s", async (_what, expression, expected) => {
    expect(await resolved(expression)).toEqual(expected);
  });

  it.each([
    ["an import", { "Fn::ImportValue": "other-stack" }, "Fn::ImportValue"],
    [
      "an unknown attribute",
      { "Fn::GetAtt": ["Other", "Colour"] },
      "no attribute Colour (it has Arn, Endpoint.Port)",
    ],
    ["an unknown name", { Ref: "Nobody" }, "Nobody is no parameter"],
    ["a dynamic reference", "{{resolve:secretsmanager:x}}", "dynamic references"],
  ])("refuses %s, naming the resource", async (_what, expression, message) => {
    await expect(resolved(expression)).rejects.toThrow(/Shop\/Subject/);
    await expect(resolved(expression)).rejects.toThrow(message);
  });

  it("creates resources after those they refer to or depend on", async () => {
    const { order } = await deploy({
      Resources: {
        First: thing({ "Fn::Sub": [`\${Own}`, { Own: { "Fn::GetAtt": "Second.Arn" } }] }),
        Second: thing({ "Fn::Sub": `x-\${Third.Arn}` }),
        Third: thing(1, { DependsOn: ["Fourth"] }),
        Fourth: thing(1, { DependsOn: "Fifth" }),
        Fifth: thing(1),
      },
    });

    expect(order).toEqual(["Fifth", "Fourth", "Third", "Second", "First"]);
  });

  it("names the circle that resources depend in", async () => {
    const Resources = { A: thing({ Ref: "B" }), B: thing({ Ref: "C" }), C: thing(1, { DependsOn: "A" }) };

    await expect(deploy({ Resources })).rejects.toThrow("A → B → C → A");
  });

  it("lists everything it does not model, before it creates anything", async () => {
    const created = new Map();
    const Resources = {
      Fine: {
        Type: "Test::Thing",
        Properties: { Deep: { Accepted: { any: 1 } }, Items: [{ Key: 1 }], Tags: [{ a: 1 }] },
      },
      Odd: {
        Type: "Test::Thing",
        UpdatePolicy: {},
        Properties: {
          Colour: "red",
          Deep: { Accepted: 1, Refused: 2 },
          Items: { "Fn::If": ["X", [{ Key: 1, Extra: 1 }], { Ref: "AWS::NoValue" }] },
        },
      },
      Unknown: { Type: "AWS::Braket::Machine" },
    };

    const failure = await deploy({
      Transform: "AWS::Serverless",
      Conditions: {},
      Resources,
    } as Template).catch((error: unknown) => String(error));

    expect(created.size).toBe(0);
    expect(String(failure).split("\n- ").slice(1)).toEqual([
      "Transform",
      "Test::Thing.UpdatePolicy (Odd)",
      "Test::Thing.Colour (Odd)",
      "Test::Thing.Deep.Refused (Odd)",
      "Test::Thing.Items.Extra (Odd)",
      "AWS::Braket::Machine (Unknown)",
    ]);
  });

  it("leaves out resources and outputs whose condition is false, and CDK's metadata", async () => {
    const { order, stack } = await deploy({
      Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
      Resources: {
        Kept: thing({ "Fn::If": ["Never", { Ref: "Dropped" }, "own"] }),
        Dropped: { Type: "AWS::Unknown::Type", Condition: "Never" },
        CDKMetadata: { Type: "AWS::CDK::Metadata", Properties: { Analytics: "x" } },
      },
      Outputs: { Here: { Value: { Ref: "Kept" } }, Gone: { Value: { Ref: "Dropped" }, Condition: "Never" } },
    });

    expect(order).toEqual(["Kept"]);
    expect(stack.outputs).toEqual({ Here: "ref-Kept" });
  });

  it("makes up a physical name only where the template gives none", async () => {
    const { given } = await deploy({
      Resources: { Anonymous: thing(1), Named: { Type: "Test::Thing", Properties: { Name: "mine" } } },
    });

    expect(given.get("Anonymous")?.["Name"]).toMatch(/^Shop-Anonymous-[0-9A-Z]{12}$/);
    expect(given.get("Named")?.["Name"]).toBe("mine");
  });

  it("asks for a stored parameter only when a resource needs it", async () => {
    const Parameters = {
      BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/x" },
    };

    expect((await deploy({ Parameters, Resources: { A: thing(1) } })).order).toEqual(["A"]);
    const needing = { Parameters, Resources: { A: thing({ Ref: "BootstrapVersion" }) } };
    await expect(deploy(needing)).rejects.toThrow("The parameter BootstrapVersion needs a value");
    expect((await deploy(needing, { BootstrapVersion: "30" })).given.get("A")?.["Value"]).toBe("30");
  });
});

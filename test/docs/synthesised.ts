import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as z from "zod";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { synthesise } from "../../lib/stack/synthesise.ts";

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** A state as far as the documents care: its own states, if it holds any. */
export interface State {
  readonly Type: string;
  readonly Branches?: readonly { readonly States: Readonly<Record<string, State>> }[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}
const Definition = z.looseObject({ States: z.record(z.string(), z.custom<State>()) });

export type Resource = z.infer<typeof Template>["Resources"][string];

let resources: Readonly<Record<string, Resource>> | undefined;

/** The resources of the example environment's synthesised template, by logical id. */
export function resourcesOfExample(): Readonly<Record<string, Resource>> {
  if (!resources) {
    const directory = synthesise(loadEnvironment("example"), mkdtempSync(`${tmpdir()}/stepback-docs-`));
    const file = `${directory}/Stepback-example.template.json`;
    resources = Template.parse(JSON.parse(readFileSync(file, "utf8"))).Resources;
  }
  return resources;
}

export function resourcesOfType(type: string): [logicalId: string, properties: Resource["Properties"]][] {
  return Object.entries(resourcesOfExample()).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [[id, Properties] as [string, Resource["Properties"]]] : [],
  );
}

/** The top-level states of a machine, by its name; references to other resources are left out of the text. */
export function statesOf(machineName: string): Readonly<Record<string, State>> {
  const found = resourcesOfType("AWS::StepFunctions::StateMachine").find(
    ([, properties]) => properties["StateMachineName"] === machineName,
  );
  if (!found) throw new Error(`The template has no machine ${machineName}`);
  const Joined = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) });
  const definition = z.union([z.string(), Joined]).parse(found[1]["DefinitionString"]);
  const parts = typeof definition === "string" ? [definition] : definition["Fn::Join"][1];
  const text = parts.map((part) => (typeof part === "string" ? part : "reference")).join("");
  return Definition.parse(JSON.parse(text)).States;
}

/** The names of all states inside a state. */
export function innerStatesOf(state: State): string[] {
  const groups = [...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])];
  return groups.flatMap(({ States }) =>
    Object.entries(States).flatMap(([name, inner]) => [name, ...innerStatesOf(inner)]),
  );
}

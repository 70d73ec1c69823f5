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

type Resource = z.infer<typeof Template>["Resources"][string];

type Resources = Readonly<Record<string, Resource>>;
/** The environments that come with Stepback: the smallest, and the one with every kind. */
type Sample = "example" | "complete";

const synthesised = new Map<Sample, Resources>();

/** The resources of an environment's synthesised template, by logical id. */
function resourcesOf(environment: Sample): Resources {
  const known = synthesised.get(environment);
  if (known) return known;
  const directory = synthesise(loadEnvironment(environment), mkdtempSync(`${tmpdir()}/stepback-docs-`));
  const file = `${directory}/Stepback-${environment}.template.json`;
  const { Resources: resources } = Template.parse(JSON.parse(readFileSync(file, "utf8")));
  synthesised.set(environment, resources);
  return resources;
}

export function resourcesOfType(
  type: string,
  environment: Sample = "example",
): [logicalId: string, properties: Resource["Properties"]][] {
  return Object.entries(resourcesOf(environment)).flatMap(([id, { Type, Properties }]) =>
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

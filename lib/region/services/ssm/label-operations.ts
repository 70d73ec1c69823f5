import * as sdk from "@aws-sdk/client-ssm";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { labelsOf, type Parameter } from "./parameter.ts";
import { announce } from "./parameter-event.ts";
import { notFound, versionNotFound } from "./parameter-store.ts";
import { refuseAsTold } from "./put-parameter.ts";
import type { SsmWorld } from "./ssm-world.ts";

/**
 * Declares LabelParameterVersion and UnlabelParameterVersion, which take the parameter's name and not its
 * ARN.
 */
export function addLabelOperations(model: ServiceModel, world: SsmWorld): void {
  const { context, permissions } = world;
  model
    .on(sdk.LabelParameterVersionCommand, {
      accepts: ["Name", "ParameterVersion", "Labels"],
      authorize: ({ Name }) => [permissions.on("LabelParameterVersion", Name)],
      handle: ({ Name = "", ParameterVersion, Labels = [] }) => {
        const { parameter, number } = versionOf(world, Name, ParameterVersion);
        refuseAsTold(world, parameter.name);
        const InvalidLabels = Labels.filter((label) => !isValid(label));
        label(parameter, number, Labels.filter(isValid));
        if (InvalidLabels.length < Labels.length) announce(context, parameter, "LabelParameterVersion");
        // Labels that break the rules are told of in a success (docs/facts/frontend-secrets-config.md §C.1).
        return { InvalidLabels, ParameterVersion: number };
      },
    })
    .on(sdk.UnlabelParameterVersionCommand, {
      accepts: ["Name", "ParameterVersion", "Labels"],
      authorize: ({ Name }) => [permissions.on("UnlabelParameterVersion", Name)],
      handle: ({ Name = "", ParameterVersion, Labels = [] }) => {
        const { parameter, number } = versionOf(world, Name, ParameterVersion);
        refuseAsTold(world, parameter.name);
        const attached = labelsOf(parameter, number);
        const RemovedLabels = Labels.filter((label) => attached.includes(label));
        for (const label of RemovedLabels) parameter.labels.delete(label);
        return { RemovedLabels, InvalidLabels: Labels.filter((label) => !attached.includes(label)) };
      },
    });
}

/** A label is on one version at a time: it moves. A version has ten at most. */
function label(parameter: Parameter, number: number, labels: readonly string[]): void {
  const after = new Set([...labelsOf(parameter, number), ...labels]);
  if (after.size > 10) {
    throw new AwsError(
      "ParameterVersionLabelLimitExceeded",
      "A parameter version can have a maximum of ten labels.",
    );
  }
  for (const one of labels) parameter.labels.set(one, number);
}

function versionOf(
  { store }: SsmWorld,
  name: string,
  version: number | undefined,
): { readonly parameter: Parameter; readonly number: number } {
  if (name.startsWith("arn:")) throw notFound(name);
  const parameter = store.required(name);
  const number = version ?? parameter.versions.at(-1)?.number ?? 0;
  if (parameter.versions.some((candidate) => candidate.number === number)) return { parameter, number };
  throw versionNotFound(name, String(number));
}

/**
 * Letters, numbers, `.`, `-` and `_`, at most 100; not beginning with a number, "aws" or "ssm". [SDK
 * LabelParameterVersion]
 */
function isValid(label: string): boolean {
  return /^(?!\d|aws|ssm)[\w.-]{1,100}$/i.test(label);
}

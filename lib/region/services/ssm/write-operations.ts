import * as sdk from "@aws-sdk/client-ssm";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { Parameter } from "./parameter.ts";
import { announce } from "./parameter-event.ts";
import { changedBy } from "./parameter-permissions.ts";
import { DEFAULT_KEY, putParameter } from "./put-parameter.ts";
import type { SsmWorld } from "./ssm-world.ts";

/** Declares PutParameter, DeleteParameter, and the tags and the list of parameters. */
export function addWriteOperations(model: ServiceModel, world: SsmWorld): void {
  const { context, store, permissions } = world;
  model
    .on(sdk.PutParameterCommand, {
      // Of the data types only `text` is modelled: the others make AWS look into another service.
      accepts: [
        "Name",
        "Description",
        "Value",
        "Type",
        "KeyId",
        "Overwrite",
        "AllowedPattern",
        "Tags",
        "Tier",
        "DataType",
      ],
      authorize: (input) => mayPut(world, input),
      handle: (input, { principal }) => {
        if (input.DataType !== undefined && input.DataType !== "text") {
          throw new AwsError(
            "NotImplemented",
            `The simulated region has no parameters of ${input.DataType}`,
            501,
          );
        }
        return putParameter(world, input, changedBy(context, principal));
      },
    })
    .on(sdk.DeleteParameterCommand, {
      accepts: ["Name"],
      authorize: ({ Name }) => [permissions.on("DeleteParameter", Name)],
      handle: ({ Name }) => {
        const parameter = store.required(Name);
        store.remove(parameter);
        announce(context, parameter, "Delete");
        return {};
      },
    })
    .on(sdk.DescribeParametersCommand, {
      accepts: ["ParameterFilters", "MaxResults", "NextToken"],
      authorize: () => [{ action: "ssm:DescribeParameters", resource: "*" }],
      handle: (input) => describeParameters(world, input),
    });
  addTagOperations(model, world);
}

function addTagOperations(model: ServiceModel, { store, permissions }: SsmWorld): void {
  const tagged = (id: string | undefined): Parameter => {
    const parameter = store.find(id ?? "");
    if (parameter) return parameter;
    throw new AwsError(
      "InvalidResourceId",
      "The resource ID isn't valid. Verify that you entered the correct ID and try again.",
    );
  };
  model
    .on(sdk.AddTagsToResourceCommand, {
      accepts: ["ResourceType", "ResourceId", "Tags"],
      authorize: ({ ResourceId, Tags = [] }) => {
        const requested = Tags.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value]);
        return [permissions.on("AddTagsToResource", ResourceId, Object.fromEntries(requested))];
      },
      handle: ({ ResourceType, ResourceId, Tags = [] }) => {
        parametersOnly(ResourceType);
        const { tags } = tagged(ResourceId);
        for (const { Key = "", Value = "" } of Tags) tags.set(Key, Value);
        return {};
      },
    })
    .on(sdk.ListTagsForResourceCommand, {
      accepts: ["ResourceType", "ResourceId"],
      authorize: ({ ResourceId }) => [permissions.on("ListTagsForResource", ResourceId)],
      handle: ({ ResourceType, ResourceId }) => {
        parametersOnly(ResourceType);
        return { TagList: [...tagged(ResourceId).tags].map(([Key, Value]) => ({ Key, Value })) };
      },
    });
}

/**
 * Encrypting needs leave for the key: `kms:Encrypt`, or a data key of one's own in the advanced tier (§C.1,
 * §J).
 */
function mayPut(
  { store, permissions }: SsmWorld,
  { Name = "", Type, KeyId, Tier, Tags, Overwrite }: sdk.PutParameterRequest,
) {
  const last = store.find(Name)?.versions.at(-1);
  const secure = (Type ?? last?.type) === "SecureString";
  const advanced = Tier === "Advanced" || last?.tier === "Advanced";
  const put = permissions.on("PutParameter", Name, { "ssm:Overwrite": String(Overwrite ?? false) });
  const requested = (Tags ?? []).map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value]);
  return [
    put,
    ...(requested.length > 0
      ? [permissions.on("AddTagsToResource", Name, Object.fromEntries(requested))]
      : []),
    ...(secure
      ? permissions.use(put.resource, KeyId ?? DEFAULT_KEY, [advanced ? "GenerateDataKey" : "Encrypt"])
      : []),
  ];
}

function describeParameters(
  { store }: SsmWorld,
  { ParameterFilters = [], MaxResults = 10, NextToken }: sdk.DescribeParametersRequest,
): sdk.DescribeParametersResult {
  const matching = store
    .all()
    .filter((parameter) => ParameterFilters.every((filter) => matches(parameter, filter)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const after = NextToken === undefined ? "" : Buffer.from(NextToken, "base64url").toString();
  const left = matching.filter(({ name }) => name > after);
  const shown = left.slice(0, MaxResults);
  return {
    Parameters: shown.flatMap((parameter) => {
      const latest = parameter.versions.at(-1);
      if (!latest) return [];
      return {
        Name: parameter.name,
        ARN: parameter.arn,
        Type: latest.type,
        KeyId: latest.keyId,
        LastModifiedDate: new Date(latest.modifiedAt),
        LastModifiedUser: latest.modifiedBy,
        Description: latest.description,
        AllowedPattern: latest.allowedPattern,
        Version: latest.number,
        Tier: latest.tier,
        Policies: [],
        DataType: latest.dataType,
      };
    }),
    NextToken:
      left.length > MaxResults ? Buffer.from(shown.at(-1)?.name ?? "").toString("base64url") : undefined,
  };
}

/** By name and by tag; the other filters are not modelled. */
function matches(
  { name, tags }: Parameter,
  { Key = "", Option = "Equals", Values = [] }: sdk.ParameterStringFilter,
): boolean {
  const tag = /^tag:(.+)$/.exec(Key)?.[1];
  const actual = tag === undefined ? name : tags.get(tag);
  if ((Key !== "Name" && tag === undefined) || !["Equals", "BeginsWith"].includes(Option)) {
    throw new AwsError(
      "NotImplemented",
      `The simulated region does not filter parameters by ${Key} ${Option}`,
      501,
    );
  }
  return Values.some((value) =>
    Option === "Equals" ? actual === value : (actual?.startsWith(value) ?? false),
  );
}

function parametersOnly(type: string | undefined): void {
  if (type === "Parameter") return;
  throw new AwsError(
    "NotImplemented",
    `The simulated region has no resources of type ${type} in Systems Manager`,
    501,
  );
}

import { z } from "zod";
import type { RegionContext } from "../../region-context.ts";
import type { ResourceModel } from "../../service-model.ts";
import type { LogStore } from "./log-store.ts";

/** `AWS::Logs::LogGroup`: Ref is the name, the attribute Arn ends in `:*`. */
export function logGroupResource(store: LogStore): ResourceModel {
  return {
    accepts: ["LogGroupName", "RetentionInDays", "KmsKeyId", "LogGroupClass", "Tags"],
    namedBy: "LogGroupName",
    create: (_logicalId, properties) => {
      const { LogGroupName, RetentionInDays, KmsKeyId, LogGroupClass } = groupProperties.parse(properties);
      const group = store.createGroup(LogGroupName, { kmsKeyId: KmsKeyId, groupClass: LogGroupClass });
      if (RetentionInDays !== undefined) store.setRetention(group, RetentionInDays);
      return { ref: group.name, attributes: { Arn: `${group.arn}:*` } };
    },
  };
}

/**
 * `AWS::Logs::ResourcePolicy`: accepted; no modelled service writes logs by such a policy, so it has no
 * effect.
 */
export function resourcePolicyResource(): ResourceModel {
  return {
    accepts: ["PolicyName", "PolicyDocument"],
    namedBy: "PolicyName",
    create: (_logicalId, properties) => {
      const { PolicyName, PolicyDocument } = policyProperties.parse(properties);
      JSON.parse(PolicyDocument);
      return { ref: PolicyName, attributes: {} };
    },
  };
}

/** `AWS::Logs::QueryDefinition`: kept for people; the region runs no Logs Insights queries. */
export function queryDefinitionResource({ kernel }: RegionContext): ResourceModel {
  return {
    accepts: ["Name", "QueryString", "LogGroupNames", "QueryLanguage"],
    create: () => {
      const id = kernel.random.uuid();
      return { ref: id, attributes: { QueryDefinitionId: id } };
    },
  };
}

const groupProperties = z.strictObject({
  LogGroupName: z.string(),
  RetentionInDays: z.coerce.number().optional(),
  KmsKeyId: z.string().optional(),
  LogGroupClass: z.enum(["STANDARD", "INFREQUENT_ACCESS"]).default("STANDARD"),
  Tags: z.unknown().optional(),
});

const policyProperties = z.strictObject({ PolicyName: z.string(), PolicyDocument: z.string() });

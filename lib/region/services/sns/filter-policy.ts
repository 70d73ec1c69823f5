import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { AwsError } from "../../service-model.ts";
import { EventPattern } from "../eventbridge/event-pattern.ts";
import { PatternError } from "../eventbridge/leaf-rule.ts";

export type FilterPolicyScope = "MessageAttributes" | "MessageBody";

/** Tells whether a subscription wants a message. */
export type MessageFilter = (message: {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}) => boolean;

/**
 * Compiles a subscription's filter policy.
 *
 * Source: SNS developer guide, "Amazon SNS subscription filter policies": the operators are those of event
 * patterns; in the attribute scope the policy is flat, in the body scope it nests and a body that is not JSON
 * does not match.
 */
export function compileFilterPolicy(text: string, scope: FilterPolicyScope): MessageFilter {
  const policy = parseJson(text);
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) {
    throw notValid("failed to parse JSON.");
  }
  // Unverified: an empty policy accepts every message, which is how a policy is taken off again.
  if (Object.keys(policy).length === 0) return () => true;
  checkSize(policy, scope);
  const pattern = compiled(policy);
  if (scope === "MessageBody") return ({ body }) => pattern.matches(parseJson(body));
  return ({ attributes }) => pattern.matches(filterable(attributes));
}

/** Developer guide, "Filter policy constraints": five keys, and 150 combinations of values. */
function checkSize(policy: object, scope: FilterPolicyScope): void {
  const values = Object.values(policy);
  if (values.length > 5) throw notValid("Filter policy can not have more than 5 keys");
  if (scope === "MessageAttributes" && !values.every((value) => Array.isArray(value))) {
    throw notValid("Filter policy scope MessageAttributes does not support nested filter policy");
  }
  const combinations = values.reduce<number>((product, value) => product * countValues(value), 1);
  if (combinations > 150) throw notValid("Filter policy is too complex");
}

function countValues(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((product, child) => product * countValues(child), 1);
}

function compiled(policy: object): EventPattern {
  try {
    return EventPattern.of(policy);
  } catch (error) {
    if (error instanceof PatternError) throw notValid(error.message);
    throw error;
  }
}

/**
 * Attributes as the values that policies compare: texts, numbers, lists; binary attributes are never matched.
 */
function filterable(attributes: Readonly<Record<string, MessageAttributeValue>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, { DataType = "", StringValue }] of Object.entries(attributes)) {
    if (StringValue === undefined || DataType.startsWith("Binary")) continue;
    if (DataType === "String.Array") values[name] = parseJson(StringValue);
    else values[name] = DataType.startsWith("Number") ? Number(StringValue) : StringValue;
  }
  return values;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notValid(reason: string): AwsError {
  return new AwsError("InvalidParameterException", `Invalid parameter: FilterPolicy: ${reason}`);
}

import { NormalizedSchema } from "@smithy/core/schema";
import type { StaticOperationSchema } from "@smithy/types";
import { AwsError } from "../../service-model.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { exceptionName, type Integration, modelledErrors, type TaskContext } from "./integration.ts";
import { jsonAnswer } from "./service-answer.ts";

/** A service that machines of this region may call as `arn:aws:states:::aws-sdk:<name>:<action>`. */
export interface SdkService {
  /** The name in the ARN: `ecs`, `secretsmanager`, `sfn`. */
  readonly name: string;
  /** What `RegionContext.call` knows the service by. */
  readonly signingName: string;
  /** The class name in the Java SDK 2, which error names begin with: `Ecs`, `SecretsManager`, `DynamoDb`. */
  readonly errorPrefix: string;
  /** The whole `@aws-sdk/client-x` module: which operations exist, and their shapes. */
  readonly sdk: object;
}

/** The operation, or undefined when the service has none of that name. `action` is in camelCase, as in the ARN. */
export function sdkIntegration(service: SdkService, action: string): Integration | undefined {
  const operation = Object.values(service.sdk).find(
    (exported): exported is StaticOperationSchema =>
      isOperation(exported) && lowerFirst(exported[2]) === action,
  );
  if (!operation) return undefined;
  const [, , name, , input, output] = operation;
  const [inputSchema, outputSchema] = [NormalizedSchema.of(input), NormalizedSchema.of(output)];
  const errors = modelledErrors(service.sdk);
  return {
    resourceType: `aws-sdk:${service.name}`,
    resource: action,
    waitsForToken: false,
    parameters: new Set(membersOf(inputSchema).map(([member]) => upperFirst(member))),
    perform: async (parameters, task) => {
      // The input of an operation is always a structure, so its converted arguments are an object.
      const request = Object(toSdk(parameters, inputSchema));
      const answer = await task.call(service.signingName, name, request).catch((error: unknown) => {
        throw error instanceof AwsError ? sdkFailure(error, service.errorPrefix, errors, task) : error;
      });
      return fromSdk(jsonAnswer(answer), outputSchema);
    },
  };
}

/** `Sfn.InvalidTokenException`; what the service does not model is its base class, `Sfn.SfnException` [snapshots]. */
function sdkFailure(
  { code, message, status = 400 }: AwsError,
  prefix: string,
  errors: ReadonlySet<string>,
  task: TaskContext,
): StatesError {
  const name = errors.has(code) ? exceptionName(code) : `${prefix}Exception`;
  const origin = `Service: ${prefix}, Status Code: ${status}, Request ID: ${task.requestId()}`;
  return new StatesError(`${prefix}.${name}`, `${message} (${origin}) (SDK Attempt Count: 1)`);
}

/**
 * Arguments come in PascalCase and answers leave in it, whatever case the service's own members have; keys of maps
 * are data and stay. An object given for a string is sent as its JSON text [localstack AWS snapshot
 * `…_implicit_json_serialisation`].
 */
function toSdk(value: Json, schema: NormalizedSchema): unknown {
  // A body is always the JSON text of its argument, so that a string arrives in quotes [snapshots `test_s3_put_object`].
  if (schema.isBlobSchema()) return new TextEncoder().encode(JSON.stringify(value));
  if (schema.isStringSchema() && typeof value === "object" && value !== null) return JSON.stringify(value);
  if (schema.isTimestampSchema() && typeof value === "string") return new Date(value);
  if (isArray(value))
    return schema.isListSchema() ? value.map((item) => toSdk(item, schema.getValueSchema())) : value;
  if (!isJsonObject(value)) return value;
  if (schema.isMapSchema())
    return mapEntries(value, (key, item) => [key, toSdk(item, schema.getValueSchema())]);
  const members = new Map(
    membersOf(schema).map(([member, inner]) => [upperFirst(member), { member, inner }]),
  );
  return mapEntries(value, (key, item) => {
    const found = members.get(key);
    if (!found)
      throw new StatesError("States.Runtime", `The field "${key}" is not supported by Step Functions`);
    return [found.member, toSdk(item, found.inner)];
  });
}

function fromSdk(value: Json, schema: NormalizedSchema): Json {
  if (isArray(value))
    return schema.isListSchema() ? value.map((item) => fromSdk(item, schema.getValueSchema())) : value;
  if (!isJsonObject(value)) return value;
  if (schema.isMapSchema())
    return mapEntries(value, (key, item) => [key, fromSdk(item, schema.getValueSchema())]);
  const members = new Map(membersOf(schema));
  return mapEntries(value, (key, item) => {
    const inner = members.get(key);
    return [upperFirst(key), inner ? fromSdk(item, inner) : item];
  });
}

function mapEntries<T>(
  value: JsonObject,
  entry: (key: string, item: Json) => readonly [string, T],
): Record<string, T> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => entry(key, item)));
}

function membersOf(schema: NormalizedSchema): readonly (readonly [string, NormalizedSchema])[] {
  return schema.isStructSchema() ? [...schema.structIterator()] : [];
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isOperation(exported: unknown): exported is StaticOperationSchema {
  return Array.isArray(exported) && exported[0] === 9;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

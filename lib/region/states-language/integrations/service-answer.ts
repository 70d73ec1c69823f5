import type { Json, JsonObject } from "../json.ts";
import type { TaskContext } from "./integration.ts";

/**
 * An SDK answer as JSON: moments as ISO text, bytes as UTF-8 text [localstack AWS snapshots `test_s3_get_object`],
 * absent members left out, `$metadata` never.
 */
export function jsonAnswer(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(jsonAnswer);
  if (typeof value === "object") {
    const entries = Object.entries(value).filter(
      ([key, member]) => member !== undefined && key !== "$metadata",
    );
    return Object.fromEntries(entries.map(([key, member]) => [key, jsonAnswer(member)]));
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new Error(`A task result cannot hold a ${typeof value}`);
}

/**
 * What the optimised integrations add to the answer. AWS also repeats the response headers there
 * [localstack AWS snapshots]; those are not modelled.
 */
export function responseMetadata(task: TaskContext): JsonObject {
  return {
    SdkHttpMetadata: { HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: task.requestId() },
  };
}

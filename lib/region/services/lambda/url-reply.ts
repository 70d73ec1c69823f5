import type { WireReply } from "../../wire/wire-message.ts";

/**
 * A handler's result as the HTTP answer of its URL. An object with `statusCode` is the answer itself; anything else is
 * a JSON body with status 200 (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload).
 */
export function urlReply(payload: string): WireReply {
  const result: unknown = JSON.parse(payload);
  if (!isAnswer(result)) {
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(payload),
    };
  }
  const { statusCode, headers = {}, body = "", cookies = [], isBase64Encoded = false } = result;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: Number(statusCode),
    headers: {
      "content-type": "application/json",
      ...Object.fromEntries(lowered),
      ...(cookies.length > 0 ? { "set-cookie": cookies.join(", ") } : {}),
    },
    body: new Uint8Array(Buffer.from(text, isBase64Encoded ? "base64" : "utf8")),
  };
}

interface Answer {
  readonly statusCode: number | string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly cookies?: readonly string[];
  readonly isBase64Encoded?: boolean;
}

function isAnswer(result: unknown): result is Answer {
  return typeof result === "object" && result !== null && "statusCode" in result;
}

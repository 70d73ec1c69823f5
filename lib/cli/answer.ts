import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SignatureV4 } from "@smithy/signature-v4";
import { Command } from "commander";
import { type AwsOptions, clientOptionsOf, withAwsOptions } from "./aws-options.ts";
import { UsageError } from "./usage-error.ts";

interface AnswerOptions extends AwsOptions {
  readonly plan: string;
  readonly url: string;
  readonly comment?: string;
}

/** `stepback approve` and `stepback reject`: a person answers a waiting rollback, signed with their own credentials. */
export function answerCommand(answer: "approve" | "reject"): Command {
  return withAwsOptions(new Command(answer))
    .description(
      `${answer === "approve" ? "Approve" : "Reject"} a rollback that waits for an answer; copy the command from the message`,
    )
    .argument("<rollback>", "the rollback's id, like rb-20261121-010203-3f2a9c1d")
    .requiredOption("--plan <hash>", "the plan you looked at")
    .requiredOption("--url <url>", "the approval function's URL")
    .option("--comment <text>", "why, for the report")
    .action((rollbackId: string, options: AnswerOptions) => send(answer, rollbackId, options));
}

async function send(answer: string, rollbackId: string, options: AnswerOptions): Promise<void> {
  const { client } = clientOptionsOf(options);
  const url = urlOf(options.url);
  const body = JSON.stringify({ rollbackId, planHash: options.plan, answer, comment: options.comment ?? "" });
  const signer = new SignatureV4({
    service: "lambda",
    region: client.region,
    credentials: new LambdaClient(client).config.credentials,
    sha256: NodeSha256,
  });
  const signed = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host, "content-type": "application/json" },
    body,
  });
  // The simulated region listens on loopback and looks at the Host header, as AWS does behind TLS.
  const { status, text } = await post(new URL(options.endpointUrl ?? url.origin), url, signed.headers, body);
  process.stdout.write(`${text}\n`);
  process.exitCode = status === 200 ? 0 : 1;
}

function urlOf(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new UsageError(`--url is not a URL: ${text}. Copy the whole command from the message.`);
  }
}

function post(
  origin: URL,
  url: URL,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  const send = origin.protocol === "http:" ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      { host: origin.hostname, port: origin.port || undefined, path: url.pathname, method: "POST", headers },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** SHA-256 and HMAC-SHA-256 in the form the signer wants. */
class NodeSha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === "string" ? secret : secret && Buffer.from(secret as Uint8Array);
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
}

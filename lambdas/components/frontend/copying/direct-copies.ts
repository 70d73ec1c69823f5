import {
  CopyObject$,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getEndpointFromInstructions } from "@smithy/core/endpoints";
import { extendedEncodeURIComponent } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { HttpRequest } from "@smithy/core/transport";
import { SignatureV4 } from "@smithy/signature-v4";
import { KeyedSha256 } from "./keyed-sha256.ts";

/** What S3 says of a copy that it made. */
export interface Copied {
  readonly VersionId?: string;
  readonly ETag: string;
}

/**
 * The first attempt at each copy, without the SDK's chain of some twenty middlewares: four fifths of what a copy costs a
 * processor, and a Lambda's processor is what ten thousand copies wait for (docs/testing.md, "Benchmarks").
 *
 * Endpoint, credentials and sockets are the client's own, and so is the signature, byte for byte. Only a plain yes and a refused
 * condition are read here. Whatever else comes back, the caller asks again through the SDK, which knows the errors, the
 * errors inside a 200, retries and backoff; and this way is switched off, unless it was about one object alone: a service
 * in trouble is spoken to by the SDK alone.
 */
export class DirectCopies {
  readonly #s3: S3Client;
  #route: Promise<Route | undefined> | undefined;
  #isOff = false;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  /** Undefined: nobody knows whether it was made. Refused: a condition does not hold (412), and nothing was written. */
  async attempt(input: CopyObjectCommandInput): Promise<Copied | "refused" | undefined> {
    if (this.#isOff) return undefined;
    this.#route ??= routeTo(this.#s3, input);
    const route = await this.#route;
    const request = route && requestOf(route, input);
    if (!request) return undefined;
    const { headers } = await route.signer.sign(request);
    const answer = await this.#send(new HttpRequest({ ...request, headers }));
    if (answer?.copied) return answer.copied;
    if (answer?.status === 412) return "refused";
    if (!answer || !ABOUT_ONE_OBJECT.has(answer.status)) this.#isOff = true;
    return undefined;
  }

  /** Undefined when no answer came. */
  async #send(request: HttpRequest): Promise<{ status: number; copied?: Copied } | undefined> {
    const { requestHandler, streamCollector, utf8Encoder } = this.#s3.config;
    try {
      const { response } = await requestHandler.handle(request, { requestTimeout: TIMEOUT_MILLIS });
      const text = utf8Encoder(await streamCollector(response.body));
      const etag = response.statusCode === 200 ? etagIn(text) : undefined;
      const versionId = response.headers["x-amz-version-id"];
      return {
        status: response.statusCode,
        ...(etag ? { copied: { ETag: etag, ...(versionId ? { VersionId: versionId } : {}) } } : {}),
      };
    } catch {
      return undefined;
    }
  }
}

/** With the SDK's three attempts of 10 s below what `follow` keeps in reserve. */
const TIMEOUT_MILLIS = 5_000;

/** There is no source, or somebody writes at the same moment: nothing is wrong with S3. */
const ABOUT_ONE_OBJECT = new Set([404, 409]);

/** Where and how the client speaks to one bucket. */
interface Route {
  readonly url: URL;
  readonly userAgent: string;
  readonly signer: SignatureV4;
}

/** Undefined when the bucket is signed for in another way than with SigV4, as multi-region access points are. */
async function routeTo({ config }: S3Client, input: CopyObjectCommandInput): Promise<Route | undefined> {
  const { url, properties } = await getEndpointFromInstructions(input, CopyObjectCommand, { ...config });
  const [scheme] = properties?.["authSchemes"] ?? [];
  if (scheme?.name !== "sigv4") return undefined;
  const agent = await config.defaultUserAgentProvider();
  const signer = new SignatureV4({
    credentials: config.credentials,
    region: scheme.signingRegion ?? config.region,
    service: scheme.signingName ?? "s3",
    sha256: KeyedSha256,
    // S3 alone signs the path as it is sent.
    uriEscapePath: false,
  });
  return { url, signer, userAgent: agent.map((pair) => pair.join("/")).join(" ") };
}

/** The header of each member that travels in one, by the SDK's own schema. */
const HEADERS: ReadonlyMap<string, string> = new Map(
  [...NormalizedSchema.of(CopyObject$[4]).structIterator()].flatMap(([member, schema]) => {
    const { httpHeader } = schema.getMergedTraits();
    return httpHeader ? [[member, httpHeader.toLowerCase()] as const] : [];
  }),
);

/** The request that the SDK would make; undefined for members that it would write in another way than as plain text. */
function requestOf(
  { url, userAgent }: Route,
  { Bucket: _, Key: key = "", ...members }: CopyObjectCommandInput,
): HttpRequest | undefined {
  const headers: Record<string, string> = { host: url.host, "user-agent": userAgent };
  for (const [member, value] of Object.entries(members)) {
    const header = HEADERS.get(member);
    if (value === undefined) continue;
    if (header === undefined || (typeof value !== "string" && typeof value !== "boolean")) return undefined;
    headers[header] = String(value);
  }
  const folder = url.pathname === "/" ? "" : url.pathname;
  return new HttpRequest({
    method: "PUT",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port ? { port: Number(url.port) } : {}),
    path: `${folder}/${key.split("/").map(extendedEncodeURIComponent).join("/")}`,
    query: { "x-id": "CopyObject" },
    headers,
  });
}

/**
 * A 200 may hold an error instead of a result, after blanks that keep the connection open
 * (docs/facts/frontend-secrets-config.md §A.3, CopyObject).
 */
function etagIn(text: string): string | undefined {
  if (!text.trimEnd().endsWith("</CopyObjectResult>")) return undefined;
  const etag = /<ETag>(?:&quot;|&#34;|")([\w-]+)(?:&quot;|&#34;|")<\/ETag>/.exec(text)?.[1];
  return etag && `"${etag}"`;
}

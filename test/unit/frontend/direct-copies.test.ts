import { Readable } from "node:stream";
import { CopyObjectCommand, type CopyObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { type HttpRequest, HttpResponse } from "@smithy/core/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyObject, copySourceOf } from "../../../lambdas/components/frontend/copying/copy-object.ts";
import { COPYING_OPTIONS } from "../../../lambdas/components/frontend/copying/copying-options.ts";
import { DirectCopies } from "../../../lambdas/components/frontend/copying/direct-copies.ts";

const YES = `<?xml version="1.0" encoding="UTF-8"?>
<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LastModified>2026-11-21T10:00:00.000Z</LastModified><ETag>&quot;9b2cf535&quot;</ETag></CopyObjectResult>`;
const ERROR = "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>";

interface Answer {
  readonly status?: number;
  readonly body?: string;
}

/** A client whose requests are kept, and answered in this order; afterwards with a yes. */
function makeClient(answers: readonly (Answer | Error)[] = [], options: object = {}) {
  const requests: HttpRequest[] = [];
  const s3 = new S3Client({
    ...COPYING_OPTIONS,
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI", sessionToken: "session" },
    ...options,
    requestHandler: {
      handle: async (request: HttpRequest) => {
        requests.push(request);
        const answer = answers[requests.length - 1] ?? {};
        if (answer instanceof Error) throw answer;
        const headers = { "x-amz-version-id": "v2" };
        const body = Readable.from([Buffer.from(answer.body ?? YES)]);
        return { response: new HttpResponse({ statusCode: answer.status ?? 200, headers, body }) };
      },
    },
  });
  const direct = new DirectCopies(s3);
  const bySdk = () => requests.map(({ headers }) => "amz-sdk-invocation-id" in headers);
  return { s3, direct, requests, bySdk };
}

const input = (more: Partial<CopyObjectCommandInput> = {}): CopyObjectCommandInput => ({
  Bucket: "site",
  Key: "assets/app.js",
  CopySource: "site/releases/r1/assets/app.js?versionId=v1",
  CopySourceIfMatch: '"9b2cf535"',
  IfMatch: '"77777777"',
  MetadataDirective: "COPY",
  TaggingDirective: "COPY",
  AnnotationDirective: "EXCLUDE",
  ExpectedBucketOwner: "123456789012",
  ExpectedSourceBucketOwner: "123456789012",
  ...more,
});

const EXTRAS: Partial<CopyObjectCommandInput>[] = [
  {},
  { IfNoneMatch: "*" },
  { StorageClass: "STANDARD_IA", WebsiteRedirectLocation: "/new" },
  {
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: "arn:aws:kms:eu-west-1:1:key/k",
    BucketKeyEnabled: true,
  },
];

/** What tells attempts of the SDK from each other, and what its signature covers besides. */
const OWN = ["authorization", "user-agent", "x-amz-user-agent", "x-amz-date"];

function essence({ method, protocol, hostname, port, path, query, headers }: HttpRequest) {
  const kept = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const own = (name: string) => name.startsWith("amz-sdk-") || OWN.includes(name);
  return {
    method,
    protocol,
    hostname,
    port,
    path,
    query,
    headers: kept.filter(([name]) => !own(name)).sort(),
  };
}

describe("a direct copy", () => {
  it.each([
    [{}],
    [{ endpoint: "http://127.0.0.1:4510", forcePathStyle: true }],
    [{ useDualstackEndpoint: true }],
  ])("sends what the SDK would send, signed as the SDK signs it: %o", async (options) => {
    const keys = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(keys, fc.constantFrom(...EXTRAS), async (Key, extra) => {
        const { s3, direct, requests } = makeClient([], options);
        const asked = input({ ...extra, Key, CopySource: copySourceOf("site", { key: Key }) });

        await direct.attempt(asked);
        await s3.send(new CopyObjectCommand(asked));

        const [ours, theirs] = requests;
        if (!ours || !theirs) throw new Error("There are two requests");
        expect(essence(ours)).toEqual(essence(theirs));
        const { authorization, ...unsigned } = ours.headers;
        const scheme = { name: "sigv4", signingName: "s3", signingRegion: "eu-west-1", properties: {} };
        const signer = await s3.config.signer(scheme);
        const day = String(unsigned["x-amz-date"]).replace(/(....)(..)(..T..)(..)(..)/, "$1-$2-$3:$4:$5");
        const again = await signer.sign({ ...ours, headers: unsigned }, { signingDate: day });
        expect(again.headers["authorization"]).toBe(authorization);
      }),
      { numRuns: 40 },
    );
  });

  it("takes a plain yes for one, with the version that came of it", async () => {
    const { direct, bySdk } = makeClient();

    expect(await direct.attempt(input())).toEqual({ VersionId: "v2", ETag: '"9b2cf535"' });
    expect(bySdk()).toEqual([false]);
  });

  it.each<[string, Answer | Error]>([
    ["an error inside a 200", { body: `${" ".repeat(9)}${ERROR}` }],
    ["half an answer", { body: YES.slice(0, -9) }],
    ["an empty answer", { body: "" }],
    ["throttling", { status: 503, body: "<Error><Code>SlowDown</Code></Error>" }],
    ["a refusal", { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" }],
    ["a broken connection", Object.assign(new Error("reset"), { code: "ECONNRESET" })],
  ])(
    "says nothing after %s, and asks no more: the SDK alone speaks to a service in trouble",
    async (_, answer) => {
      const { direct, requests } = makeClient([answer]);

      expect(await direct.attempt(input())).toBeUndefined();
      expect(await direct.attempt(input())).toBeUndefined();
      expect(requests.length).toBe(1);
    },
  );

  it("takes a condition that does not hold for a refusal", async () => {
    const { direct } = makeClient([{ status: 412, body: ERROR }]);

    expect(await direct.attempt(input())).toBe("refused");
    expect(await direct.attempt(input())).toMatchObject({ VersionId: "v2" });
  });

  it.each([404, 409])("says nothing after %i, and goes on: only one object is in trouble", async (status) => {
    const { direct, requests } = makeClient([{ status, body: ERROR }]);

    expect(await direct.attempt(input())).toBeUndefined();
    expect(await direct.attempt(input())).toMatchObject({ VersionId: "v2" });
    expect(requests.length).toBe(2);
  });

  it("is asked again through the SDK, which knows what an error inside a 200 is", async () => {
    const { s3, direct, bySdk } = makeClient([{ body: ERROR }, { body: ERROR }]);
    const place = { s3, direct, bucket: "site", account: "123456789012", encrypted: false };
    const source = { key: "app.js", versionId: "v1", etag: '"9b2cf535"', size: 9, storageClass: "STANDARD" };

    expect(await copyObject(place, { key: "app.js" }, source)).toEqual({
      outcome: "written",
      row: { key: "app.js", versionId: "v2", etag: '"9b2cf535"' },
    });
    expect(bySdk()).toEqual([false, true, true]);
  });

  it("leaves to the SDK what it does not know how to write, and buckets that are signed for in another way", async () => {
    const { direct, requests } = makeClient();
    expect(await direct.attempt(input({ Metadata: { commit: "aaaaaaa" } }))).toBeUndefined();

    const everywhere = makeClient();
    const Bucket = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
    expect(await everywhere.direct.attempt(input({ Bucket }))).toBeUndefined();

    expect([...requests, ...everywhere.requests]).toEqual([]);
  });
});

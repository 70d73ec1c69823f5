import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { Identities } from "../lib/region/iam/identities.ts";
import { Kernel } from "../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../lib/region/region-context.ts";
import { readRequest, writeReply } from "../lib/region/server/http-adapter.ts";
import { Buckets } from "../lib/region/services/s3/buckets.ts";
import { s3Service } from "../lib/region/services/s3/s3-service.ts";
import { Endpoint } from "../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../lib/region/wire/fault-plan.ts";

/** S3 alone in a process of its own, for bench/frontend-restore.ts, which learns the port by message. */
const LATENCY_MS = 30;
const OBJECT_BYTES = 4_096;

const start = Date.parse("2026-11-21T10:00:00Z");
const [account, region] = ["123456789012", "eu-west-1"];
const kernel = new Kernel({ seed: 1, start });
const context: RegionContext = {
  account,
  region,
  kernel,
  emit: () => undefined,
  publishMetric: () => undefined,
  call: () => Promise.reject(new Error("S3 calls nobody")),
};
const buckets = new Buckets(context);
buckets.create("reports");
for (const contender of ["ours", "sync"]) {
  fill(`sizes-${contender}`, 10_000, OBJECT_BYTES + 1);
  fill(`same-${contender}`, 2_000, OBJECT_BYTES);
}
const identities = new Identities({ kernel, account, region });
const latency = { fromMs: 0, toMs: 0 };
const endpoint = new Endpoint({
  kernel,
  account,
  region,
  identities,
  faults: new FaultPlan(kernel),
  latency,
});
endpoint.add(s3Service(context, buckets));

// Time stands still in the region and the latency is real: the region's own clock would cost more than S3's work.
const server = createServer(async (incoming, response) => {
  const request = await readRequest(incoming);
  await setTimeout(LATENCY_MS);
  writeReply(response, await endpoint.handle(request), request.method === "HEAD");
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server has no port");
  process.send?.({ port: address.port, distribution: "E1BENCH0000000" });
});
process.on("disconnect", () => process.exit());

/** The release r1 in its folder and r2, which is newer, live. */
function fill(name: string, objects: number, liveBytes: number): void {
  const bucket = buckets.create(name);
  bucket.versioning = "Enabled";
  const put = (key: string, body: Buffer, at: number) => {
    const headers = {
      contentType: "text/javascript",
      cacheControl: undefined,
      contentEncoding: undefined,
      contentDisposition: undefined,
      contentLanguage: undefined,
      metadata: {},
    };
    bucket.put(key, { body, headers, checksums: {}, tags: {} }, at);
  };
  for (const [release, folder, bytes, at] of [
    ["r1", "releases/r1/", OBJECT_BYTES, start - 7_200_000],
    ["r2", "live/", liveBytes, start - 3_600_000],
  ] as const) {
    for (let index = 0; index < objects - 2; index++) {
      put(`${folder}assets/chunk-${index}.js`, Buffer.alloc(bytes, `${release} ${index} `), at);
    }
    put(`${folder}index.html`, Buffer.alloc(bytes, `<!-- ${release} -->`), at);
    put(`${folder}version.json`, Buffer.from(JSON.stringify({ release, pad: "" })), at);
  }
}

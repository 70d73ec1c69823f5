import { execFileSync, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import type { Journal } from "../lambdas/components/component.ts";
import { COPYING_OPTIONS } from "../lambdas/components/frontend/copying/copying-options.ts";
import { frontendDriver } from "../lambdas/components/frontend/driver.ts";
import { frontendObserver } from "../lambdas/components/frontend/observe.ts";
import { FrontendComponent } from "../lambdas/contracts/kinds/frontend.ts";
import type { JournalEntry } from "../lambdas/contracts/ledger.ts";
import type { Move } from "../lambdas/contracts/plan.ts";

/**
 * How long it takes until a release of 10,000 objects of 4 KB is back over a newer one, with 30 ms for every request of
 * S3: ours, the real driver over HTTP, against `aws s3 sync` of the same release on the same server. And whether it is
 * back at all: once with other sizes, which sync notices, once with the same sizes.
 */
export async function benchFrontendRestore(): Promise<void> {
  const server = fork(`${import.meta.dirname}/frontend-server.ts`, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    const [started]: unknown[] = await once(server, "message");
    const { port, distribution } = Started.parse(started);
    const s3 = clientOf(port);
    console.log("\nPutting a release back over a newer one, 30 ms a request");
    for (const [suite, objects] of [
      ["sizes", 10_000],
      ["same", 2_000],
    ] as const) {
      const ours = await timed(() => restore(s3, `${suite}-ours`, distribution));
      const sync = hasAws() ? await timed(async () => awsSync(port, `${suite}-sync`)) : undefined;
      const name = `${objects} objects, ${suite === "same" ? "the same sizes" : "other sizes"}`;
      report(`${name}: Stepback`, ours, await wrongIn(s3, `${suite}-ours`));
      if (sync === undefined) console.log("  the aws command is not installed; nothing to compare with");
      else {
        report(`${name}: aws s3 sync`, sync, await wrongIn(s3, `${suite}-sync`));
        console.log(`  ${" ".repeat(46)} ours takes 1/${(sync / ours).toFixed(1)} of the time`);
      }
    }
  } finally {
    server.kill();
  }
}

const Started = z.object({ port: z.number(), distribution: z.string() });

const CREDENTIALS = { accessKeyId: "operator", secretAccessKey: "any" };

function clientOf(port: number): S3Client {
  return new S3Client({
    ...COPYING_OPTIONS,
    region: "eu-west-1",
    credentials: CREDENTIALS,
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    requestHandler: { httpAgent: COPYING_OPTIONS.requestHandler.httpsAgent },
  });
}

/** Prepares and cuts over until every object is in place; what CloudFront does then is not S3's. */
async function restore(s3: S3Client, bucket: string, distribution: string): Promise<void> {
  const settings = { region: "us-east-1", credentials: CREDENTIALS };
  const clients = {
    s3,
    cloudfront: new CloudFrontClient(settings),
    keyValueStore: new CloudFrontKeyValueStoreClient(settings),
  };
  const entries = new Map<string, JournalEntry>();
  const clock = () => new Date();
  const journal: Journal = {
    read: async () => [...entries.values()],
    write: async (component, step, facts) => {
      entries.set(step, { component, step, at: clock().toISOString(), facts });
    },
  };
  const driver = frontendDriver({
    ...clients,
    clock,
    journal,
    probe: async () => ({ answer: "nothing", why: "nobody asks" }),
    rollbackId: `rb-${bucket}`,
    account: "123456789012",
    environment: "bench",
    reportBucket: "reports",
  });
  const move = await planOf(clients, bucket, distribution);
  while ((await driver.tick("prepare", move)).status === "working");
  while (!entries.has("forth-placed")) {
    const tick = await driver.tick("cutOver", move).catch((error: Error) => error);
    if (entries.has("forth-placed")) return;
    if (tick instanceof Error) throw tick;
    if (tick.status === "failed") throw new Error(tick.note);
  }
}

async function planOf(
  clients: Parameters<typeof frontendObserver>[0],
  bucket: string,
  distribution: string,
): Promise<Move> {
  const configuration = FrontendComponent.parse({
    kind: "frontend",
    bucket,
    distribution,
    release: { strategy: "release-prefix", live: "live/" },
  });
  const { move, verdict } = await frontendObserver(clients).assess(configuration, {
    component: "web",
    part: "go-back",
    target: { components: { web: "r1" } },
    rollbackId: `rb-${bucket}`,
    authorization: "emergency",
    checkpoints: [],
    past: [],
    neighbours: {},
  });
  if (!move) throw new Error(verdict.reason);
  return move;
}

function hasAws(): boolean {
  return spawnSync("aws", ["--version"]).status === 0;
}

function awsSync(port: number, bucket: string): void {
  const source = `s3://${bucket}/releases/r1/`;
  execFileSync(
    "aws",
    [
      "--endpoint-url",
      `http://127.0.0.1:${port}`,
      "s3",
      "sync",
      source,
      `s3://${bucket}/live/`,
      "--only-show-errors",
    ],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: "eu-west-1",
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

/** How many objects of the live part are not those of the release. */
async function wrongIn(s3: S3Client, bucket: string): Promise<number> {
  const [live, release] = await Promise.all([
    etagsOf(s3, bucket, "live/"),
    etagsOf(s3, bucket, "releases/r1/"),
  ]);
  return [...release].filter(([name, etag]) => live.get(name) !== etag).length;
}

async function etagsOf(s3: S3Client, bucket: string, prefix: string): Promise<Map<string, string>> {
  const etags = new Map<string, string>();
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token ? { ContinuationToken: token } : {}),
      }),
    );
    for (const { Key = "", ETag = "" } of page.Contents ?? []) etags.set(Key.slice(prefix.length), ETag);
    token = page.NextContinuationToken;
  } while (token);
  return etags;
}

function report(name: string, seconds: number, wrong: number): void {
  const verdict = wrong === 0 ? "every object is right" : `${wrong} objects are WRONG`;
  console.log(`  ${name.padEnd(46)} ${seconds.toFixed(1).padStart(5)} s  ${verdict}`);
}

if (import.meta.main) await benchFrontendRestore();

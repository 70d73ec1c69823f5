import { execFileSync, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { CREDENTIALS, frontendOverHttp, Placed, untilPlaced } from "./frontend-over-http.ts";

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
    const { s3 } = frontendOverHttp({ port, rollbackId: "rb-looking" });
    console.log("\nPutting a release back over a newer one, 30 ms a request");
    for (const [suite, objects] of [
      ["sizes", 10_000],
      ["same", 2_000],
    ] as const) {
      const ours = await timed(() => restore(port, `${suite}-ours`, distribution));
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

async function restore(port: number, bucket: string, distribution: string): Promise<void> {
  const { driver, plan } = frontendOverHttp({ port, rollbackId: `rb-${bucket}`, keep: untilPlaced });
  const release = { strategy: "release-prefix", live: "live/" };
  const move = await plan({ bucket, distribution, release }, "r1");
  try {
    while ((await driver.tick("prepare", move)).status === "working");
    for (;;) {
      const tick = await driver.tick("cutOver", move);
      if (tick.status !== "working") throw new Error(tick.note);
    }
  } catch (error) {
    if (!(error instanceof Placed)) throw error;
  }
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

import * as z from "zod";
import { dependsOn, hostName, keyValueStoreArn, minutes } from "./field.ts";

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "an S3 bucket name");
const prefix = z
  .string()
  .regex(/^([\w!.*'()-]+\/)*$/, "a key prefix that ends with a slash, or nothing")
  .max(500);

/** Where a release lies and how users come to it (docs/facts/frontend-secrets-config.md A.0). */
const Strategy = z.discriminatedUnion("strategy", [
  z.strictObject({
    strategy: z.literal("pointer"),
    keyValueStore: keyValueStoreArn,
    key: z.string().min(1).max(512).default("release").describe("Its value is the name of the live release"),
    releases: prefix.default("releases/").describe("Each release lies under <releases><name>/"),
  }),
  z.strictObject({
    strategy: z.literal("origin-path"),
    origin: z
      .string()
      .min(1)
      .max(128)
      .describe("Id of the distribution's origin whose OriginPath is switched"),
    releases: prefix.default("releases/"),
  }),
  z.strictObject({
    strategy: z.literal("versioned-bucket"),
    live: prefix.default("").describe("The part of the bucket that is the frontend"),
    manifest: z
      .string()
      .max(500)
      .optional()
      .describe(
        "Key of the manifest that a deployment writes: [{key, versionId, etag, size}]; without, the time decides",
      ),
    deletes: z
      .boolean()
      .default(false)
      .describe("Remove what the bad release added; entry points never point to it"),
  }),
  z.strictObject({
    strategy: z.literal("release-prefix"),
    live: prefix.default(""),
    releases: prefix.default("releases/"),
    deletes: z.boolean().default(false),
  }),
]);

/** A static frontend in S3 behind CloudFront. */
export const FrontendComponent = z.strictObject({
  kind: z.literal("frontend"),
  bucket: bucketName,
  distribution: z.string().regex(/^E[A-Z0-9]{8,20}$/, "a CloudFront distribution id"),
  release: Strategy,
  entryPoints: z
    .array(z.string().min(1).max(500))
    .min(1)
    .max(50)
    .default(["index.html", "manifest.webmanifest", "version.json", "service-worker.js"])
    .describe(
      "Files whose names do not change between releases; written last, in this order, and invalidated",
    ),
  invalidate: z
    .union([
      z.enum(["entry-points", "everything"]),
      z.strictObject({
        tag: z
          .string()
          .regex(/^[\w:.-]{1,256}$/)
          .describe("Cache tag of the bad release's objects; {release} is replaced"),
      }),
    ])
    .default("entry-points"),
  probe: z
    .strictObject({
      host: hostName,
      path: z
        .string()
        .regex(/^\/[\w./-]*$/)
        .default("/version.json"),
      field: z.string().min(1).max(60).default("release").describe("The JSON member that names the release"),
      header: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,99}$/, "a header's name in lower case")
        .optional()
        .describe(
          "Instead of a member: the header that names the release, or that holds metadata of the object, x-amz-meta-…",
        ),
    })
    .optional()
    .describe("What users get: asked after the switch; without, AWS's own word is all there is"),
  serviceWorker: z
    .string()
    .max(500)
    .optional()
    .describe(
      "The service worker's script, below the live part: one URL for all releases, written after the other entry points",
    ),
  kmsKeys: z
    .array(z.string().regex(/^arn:aws[a-z-]*:kms:/))
    .max(3)
    .default([]),
  dependsOn,
  deadlineMinutes: minutes(30),
});

/** What the frontend was at a checkpoint. */
export const FrontendVersion = z.strictObject({
  kind: z.literal("frontend"),
  /** The release's name; for a versioned bucket the moment, or the manifest's version id. */
  release: z.string(),
  /** With a manifest: its version id, so that later deployments cannot change what the checkpoint means. */
  manifestVersion: z.string().optional(),
});

/** What a move of a frontend carries. The list of objects is frozen in S3, not here: states stay small. */
export const FrontendMove = z.strictObject({
  bucket: z.string(),
  distribution: z.string(),
  release: Strategy,
  entryPoints: z.array(z.string()),
  invalidate: FrontendComponent.shape.invalidate.unwrap(),
  probe: FrontendComponent.shape.probe,
  serviceWorker: z.string().optional(),
  /** The release that is live when the plan is made; another one at the moment of acting means somebody deployed. */
  fromRelease: z.string(),
  toRelease: z.string(),
  /** ISO 8601; for a versioned bucket without manifest. */
  toMoment: z.string().optional(),
  manifestVersion: z.string().optional(),
  deadlineSeconds: z.number().int().min(60),
});

export type FrontendComponent = z.infer<typeof FrontendComponent>;
export type FrontendVersion = z.infer<typeof FrontendVersion>;
export type FrontendMove = z.infer<typeof FrontendMove>;

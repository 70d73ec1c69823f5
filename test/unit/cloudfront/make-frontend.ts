import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { S3Client } from "@aws-sdk/client-s3";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import { cloudFrontService } from "../../../lib/region/services/cloudfront/cloudfront-service.ts";
import type { NewDistribution } from "../../../lib/region/services/cloudfront/install-distribution.ts";
import { keyValueStoreService } from "../../../lib/region/services/cloudfront-keyvaluestore/key-value-store-service.ts";
import { Buckets } from "../../../lib/region/services/s3/buckets.ts";
import { installSite, type NewSite } from "../../../lib/region/services/s3/install-site.ts";
import { originReader } from "../../../lib/region/services/s3/origin-reader.ts";
import { s3Service } from "../../../lib/region/services/s3/s3-service.ts";
import { ENTRY_POINTS } from "../../../lib/region/services/s3/site-content.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

const account = "123456789012";
const region = "eu-west-1";

export const NOW = Date.parse("2026-11-21T10:00:00.000Z");
const HOUR = 3_600_000;

export interface FrontendOptions {
  readonly seed?: number;
  readonly site?: Partial<NewSite>;
  readonly distribution?: Partial<NewDistribution>;
  /** Routes entry points by the key `release` of a store that says this release. */
  readonly pointer?: string;
  /** A page that the key `page` of the same store shows; it begins with `off`. */
  readonly page?: { readonly except: readonly string[] };
}

/** A frontend with the releases r1 and r2 behind a distribution, and the operator's clients. */
export function makeFrontend({
  seed = 1,
  site = {},
  distribution = {},
  pointer,
  page,
}: FrontendOptions = {}) {
  const kernel = new Kernel({ seed, start: NOW });
  const identities = new Identities({ kernel, account, region });
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("Nobody calls anybody here")),
  };
  const buckets = new Buckets(context);
  const stores = keyValueStoreService(context);
  const cloudFront = cloudFrontService(context, {
    readOrigin: originReader(buckets, (principal, permissions) =>
      identities.authorize(principal, permissions),
    ),
    storeAtEdge: (arn, edge) => stores.find(arn)?.at(edge),
  });
  const installed = installSite(buckets, {
    bucket: "site",
    layout: "live",
    files: 20,
    changedAssets: 4,
    releases: [
      { name: "r1", commit: "aaaaaaa", at: NOW - 2 * HOUR },
      { name: "r2", commit: "bbbbbbb", at: NOW - HOUR },
    ],
    ...site,
  });
  const store = pointer === undefined ? undefined : stores.create({ release: pointer, page: "off" });
  const shown = page && { page: { ...page, key: "page", off: "off" } };
  const router = store && { pointer: { storeArn: store.arn, entryPoints: ENTRY_POINTS, ...shown } };
  const live = cloudFront.install({ name: "web", bucket: "site", ...router, ...distribution });
  installed.allow(live.identity.arn);
  const faults = new FaultPlan(kernel);
  const latency = { fromMs: 0, toMs: 0 };
  const endpoint = new Endpoint({ kernel, account, region, identities, faults, latency })
    .add(s3Service(context, buckets))
    .add(stores.model)
    .add(cloudFront.model);
  const settings = {
    region,
    credentials: { accessKeyId: "operator", secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler: new InProcessHandler(endpoint),
  };
  const client = new CloudFrontClient(settings);
  const run = <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work));
  const { id: Id, domainName } = live.identity;
  return {
    kernel,
    identities,
    endpoint,
    buckets,
    site: installed,
    store,
    cloudFront,
    viewers: cloudFront.viewers,
    live,
    Id,
    domainName,
    settings,
    client,
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    run,
    /** Lets virtual time pass. */
    wait: (seconds: number) => kernel.runUntil(kernel.now + seconds * 1_000),
    readConfig: () => run(() => client.send(new GetDistributionConfigCommand({ Id }))),
    /** Switches the origin path as a rollback does it: read, change, write with the ETag. */
    switchTo: (path: string) =>
      run(async () => {
        const { DistributionConfig, ETag } = await client.send(new GetDistributionConfigCommand({ Id }));
        const origin = DistributionConfig?.Origins?.Items?.[0];
        if (origin === undefined) throw new Error("The distribution has no origin");
        origin.OriginPath = path;
        return client.send(new UpdateDistributionCommand({ Id, DistributionConfig, IfMatch: ETag }));
      }),
    invalidate: (CallerReference: string, ...Items: string[]) => {
      const InvalidationBatch = { CallerReference, Paths: { Quantity: Items.length, Items } };
      return run(() => client.send(new CreateInvalidationCommand({ DistributionId: Id, InvalidationBatch })));
    },
  };
}

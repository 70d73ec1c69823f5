import type { DefaultCacheBehavior, DistributionConfig } from "@aws-sdk/client-cloudfront";
import { CACHING_DISABLED, CACHING_OPTIMIZED } from "./cache-policy.ts";
import type { Distribution } from "./distribution.ts";
import type { Distributions } from "./distributions.ts";
import { type MaintenancePage, releaseRouter } from "./edge-functions.ts";

/** A frontend's distribution. `/version.json` has a behaviour of its own that caches nothing. */
export interface NewDistribution {
  /** A name of the drill's own, which the caller reference and the origin carry. */
  readonly name: string;
  readonly bucket: string;
  /** `/releases/r1`, for instance. @default "" */
  readonly originPath?: string;
  /** Serves entry points from `/releases/<value of the key>/`. */
  readonly pointer?: {
    readonly storeArn: string;
    /** @default "release" */
    readonly key?: string;
    readonly entryPoints: readonly string[];
    readonly page?: MaintenancePage;
  };
  /** Answers 403 and 404 with `/index.html` and 200, as single-page applications do. @default false */
  readonly singlePage?: boolean;
  /** The header of the origin that cache tags are read from: `x-amz-meta-cache-tag`. */
  readonly cacheTagHeader?: string;
  readonly aliases?: readonly string[];
}

export function installDistribution(
  distributions: Distributions,
  region: string,
  distribution: NewDistribution,
): Distribution {
  const { name, pointer } = distribution;
  const functionArn =
    pointer &&
    distributions.publishFunction(`${name}-release-router`, releaseRouter(pointer), pointer.storeArn);
  return distributions.create(configOf(distribution, region, functionArn));
}

function configOf(
  { name, bucket, originPath = "", singlePage = false, cacheTagHeader, aliases = [] }: NewDistribution,
  region: string,
  functionArn: string | undefined,
): DistributionConfig {
  const behaviour = behaviourOf(name, functionArn);
  return {
    CallerReference: name,
    Comment: "",
    Enabled: true,
    Aliases: { Quantity: aliases.length, Items: [...aliases] },
    DefaultRootObject: "index.html",
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: name,
          DomainName: `${bucket}.s3.${region}.amazonaws.com`,
          OriginPath: originPath,
          CustomHeaders: { Quantity: 0 },
          S3OriginConfig: { OriginAccessIdentity: "" },
          ConnectionAttempts: 3,
          ConnectionTimeout: 10,
          OriginShield: { Enabled: false },
          OriginAccessControlId: `EOAC${name.toUpperCase().replace(/[^A-Z0-9]/g, "")}`,
        },
      ],
    },
    OriginGroups: { Quantity: 0 },
    DefaultCacheBehavior: { ...behaviour, CachePolicyId: CACHING_OPTIMIZED },
    CacheBehaviors: {
      Quantity: 1,
      Items: [{ ...behaviour, PathPattern: "/version.json", CachePolicyId: CACHING_DISABLED }],
    },
    CustomErrorResponses: errorResponses(singlePage),
    Logging: { Enabled: false, IncludeCookies: false, Bucket: "", Prefix: "" },
    PriceClass: "PriceClass_All",
    ViewerCertificate: { CloudFrontDefaultCertificate: true, MinimumProtocolVersion: "TLSv1" },
    Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
    WebACLId: "",
    HttpVersion: "http2",
    IsIPV6Enabled: true,
    Staging: false,
    ContinuousDeploymentPolicyId: "",
    ...(cacheTagHeader === undefined ? {} : { CacheTagConfig: { HeaderName: cacheTagHeader } }),
  };
}

function behaviourOf(origin: string, functionArn: string | undefined): DefaultCacheBehavior {
  return {
    TargetOriginId: origin,
    TrustedSigners: { Enabled: false, Quantity: 0 },
    TrustedKeyGroups: { Enabled: false, Quantity: 0 },
    ViewerProtocolPolicy: "redirect-to-https",
    AllowedMethods: {
      Quantity: 2,
      Items: ["HEAD", "GET"],
      CachedMethods: { Quantity: 2, Items: ["HEAD", "GET"] },
    },
    SmoothStreaming: false,
    Compress: true,
    LambdaFunctionAssociations: { Quantity: 0 },
    FunctionAssociations:
      functionArn === undefined
        ? { Quantity: 0 }
        : { Quantity: 1, Items: [{ FunctionARN: functionArn, EventType: "viewer-request" }] },
    FieldLevelEncryptionId: "",
  };
}

function errorResponses(singlePage: boolean): NonNullable<DistributionConfig["CustomErrorResponses"]> {
  if (!singlePage) return { Quantity: 0 };
  const page = { ResponsePagePath: "/index.html", ResponseCode: "200", ErrorCachingMinTTL: 10 };
  return {
    Quantity: 2,
    Items: [
      { ErrorCode: 403, ...page },
      { ErrorCode: 404, ...page },
    ],
  };
}

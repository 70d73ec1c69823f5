import * as cloudfront from "@aws-sdk/client-cloudfront";
import type { RegionContext } from "../../region-context.ts";
import { type Permission, ServiceModel } from "../../service-model.ts";
import type { CloudFrontOptions, Pace } from "./cloudfront-options.ts";
import type { Distribution } from "./distribution.ts";
import { Distributions } from "./distributions.ts";
import { installDistribution, type NewDistribution } from "./install-distribution.ts";
import { Viewers } from "./viewers.ts";

export interface CloudFront {
  readonly model: ServiceModel;
  readonly distributions: Distributions;
  /** What users get. */
  readonly viewers: Viewers;
  /** How fast changes reach the edge locations; change its members to slow a drill down. */
  readonly pace: Pace;
  /** Makes a distribution in front of a bucket, deployed everywhere. The bucket's policy must let its ARN read. */
  install(distribution: NewDistribution): Distribution;
  /** For drills: somebody changes the configuration by hand, at this moment, and the ETag moves. */
  edit(id: string, change: (config: cloudfront.DistributionConfig) => void): void;
}

/** CloudFront: distributions in front of buckets, invalidations, and the edge locations that viewers talk to. */
export function cloudFrontService(context: RegionContext, options: CloudFrontOptions): CloudFront {
  const distributions = new Distributions(context, options);
  const client = new cloudfront.CloudFrontClient({
    region: "us-east-1",
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("cloudfront", cloudfront, client);
  const onDistribution: OnDistribution = (action, id) => [
    {
      action: `cloudfront:${action}`,
      resource: `arn:aws:cloudfront::${context.account}:distribution/${id ?? ""}`,
      // A global service: its requests are made to us-east-1, whatever the region of the caller.
      context: { "aws:RequestedRegion": "us-east-1" },
    },
  ];
  addDistributionOperations(model, distributions, onDistribution);
  addInvalidationOperations(model, distributions, onDistribution);
  return {
    model,
    distributions,
    viewers: new Viewers(distributions),
    pace: distributions.pace,
    install: (distribution) => installDistribution(distributions, context.region, distribution),
    edit: (id, change) => {
      const distribution = distributions.get(id);
      const config = structuredClone(distribution.config);
      change(config);
      distributions.update(distribution, config);
    },
  };
}

type OnDistribution = (action: string, id: string | undefined) => Permission[];

/** The parts of a configuration that are served, checked or simply kept; anything else is refused. */
const CONFIG = [
  ...["CallerReference", "Comment", "Enabled", "Origins", "OriginGroups", "DefaultCacheBehavior"],
  ...["CacheBehaviors", "CustomErrorResponses", "DefaultRootObject", "CacheTagConfig", "Aliases"],
  ...["Logging", "PriceClass", "ViewerCertificate", "Restrictions", "WebACLId", "HttpVersion"],
  ...["IsIPV6Enabled", "Staging", "ContinuousDeploymentPolicyId"],
].map((member) => `DistributionConfig.${member}`);

function addDistributionOperations(
  model: ServiceModel,
  distributions: Distributions,
  onDistribution: OnDistribution,
): void {
  model
    .on(cloudfront.GetDistributionCommand, {
      accepts: ["Id"],
      authorize: ({ Id: id }) => onDistribution("GetDistribution", id),
      handle: ({ Id: id }) => described(distributions.get(id)),
    })
    .on(cloudfront.GetDistributionConfigCommand, {
      accepts: ["Id"],
      authorize: ({ Id: id }) => onDistribution("GetDistributionConfig", id),
      handle: ({ Id: id }) => {
        const { config, etag } = distributions.get(id);
        return { DistributionConfig: config, ETag: etag };
      },
    })
    .on(cloudfront.UpdateDistributionCommand, {
      accepts: ["Id", "IfMatch", ...CONFIG],
      authorize: ({ Id: id }) => onDistribution("UpdateDistribution", id),
      handle: ({ Id: id, IfMatch: ifMatch, DistributionConfig: config }) => {
        const distribution = distributions.get(id);
        distribution.checkVersion(ifMatch);
        if (config !== undefined) distributions.update(distribution, config);
        return described(distribution);
      },
    });
}

function addInvalidationOperations(
  model: ServiceModel,
  distributions: Distributions,
  onDistribution: OnDistribution,
): void {
  model
    .on(cloudfront.CreateInvalidationCommand, {
      accepts: ["DistributionId", "InvalidationBatch"],
      authorize: ({ DistributionId: id }) => onDistribution("CreateInvalidation", id),
      handle: ({ DistributionId: id, InvalidationBatch: batch }) => {
        const distribution = distributions.get(id);
        const invalidation = distribution.invalidate({
          CallerReference: "",
          Paths: { Quantity: 0 },
          ...batch,
        });
        const Location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distribution.identity.id}/invalidation/${invalidation.Id}`;
        return { Invalidation: invalidation, Location };
      },
    })
    .on(cloudfront.GetInvalidationCommand, {
      accepts: ["DistributionId", "Id"],
      authorize: ({ DistributionId: id }) => onDistribution("GetInvalidation", id),
      handle: ({ DistributionId: id, Id: invalidation }) => ({
        Invalidation: distributions.get(id).invalidations.get(invalidation ?? ""),
      }),
    });
}

function described(distribution: Distribution) {
  const { id, arn, domainName } = distribution.identity;
  return {
    Distribution: {
      Id: id,
      ARN: arn,
      Status: distribution.status,
      LastModifiedTime: distribution.lastModified,
      InProgressInvalidationBatches: distribution.invalidations.inProgress,
      DomainName: domainName,
      DistributionConfig: distribution.config,
    },
    ETag: distribution.etag,
  };
}

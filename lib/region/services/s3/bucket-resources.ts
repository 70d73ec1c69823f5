import { z } from "zod";
import type { PolicyDocument, PolicyStatement, ServiceModel } from "../../service-model.ts";
import type { Buckets } from "./buckets.ts";
import { s3Error } from "./s3-error.ts";

/**
 * `AWS::S3::Bucket` and `AWS::S3::BucketPolicy`.
 *
 * Encryption with S3 managed keys is what every object gets anyway. Lifecycle rules, access logging and
 * object ownership are taken without effect: no version ever expires here, no access log is written, ACLs do
 * not exist.
 */
export function addBucketResources(service: ServiceModel, buckets: Buckets): ServiceModel {
  const blocksPublicPolicy = new Set<string>();
  return service
    .provides("AWS::S3::Bucket", {
      accepts: [
        "BucketName",
        "VersioningConfiguration.Status",
        "BucketEncryption",
        "PublicAccessBlockConfiguration",
        "LifecycleConfiguration",
        "LoggingConfiguration",
        "OwnershipControls",
        "Tags",
      ],
      namedBy: "BucketName",
      create: (_logicalId, properties) => {
        const settings = BucketProperties.parse(properties);
        // Bucket names are lower-case, the names that CloudFormation generates for them too.
        const bucket = buckets.create(settings.BucketName.toLowerCase());
        bucket.versioning = settings.VersioningConfiguration?.Status;
        if (isTrue(settings.PublicAccessBlockConfiguration?.BlockPublicPolicy))
          blocksPublicPolicy.add(bucket.name);
        const { region } = buckets.context;
        return {
          ref: bucket.name,
          attributes: {
            Arn: bucket.arn,
            DomainName: `${bucket.name}.s3.amazonaws.com`,
            RegionalDomainName: `${bucket.name}.s3.${region}.amazonaws.com`,
            DualStackDomainName: `${bucket.name}.s3.dualstack.${region}.amazonaws.com`,
          },
        };
      },
    })
    .provides("AWS::S3::BucketPolicy", {
      accepts: ["Bucket", "PolicyDocument"],
      create: (_logicalId, properties) => {
        const { Bucket: name, PolicyDocument: policy } = PolicyProperties.parse(properties);
        const bucket = buckets.get(name);
        if (blocksPublicPolicy.has(name) && isPublic(policy)) throw s3Error.accessDenied();
        bucket.policy = policy;
        // What Ref yields for a bucket policy is unverified.
        return { ref: name, attributes: {} };
      },
    });
}

const Flag = z.union([z.boolean(), z.enum(["true", "false"])]).optional();

const BucketProperties = z.object({
  BucketName: z.string(),
  VersioningConfiguration: z.object({ Status: z.enum(["Enabled", "Suspended"]) }).optional(),
  PublicAccessBlockConfiguration: z.object({ BlockPublicPolicy: Flag }).optional(),
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({
          ServerSideEncryptionByDefault: z.object({
            SSEAlgorithm: z.literal("AES256", { error: "Only SSE-S3 (AES256) is modelled, not KMS" }),
          }),
        }),
      ),
    })
    .optional(),
});

const PolicyProperties = z.object({
  Bucket: z.string(),
  PolicyDocument: z.custom<PolicyDocument>(
    (value) => typeof value === "object" && value !== null && "Statement" in value,
  ),
});

function isTrue(flag: z.infer<typeof Flag>): boolean {
  return flag === true || flag === "true";
}

/**
 * Everybody is allowed something without a condition: the clear case of what Block Public Access calls
 * public.
 */
function isPublic({ Statement: statements }: PolicyDocument): boolean {
  return [statements].flat().some((statement: PolicyStatement) => {
    const { Effect: effect, Principal: principal, Condition: condition } = statement;
    const anybody = principal === "*" || [principal?.["AWS"] ?? []].flat().includes("*");
    return effect === "Allow" && anybody && condition === undefined;
  });
}

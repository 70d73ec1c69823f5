import { S3Client } from "@aws-sdk/client-s3";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import type { CreatedResource, PolicyDocument } from "../../../lib/region/service-model.ts";
import { Buckets } from "../../../lib/region/services/s3/buckets.ts";
import { s3Service } from "../../../lib/region/services/s3/s3-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

const account = "123456789012";
const region = "eu-west-1";

/** A region with S3 alone, the bucket `site`, versioned unless told otherwise, and the operator's client. */
export function makeS3(
  bucket: Readonly<Record<string, unknown>> = { VersioningConfiguration: { Status: "Enabled" } },
) {
  const kernel = new Kernel({ seed: 1, start: Date.parse("2026-11-21T10:00:00.700Z") });
  const identities = new Identities({ kernel, account, region });
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("S3 calls nobody")),
  };
  const buckets = new Buckets(context, {
    authorize: (principal, permissions) => identities.authorize(principal, permissions),
  });
  const service = s3Service(context, buckets);
  const faults = new FaultPlan(kernel);
  const latency = { fromMs: 0, toMs: 0 };
  const endpoint = new Endpoint({ kernel, account, region, identities, faults, latency }).add(service);
  const clientWith = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) =>
    new S3Client({
      region,
      credentials,
      maxAttempts: 1,
      forcePathStyle: true,
      requestHandler: new InProcessHandler(endpoint),
    });

  const deploy = async (
    type: string,
    properties: Readonly<Record<string, unknown>>,
  ): Promise<CreatedResource> => {
    const resource = service.resources.get(type);
    if (resource === undefined) throw new Error(`S3 provides no ${type}`);
    return resource.create("Site", properties);
  };

  return {
    kernel,
    buckets,
    deploy,
    site: deploy("AWS::S3::Bucket", { BucketName: "site", ...bucket }),
    client: clientWith({ accessKeyId: "operator", secretAccessKey: "any" }),
    /** A client of a role with this one inline policy. */
    clientOf: (
      name: string,
      ...statements: { readonly Action: string[]; readonly Resource: string | string[] }[]
    ) => {
      const trust: PolicyDocument = {
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      };
      const document = {
        Statement: statements.map((statement) => ({ Effect: "Allow" as const, ...statement })),
      };
      const role = identities.createRole({ name, assumeRolePolicy: trust, inlinePolicies: { it: document } });
      return clientWith(identities.issueCredentials(role, "test"));
    },
    /** Runs the clock until the work is done. */
    run: <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work)),
  };
}

import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeS3 } from "./make-s3.ts";

const Bucket = "site";
const objects = "arn:aws:s3:::site/*";
const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };

describe("a bucket", () => {
  it("comes from CloudFormation with a lower-case name and the attributes that a stack refers to", async () => {
    const { deploy } = makeS3();

    const created = await deploy("AWS::S3::Bucket", { BucketName: "Stack-Site-ABCDEF123456" });

    expect(created).toEqual({
      ref: "stack-site-abcdef123456",
      attributes: {
        Arn: "arn:aws:s3:::stack-site-abcdef123456",
        DomainName: "stack-site-abcdef123456.s3.amazonaws.com",
        RegionalDomainName: "stack-site-abcdef123456.s3.eu-west-1.amazonaws.com",
        DualStackDomainName: "stack-site-abcdef123456.s3.dualstack.eu-west-1.amazonaws.com",
      },
    });
    await expect(deploy("AWS::S3::Bucket", { BucketName: "no_underscores" })).rejects.toThrow("not valid");
  });

  it("says where it is and whether it is versioned", async () => {
    const { client, run } = makeS3();
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;

    await run(() => client.send(new CreateBucketCommand({ Bucket: "second", CreateBucketConfiguration })));
    const { Buckets } = await run(() => client.send(new ListBucketsCommand({})));

    expect(Buckets?.map(({ Name }) => Name)).toEqual(["second", "site"]);
    expect((await run(() => client.send(new HeadBucketCommand({ Bucket })))).BucketRegion).toBe("eu-west-1");
    expect((await run(() => client.send(new GetBucketLocationCommand({ Bucket })))).LocationConstraint).toBe(
      "eu-west-1",
    );
    expect((await run(() => client.send(new GetBucketVersioningCommand({ Bucket })))).Status).toBe("Enabled");
    expect(
      (await run(() => client.send(new GetBucketVersioningCommand({ Bucket: "second" })))).Status,
    ).toBeUndefined();
    await expect(run(() => client.send(new HeadBucketCommand({ Bucket: "nowhere" })))).rejects.toMatchObject({
      name: "NotFound",
    });
    await expect(
      run(() => client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))),
    ).rejects.toMatchObject({ name: "BucketAlreadyOwnedByYou" });
  });

  it("answers what is not modelled with an error that says so", async () => {
    const { client, run } = makeS3();
    await run(() => client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "0123" })));

    await expect(
      run(() => client.send(new GetObjectCommand({ Bucket, Key: "a", Range: "bytes=0-1" }))),
    ).rejects.toThrow("does not model the member Range");
    await expect(
      run(() => client.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }))),
    ).rejects.toThrow("does not model s3:CreateMultipartUpload");
    await expect(
      run(() => client.send(new PutObjectCommand({ Bucket, Key: "a", ServerSideEncryption: "aws:kms" }))),
    ).rejects.toMatchObject({ name: "NotImplemented" });
  });
});

describe("access", () => {
  it("to a missing key is denied unless the caller may list the bucket", async () => {
    const { clientOf, run } = makeS3();
    const blind = clientOf("blind", { Action: ["s3:GetObject"], Resource: objects });
    const seeing = clientOf(
      "seeing",
      { Action: ["s3:GetObject"], Resource: objects },
      { Action: ["s3:ListBucket"], Resource: "arn:aws:s3:::site" },
    );
    const get = new GetObjectCommand({ Bucket, Key: "missing" });

    await expect(run(() => blind.send(get))).rejects.toMatchObject(denied);
    await expect(run(() => seeing.send(get))).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("to one version is a permission of its own, to read and to destroy", async () => {
    const { client, clientOf, run } = makeS3();
    const { VersionId } = await run(() => client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" })));
    const current = clientOf("current", { Action: ["s3:GetObject", "s3:DeleteObject"], Resource: objects });
    const get = (version?: string) => new GetObjectCommand({ Bucket, Key: "a", VersionId: version });

    await run(() => current.send(get()));
    await expect(run(() => current.send(get(VersionId)))).rejects.toMatchObject(denied);
    await expect(
      run(() => current.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId }))),
    ).rejects.toMatchObject(denied);
    await run(() => current.send(new DeleteObjectCommand({ Bucket, Key: "a" })));
    await run(() => client.send(get(VersionId)));
  });

  it("of a copy is to read the source, to write the target, and to carry tags over", async () => {
    const { client, clientOf, run } = makeS3();
    await run(() => client.send(new PutObjectCommand({ Bucket, Key: "plain", Body: "1" })));
    await run(() => client.send(new PutObjectCommand({ Bucket, Key: "tagged", Body: "1", Tagging: "a=1" })));
    const copier = clientOf(
      "copier",
      { Action: ["s3:GetObject"], Resource: [`${objects}`] },
      { Action: ["s3:PutObject"], Resource: "arn:aws:s3:::site/live/*" },
    );
    const copy = (from: string, Key: string) =>
      new CopyObjectCommand({ Bucket, Key, CopySource: `site/${from}` });

    await run(() => copier.send(copy("plain", "live/plain")));
    await expect(run(() => copier.send(copy("plain", "elsewhere")))).rejects.toMatchObject(denied);
    await expect(run(() => copier.send(copy("tagged", "live/tagged")))).rejects.toThrow(
      "s3:GetObjectTagging",
    );
  });

  it("follows the bucket policy, which can allow and can deny", async () => {
    const { client, clientOf, deploy, run } = makeS3();
    const reader = clientOf("reader", { Action: ["s3:ListAllMyBuckets"], Resource: "*" });
    const writer = clientOf("writer", { Action: ["s3:PutObject"], Resource: objects });
    const put = new PutObjectCommand({ Bucket, Key: "frozen/a", Body: "1" });
    await run(() => client.send(put));
    const Allow = {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:role/reader" },
      Action: "s3:GetObject",
      Resource: objects,
    };
    const Deny = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::site/frozen/*",
    };

    await deploy("AWS::S3::BucketPolicy", { Bucket, PolicyDocument: { Statement: [Allow, Deny] } });

    await run(() => reader.send(new GetObjectCommand({ Bucket, Key: "frozen/a" })));
    await expect(run(() => writer.send(put))).rejects.toMatchObject(denied);
    await run(() => writer.send(new PutObjectCommand({ Bucket, Key: "free", Body: "1" })));
  });

  it("cannot be opened to everybody while public policies are blocked", async () => {
    const { deploy } = makeS3({ PublicAccessBlockConfiguration: { BlockPublicPolicy: true } });
    const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: objects }];

    await expect(deploy("AWS::S3::BucketPolicy", { Bucket, PolicyDocument: { Statement } })).rejects.toThrow(
      "Access Denied",
    );
  });
});

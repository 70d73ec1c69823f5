import { describe, expect, it } from "vitest";
import { Region } from "../../lib/region/region.ts";
import { assemblyOf } from "../support/assembly.ts";
import { listOf, resourcePolicyOf } from "../support/granted.ts";
import { makeEnvironment } from "../support/make-environment.ts";

const assembly = assemblyOf();
const stores = [
  ["AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics", "sns:Publish"],
  ["AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues", "sqs:*"],
  ["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket", "s3:*"],
] as const;

describe("what holds messages and documents", () => {
  it.each(stores)("every %s is reached over TLS only", (type, policyType, names, action) => {
    const found = assembly.of(type);

    expect(found.length).toBeGreaterThan(0);
    for (const resource of found) {
      const denials = resourcePolicyOf(assembly, policyType, names, resource).filter(
        ({ Effect }) => Effect === "Deny",
      );
      expect(denials).toEqual([
        expect.objectContaining({ Action: action, Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ]);
      expect(["*", { AWS: "*" }]).toContainEqual(denials[0]?.Principal);
    }
  });

  it("keeps reports private, versioned and beyond the stack's own life", () => {
    const bucket = assembly.one("AWS::S3::Bucket");

    expect(bucket.properties).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(assembly.template.Resources[bucket.id]).toMatchObject({ DeletionPolicy: "Retain" });
  });

  it("keeps the ledger against deletion, with recovery to any moment, beyond the stack's own life", () => {
    const table = assembly.one("AWS::DynamoDB::GlobalTable");

    expect(table.properties["Replicas"]).toEqual([
      expect.objectContaining({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ]);
    expect(assembly.template.Resources[table.id]).toMatchObject({ DeletionPolicy: "Retain" });
  });

  it("keeps lost events for two weeks", () => {
    expect(assembly.one("AWS::SQS::Queue").properties["MessageRetentionPeriod"]).toBe(14 * 86_400);
  });
});

describe("the announcement topic", () => {
  it("tells everybody whom the environment names", () => {
    expect(assembly.of("AWS::SNS::Subscription").map(({ properties }) => properties)).toEqual([
      expect.objectContaining({ Protocol: "email", Endpoint: "on-call@example.com" }),
    ]);
  });

  // Its own policy replaces the default one, under which services of the account could publish.
  it("lets every alarm publish that is told to", () => {
    const topic = assembly.one("AWS::SNS::Topic");
    const speaking = assembly
      .of("AWS::CloudWatch::Alarm")
      .filter(({ properties }) => listOf(properties["AlarmActions"]).length > 0);
    const allowed = resourcePolicyOf(assembly, "AWS::SNS::TopicPolicy", "Topics", topic).filter(
      ({ Effect, Principal }) => Effect === "Allow" && principalOf(Principal) === "cloudwatch.amazonaws.com",
    );

    expect(speaking.length).toBeGreaterThan(0);
    expect(allowed).toHaveLength(1);
    const pattern = String(Object(allowed[0]?.Condition?.["ArnLike"])["aws:SourceArn"]);
    const [prefix = "", rest] = pattern.split("*");
    expect(rest).toBe("");
    for (const { properties } of speaking) {
      expect(`arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${properties["AlarmName"]}`).toMatch(
        new RegExp(`^${prefix}`),
      );
    }
  });

  it("carries the word of a lost event to people, in a region that enforces its policy", async () => {
    const environment = makeEnvironment();
    const region = new Region({ ...environment, seed: 1, start: Date.UTC(2026, 10, 21) });
    const StateValue = "ALARM" as const;
    const alarm = { AlarmName: "watch-example-undelivered-events", StateValue, StateReason: "probe" };

    await region.kernel.complete(region.deploy(assembly.directory));
    await region.kernel.complete(region.operate("monitoring", "SetAlarmState", alarm));
    await region.kernel.runUntil(region.kernel.now + 5_000);

    expect(region.sns.published().map(({ subject }) => subject)).toEqual([
      'ALARM: "watch-example-undelivered-events" in EU (Ireland)',
    ]);
  });

  it("lets every rule publish that targets it", () => {
    const topic = assembly.one("AWS::SNS::Topic");
    const allowed = resourcePolicyOf(assembly, "AWS::SNS::TopicPolicy", "Topics", topic).filter(
      ({ Effect, Principal }) => Effect === "Allow" && principalOf(Principal) === "events.amazonaws.com",
    );

    expect(allowed).toEqual([expect.objectContaining({ Action: "sns:Publish" })]);
  });
});

function principalOf(principal: unknown): string {
  return String(Object(principal)["Service"]);
}

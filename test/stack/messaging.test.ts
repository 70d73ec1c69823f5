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

  // Its own policy replaces the default one, under which alarms of the account may publish
  // (https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger); the region enforces it.
  it("carries the word of every alarm that is to be heard", async () => {
    const region = new Region({ ...makeEnvironment(), seed: 1, start: Date.UTC(2026, 10, 21) });
    const speaking = assembly
      .of("AWS::CloudWatch::Alarm")
      .filter(({ properties }) => listOf(properties["AlarmActions"]).length > 0)
      .map(({ properties }) => String(properties["AlarmName"]));

    await region.kernel.complete(region.deploy(assembly.directory));
    for (const AlarmName of speaking) {
      const ringing = { AlarmName, StateValue: "ALARM", StateReason: "probe" };
      await region.kernel.complete(region.operate("monitoring", "SetAlarmState", ringing));
    }
    await region.kernel.runUntil(region.kernel.now + 5_000);

    expect(speaking).toEqual([
      "watch-example-undelivered-events",
      "watch-example-checkpoints-fail",
      "watch-example-clean-up-fails",
    ]);
    expect(region.sns.published().map(({ subject }) => subject)).toEqual(
      speaking.map((name) => `ALARM: "${name}" in EU (Ireland)`),
    );
  });

  it("lets two services publish, CloudWatch for Stepback's own alarms only", () => {
    const topic = assembly.one("AWS::SNS::Topic");
    const allowed = resourcePolicyOf(assembly, "AWS::SNS::TopicPolicy", "Topics", topic).filter(
      ({ Effect }) => Effect === "Allow",
    );

    const publishers = new Set(allowed.map(({ Principal }) => principalOf(Principal)));
    expect([...publishers].sort()).toEqual(["cloudwatch.amazonaws.com", "events.amazonaws.com"]);
    for (const { Action } of allowed) expect(Action).toBe("sns:Publish");
    const forAlarms = allowed.filter(
      ({ Principal }) => principalOf(Principal) === "cloudwatch.amazonaws.com",
    );
    expect(forAlarms.map(({ Condition }) => Object(Condition?.["ArnLike"])["aws:SourceArn"])).toEqual([
      expect.stringMatching(/:OperatorViewUndeliveredEvents\w+$/),
      expect.stringMatching(/:OperatorViewCheckpointsFail\w+$/),
      expect.stringMatching(/:OperatorViewCleanUpFails\w+$/),
    ]);
  });
});

function principalOf(principal: unknown): string {
  return String(Object(principal)["Service"]);
}

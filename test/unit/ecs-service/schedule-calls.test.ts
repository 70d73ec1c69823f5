import type { GetScheduleOutput, UpdateScheduleInput } from "@aws-sdk/client-scheduler";
import { describe, expect, expectTypeOf, it } from "vitest";
import { updateOf } from "../../../lambdas/components/ecs-service/schedules/schedule-calls.ts";

describe("writing a schedule anew", () => {
  it("carries everything over that can be written, and changes the state only", () => {
    const found = {
      ...{ Arn: "arn", CreationDate: new Date(1), LastModificationDate: new Date(2), $metadata: {} },
      ...{ Name: "digest", GroupName: "jobs", State: "ENABLED" as const, KmsKeyArn: "key" },
      ...{ ScheduleExpression: "rate(1 day)", ScheduleExpressionTimezone: "UTC", Description: "d" },
      ...{ StartDate: new Date(3), EndDate: new Date(4), ActionAfterCompletion: "DELETE" as const },
      FlexibleTimeWindow: { Mode: "OFF" as const },
      Target: {
        ...{ Arn: "a", RoleArn: "r", Input: "{}", SqsParameters: { MessageGroupId: "g" } },
        KinesisParameters: { PartitionKey: "p" },
        EventBridgeParameters: { DetailType: "d", Source: "s" },
        SageMakerPipelineParameters: { PipelineParameterList: [{ Name: "n", Value: "v" }] },
        EcsParameters: { TaskDefinitionArn: "t", Tags: [{ a: "b" }], EnableExecuteCommand: true },
      },
    };
    const { Arn, CreationDate, LastModificationDate, $metadata, ...writable } = found;

    expect(updateOf(found, "DISABLED")).toEqual({ ...writable, State: "DISABLED" });
    // When the client learns a member that only one of the two has, this does not compile any more.
    expectTypeOf<
      Exclude<keyof GetScheduleOutput, "Arn" | "CreationDate" | "LastModificationDate">
    >().toEqualTypeOf<Exclude<keyof UpdateScheduleInput, "ClientToken">>();
  });
});

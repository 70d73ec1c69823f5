import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { LedgerTable } from "../../../lambdas/platform/ledger/ledger-table.ts";
import { Identities } from "../../../lib/region/iam/identities.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import { dynamoDbService } from "../../../lib/region/services/dynamodb/dynamodb-service.ts";
import { snsService } from "../../../lib/region/services/sns/sns-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { makeTableProperties } from "../dynamodb/make-dynamodb.ts";
import { lambdaAnswer, payloadOf, TestRegion } from "../states-language/machine-run.ts";

const account = "111122223333";
const region = "eu-west-1";

/** A machine whose one state asks for an answer and waits for it, as "Ask for approval" does. */
const ASKING = {
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "ask", Payload: { token: "{% $states.context.Task.Token %}" } },
      TimeoutSeconds: 7_200,
      End: true,
    },
  },
};

/** An execution that waits for its task token, with a ledger and a topic on the same clock. */
export async function makeWaitingExecution() {
  const states = new TestRegion({ answers: { "lambda:Invoke": () => lambdaAnswer({ status: "asked" }) } });
  const { kernel } = states;
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("nobody is subscribed")),
  };
  const identities = new Identities({ kernel, account, region });
  const dynamodb = dynamoDbService(context);
  const sns = snsService(context);
  const endpoint = new Endpoint({ kernel, account, region, identities, faults: new FaultPlan(kernel) });
  for (const model of [dynamodb, sns.model, states.states.model]) endpoint.add(model);
  await dynamodb.resources.get("AWS::DynamoDB::GlobalTable")?.create("Ledger", makeTableProperties());
  const topic = await sns.model.resources.get("AWS::SNS::Topic")?.create("Topic", { TopicName: "told" });

  const executionArn = await states.start(await states.machine(ASKING));
  await kernel.runUntil(kernel.now + 10_000);
  const [asked] = states.calls;
  const { token: taskToken } = z.object({ token: z.string() }).parse(asked && payloadOf(asked));

  const settings = {
    region,
    credentials: { accessKeyId: "operator", secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler: new InProcessHandler(endpoint),
  };
  const inputsOf = (operation: string): readonly Readonly<Record<string, unknown>>[] =>
    endpoint.calls.filter((call) => call.operation === operation).map((call) => call.input);
  return {
    taskToken,
    executionArn,
    states,
    kernel,
    ledger: new LedgerTable(new DynamoDBClient(settings), { table: "ledger", environment: "prod" }),
    sns: new SNSClient(settings),
    sfn: new SFNClient(settings),
    topic: topic?.ref ?? "",
    environment: "prod",
    clock: () => kernel.date(),
    run: <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work)),
    /** What was published, oldest first. */
    told: () => inputsOf("Publish"),
    answers: () => inputsOf("SendTaskSuccess"),
    /** How the execution stands a few seconds later. */
    outcome: async () => {
      await kernel.runUntil(kernel.now + 5_000);
      return states.states.executions.get(executionArn).describe();
    },
  };
}

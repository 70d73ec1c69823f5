import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as eventbridge from "@aws-sdk/client-eventbridge";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import { eventBridgeService } from "../../../lib/region/services/eventbridge/eventbridge-service.ts";
import { logsService } from "../../../lib/region/services/logs/logs-service.ts";
import { snsService } from "../../../lib/region/services/sns/sns-service.ts";
import { sqsService } from "../../../lib/region/services/sqs/sqs-service.ts";
import { stsService } from "../../../lib/region/services/sts.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { START } from "./make-region.ts";

const QUEUE = "arn:aws:sqs:eu-central-1:111122223333:inbox";
const QueueUrl = "https://sqs.eu-central-1.amazonaws.com/111122223333/inbox";
const TopicArn = "arn:aws:sns:eu-central-1:111122223333:ops";

describe("the SDK's clients", () => {
  it("carry an event through a rule, a topic and a queue whose policies let it through", async () => {
    const { kernel, clients } = makeServed();
    await run(kernel, async () => {
      await clients.sqs.send(
        new sqs.CreateQueueCommand({ QueueName: "inbox", Attributes: policyFor("sns", QUEUE) }),
      );
      await clients.sns.send(
        new sns.CreateTopicCommand({ Name: "ops", Attributes: policyFor("events", TopicArn) }),
      );
      await clients.sns.send(new sns.SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: QUEUE }));
      await clients.events.send(
        new eventbridge.PutRuleCommand({ Name: "r", EventPattern: '{"source":["shop"]}' }),
      );
      const Targets = [{ Id: "t", Arn: TopicArn, InputPath: "$.detail" }];
      await clients.events.send(new eventbridge.PutTargetsCommand({ Rule: "r", Targets }));
      const Entries = [{ Source: "shop", DetailType: "Order", Detail: '{"order":7}' }];
      await clients.events.send(new eventbridge.PutEventsCommand({ Entries }));
    });

    const received = await run(kernel, () =>
      clients.sqs.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })),
    );

    expect(JSON.parse(received.Messages?.[0]?.Body ?? "")).toMatchObject({
      TopicArn,
      Message: '{"order":7}',
    });
  });

  it("see nothing of an event that the topic's default policy keeps out", async () => {
    const { kernel, clients } = makeServed();
    await run(kernel, async () => {
      await clients.sns.send(new sns.CreateTopicCommand({ Name: "ops" }));
      await clients.events.send(
        new eventbridge.PutRuleCommand({ Name: "r", EventPattern: '{"source":["shop"]}' }),
      );
      await clients.events.send(
        new eventbridge.PutTargetsCommand({ Rule: "r", Targets: [{ Id: "t", Arn: TopicArn }] }),
      );
      const Entries = [{ Source: "shop", DetailType: "Order", Detail: "{}" }];
      await clients.events.send(new eventbridge.PutEventsCommand({ Entries }));
    });

    await kernel.runUntil(START + 60_000);

    const deliveries = kernel.log.entries.filter(({ facts }) => facts["rule"] === "r");
    expect(deliveries.map(({ event, facts }) => [event, facts["code"]])).toEqual([
      ["event matched", undefined],
      ["delivery failed", "NO_PERMISSIONS"],
      ["event dropped", "NO_PERMISSIONS"],
    ]);
  });

  it("retry and duplicate a delivery whose answer was lost", async () => {
    const { kernel, clients, faults } = makeServed();
    faults.add({ service: "sqs", operation: "SendMessage", times: 1, effect: "lost-reply" });
    await run(kernel, async () => {
      await clients.sqs.send(
        new sqs.CreateQueueCommand({ QueueName: "inbox", Attributes: policyFor("events", QUEUE) }),
      );
      await clients.events.send(
        new eventbridge.PutRuleCommand({ Name: "r", EventPattern: '{"source":["shop"]}' }),
      );
      await clients.events.send(
        new eventbridge.PutTargetsCommand({ Rule: "r", Targets: [{ Id: "t", Arn: QUEUE }] }),
      );
      const Entries = [{ Source: "shop", DetailType: "Order", Detail: "{}" }];
      await clients.events.send(new eventbridge.PutEventsCommand({ Entries }));
    });

    await kernel.runUntil(START + 60_000);
    const { Messages = [] } = await run(kernel, () =>
      clients.sqs.send(new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 })),
    );

    const ids = Messages.map(({ Body }) => JSON.parse(Body ?? "").id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it("get the services' own error classes", async () => {
    const { kernel, clients } = makeServed();
    const missing = { logGroupName: "none", logStreamName: "s" };

    await expect(
      run(kernel, () => clients.sqs.send(new sqs.PurgeQueueCommand({ QueueUrl }))),
    ).rejects.toThrow(sqs.QueueDoesNotExist);
    await expect(
      run(kernel, () => clients.sns.send(new sns.PublishCommand({ TopicArn, Message: "m" }))),
    ).rejects.toThrow(sns.NotFoundException);
    await expect(
      run(kernel, () =>
        clients.events.send(new eventbridge.PutRuleCommand({ Name: "r", EventPattern: "[]" })),
      ),
    ).rejects.toThrow(eventbridge.InvalidEventPatternException);
    await expect(run(kernel, () => clients.logs.send(new logs.GetLogEventsCommand(missing)))).rejects.toThrow(
      logs.ResourceNotFoundException,
    );
  });

  it("learn who they are", async () => {
    const { kernel, clients } = makeServed();

    expect(await run(kernel, () => clients.sts.send(new sts.GetCallerIdentityCommand({})))).toMatchObject({
      Account: "111122223333",
      Arn: "arn:aws:iam::111122223333:user/operator",
    });
  });
});

/** The five services behind the real endpoint, and clients that sign as the operator. */
function makeServed() {
  const where = { account: "111122223333", region: "eu-central-1" };
  const kernel = new Kernel({ seed: 1, start: START });
  const identities = new Identities({ kernel, ...where });
  const faults = new FaultPlan(kernel);
  const endpoint = new Endpoint({ kernel, identities, faults, ...where });
  const bridges: ReturnType<typeof eventBridgeService>[] = [];
  const context: RegionContext = {
    ...where,
    kernel,
    emit: (event) => bridges[0]?.emit(event),
    publishMetric: () => undefined,
    call: (principal, service, operation, input) => endpoint.call(principal, service, operation, input),
  };
  bridges.push(eventBridgeService(context));
  for (const { model } of [...bridges, snsService(context), sqsService(context), logsService(context)]) {
    endpoint.add(model);
  }
  endpoint.add(stsService(context, identities));
  const settings = {
    region: where.region,
    credentials: { accessKeyId: "operator", secretAccessKey: "any" },
    requestHandler: new InProcessHandler(endpoint),
    maxAttempts: 1,
  };
  const clients = {
    events: new eventbridge.EventBridgeClient(settings),
    sns: new sns.SNSClient(settings),
    sqs: new sqs.SQSClient(settings),
    logs: new logs.CloudWatchLogsClient(settings),
    sts: new sts.STSClient(settings),
  };
  return { kernel, faults, clients };
}

/** Lets the virtual clock run until the clients' work is done. */
function run<T>(kernel: Kernel, work: () => Promise<T>): Promise<T> {
  return kernel.complete(kernel.activity("test", work));
}

/** A resource policy that lets one AWS service use the resource. */
function policyFor(service: string, Resource: string): Record<string, string> {
  const Principal = { Service: `${service}.amazonaws.com` };
  return { Policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal, Action: "*", Resource }] }) };
}

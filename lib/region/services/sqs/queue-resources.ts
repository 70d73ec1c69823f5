import { z } from "zod";
import type { ResourceModel } from "../../service-model.ts";
import { queueSettings, SETTABLE } from "./queue-settings.ts";
import type { Queues } from "./queues.ts";

/**
 * `AWS::SQS::Queue`: Ref is the URL. CloudFormation names the properties like the attributes, policy apart.
 */
export function queueResource(queues: Queues): ResourceModel {
  return {
    accepts: ["QueueName", "Tags", ...SETTABLE.filter((name) => name !== "Policy")],
    namedBy: "QueueName",
    create: (_logicalId, properties) => {
      const { QueueName, Tags: _tags, ...attributes } = queueProperties.parse(properties);
      const texts = Object.entries(attributes).map(([name, value]) => [name, attributeText(value)]);
      const { url, arn, name } = queues.create(QueueName, Object.fromEntries(texts));
      return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
    },
  };
}

/** `AWS::SQS::QueuePolicy`: becomes the policy of every queue it names, replacing what was there. */
export function queuePolicyResource(queues: Queues): ResourceModel {
  return {
    accepts: ["Queues", "PolicyDocument"],
    create: (logicalId, properties) => {
      const { Queues: urls, PolicyDocument } = policyProperties.parse(properties);
      for (const queue of urls.map((url) => queues.get(url))) {
        queue.settings = queueSettings({ ...queue.settings.given, Policy: JSON.stringify(PolicyDocument) });
      }
      // Unverified: the form of the id that Ref yields; nothing refers to it.
      return { ref: logicalId, attributes: { Id: logicalId } };
    },
  };
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const queueProperties = z
  .object({ QueueName: z.string(), Tags: z.unknown().optional() })
  .catchall(z.union([scalar, z.record(z.string(), scalar)]));

const policyProperties = z.strictObject({
  Queues: z.array(z.string()),
  PolicyDocument: z.record(z.string(), z.unknown()),
});

function attributeText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

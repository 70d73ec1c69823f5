import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { Queue } from "./queue.ts";
import { QueueMetrics } from "./queue-metrics.ts";
import { queueSettings } from "./queue-settings.ts";

/** The account's queues by name. */
export class Queues {
  readonly #byName = new Map<string, Queue>();
  readonly #context: RegionContext;
  readonly #metrics: QueueMetrics;

  constructor(context: RegionContext) {
    this.#context = context;
    this.#metrics = new QueueMetrics(context);
  }

  /**
   * Creates a queue; asking again with the same attributes gives the same queue (API reference, CreateQueue).
   */
  create(name: string, attributes: Readonly<Record<string, string>>): Queue {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
      throw new AwsError(
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    }
    const existing = this.#byName.get(name);
    if (existing) {
      const differs = Object.entries(attributes).some(
        ([key, value]) => existing.settings.given[key] !== value,
      );
      if (!differs) return existing;
      const text = `A queue already exists with the same name and a different value for an attribute`;
      throw new AwsError("QueueNameExists", text);
    }
    const { account, region, kernel } = this.#context;
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    const byArn = (arn: string) => {
      const target = this.#byName.get(arn.split(":").at(-1) ?? "");
      if (target) this.#metrics.touch(target);
      return target;
    };
    const queue = new Queue({ name, arn: this.arn(name), url }, queueSettings(attributes), kernel, byArn);
    this.#byName.set(name, queue);
    this.#metrics.touch(queue);
    return queue;
  }

  /** A queue's policy and the like are read before the call is allowed, so absence is no error here. */
  find(url: string | undefined): Queue | undefined {
    return this.#byName.get(nameOf(url));
  }

  /** @throws AwsError QueueDoesNotExist */
  get(url: string | undefined): Queue {
    const queue = this.find(url);
    if (queue) {
      this.#metrics.touch(queue);
      return queue;
    }
    throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
  }

  list(prefix: string): Queue[] {
    const queues = [...this.#byName.values()].filter((queue) => queue.name.startsWith(prefix));
    return queues.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The ARN that a URL or a name stands for, whether or not the queue exists. */
  arn(urlOrName: string | undefined): string {
    return arnOf(this.#context, "sqs", nameOf(urlOrName));
  }
}

/** The last path segment: a queue is known by its name on whatever host the caller reached us. */
function nameOf(urlOrName: string | undefined): string {
  return urlOrName?.split("/").at(-1) ?? "";
}

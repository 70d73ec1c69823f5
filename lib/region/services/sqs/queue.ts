import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { Kernel } from "../../kernel/kernel.ts";
import { AwsError } from "../../service-model.ts";
import type { QueueSettings } from "./queue-settings.ts";

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly senderId: string;
  /** Epoch milliseconds; stays when the message is moved to a dead-letter queue, and so does its age. */
  readonly sentAt: number;
  /** The queue that gave the message up, for a message in a dead-letter queue. */
  deadLetterSource: string | undefined;
  visibleAt: number;
  receives: number;
  firstReceivedAt: number | undefined;
  /** The handle of the latest receive. */
  receipt: string | undefined;
}

/** A standard queue: at least once, best-effort order, invisible while somebody works on a message. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAt: number;
  settings: QueueSettings;
  modifiedAt: number;
  purgedAt: number | undefined;
  readonly #kernel: Kernel;
  readonly #deadLetterQueue: (arn: string) => Queue | undefined;
  readonly #waiting = new Set<() => void>();
  #messages: QueueMessage[] = [];

  constructor(
    identity: { readonly name: string; readonly arn: string; readonly url: string },
    settings: QueueSettings,
    kernel: Kernel,
    deadLetterQueue: (arn: string) => Queue | undefined,
  ) {
    this.name = identity.name;
    this.arn = identity.arn;
    this.url = identity.url;
    this.settings = settings;
    this.#kernel = kernel;
    this.#deadLetterQueue = deadLetterQueue;
    this.createdAt = kernel.now;
    this.modifiedAt = kernel.now;
  }

  /** The messages within their retention period. */
  get messages(): readonly QueueMessage[] {
    const oldest = this.#kernel.now - this.settings.retentionSeconds * 1_000;
    this.#messages = this.#messages.filter((message) => message.sentAt > oldest);
    return this.#messages;
  }

  send(
    body: string,
    attributes: Readonly<Record<string, MessageAttributeValue>>,
    senderId: string,
    delaySeconds = this.settings.delaySeconds,
  ): QueueMessage {
    const message: QueueMessage = {
      id: this.#kernel.random.uuid(),
      body,
      attributes,
      senderId,
      sentAt: this.#kernel.now,
      deadLetterSource: undefined,
      visibleAt: this.#kernel.now + delaySeconds * 1_000,
      receives: 0,
      firstReceivedAt: undefined,
      receipt: undefined,
    };
    this.#add(message);
    return message;
  }

  /** Up to `limit` visible messages, hidden from others for `visibilitySeconds`; waits for the first one. */
  async receive(limit: number, visibilitySeconds: number, waitSeconds: number): Promise<QueueMessage[]> {
    const deadline = this.#kernel.now + waitSeconds * 1_000;
    for (;;) {
      const taken = this.#take(limit, visibilitySeconds);
      if (taken.length > 0 || this.#kernel.now >= deadline) return taken;
      const nextVisible = Math.min(deadline, ...this.messages.map((message) => message.visibleAt));
      await this.#change(nextVisible - this.#kernel.now);
    }
  }

  /** Deleting twice is no error (API reference, DeleteMessage), and neither is an older receive's handle. */
  delete(receipt: string): void {
    const { messageId } = parseReceipt(receipt);
    this.#messages = this.#messages.filter((message) => message.id !== messageId);
  }

  changeVisibility(receipt: string, seconds: number): void {
    const { messageId } = parseReceipt(receipt);
    const message = this.messages.find((candidate) => candidate.id === messageId);
    if (!message || message.visibleAt <= this.#kernel.now || message.receives === 0) {
      throw new AwsError("MessageNotInflight", `Message ${messageId} is not in flight in ${this.name}.`);
    }
    message.visibleAt = this.#kernel.now + seconds * 1_000;
    this.#wake();
  }

  purge(): void {
    this.#messages = [];
    this.purgedAt = this.#kernel.now;
  }

  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const hidden = this.messages.filter((message) => message.visibleAt > this.#kernel.now);
    const delayed = hidden.filter((message) => message.receives === 0).length;
    return { visible: this.messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  #add(message: QueueMessage): void {
    this.#messages.push(message);
    this.#wake();
  }

  #take(limit: number, visibilitySeconds: number): QueueMessage[] {
    const taken: QueueMessage[] = [];
    for (const message of [...this.messages]) {
      if (taken.length === limit) break;
      if (message.visibleAt > this.#kernel.now || this.#redriven(message)) continue;
      message.receives++;
      message.firstReceivedAt ??= this.#kernel.now;
      message.visibleAt = this.#kernel.now + visibilitySeconds * 1_000;
      message.receipt = `${message.id}#${this.#kernel.random.hex(32)}`;
      taken.push(message);
    }
    return taken;
  }

  /**
   * "When the ReceiveCount for a message exceeds the maxReceiveCount", it moves (API reference, CreateQueue).
   */
  #redriven(message: QueueMessage): boolean {
    const { redrive } = this.settings;
    if (!redrive || message.receives < redrive.maxReceiveCount) return false;
    const target = this.#deadLetterQueue(redrive.deadLetterTargetArn);
    if (!target) return false;
    this.#messages = this.#messages.filter((kept) => kept !== message);
    const moved = { ...message, deadLetterSource: this.arn, visibleAt: this.#kernel.now, receipt: undefined };
    target.#add(moved);
    const facts = { queue: this.name, deadLetterQueue: target.name, id: message.id };
    this.#kernel.log.write("sqs", "message moved to dead-letter queue", facts);
    return true;
  }

  /** Resolves when a message may have become visible, at the latest after `withinMs`. */
  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const timer = this.#kernel.schedule(withinMs, done);
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}

function parseReceipt(receipt: string): { readonly messageId: string } {
  const [, messageId] = /^([0-9a-f-]{36})#[0-9a-f]{32}$/.exec(receipt) ?? [];
  if (messageId !== undefined) return { messageId };
  throw new AwsError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${receipt}" is not a valid receipt handle.`,
  );
}

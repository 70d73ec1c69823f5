import type { Target } from "@aws-sdk/client-eventbridge";
import type { Random } from "../../kernel/random.ts";
import type { RegionContext } from "../../region-context.ts";
import { type DeliveryFailure, deliveryFailure } from "./delivery-failure.ts";
import type { DeliveryFaults } from "./delivery-faults.ts";
import { type Delivery, targetInput } from "./target-input.ts";
import { busPrincipal, queueUrlOf, targetCall } from "./target-kinds.ts";

/**
 * Bus latency, uniform. Source of the upper end: Amazon's own field report of p90 ≈ 80 ms (facts A1), which
 * is this distribution's p90. Unverified: the lower end and the shape.
 */
export const DELIVERY_LATENCY_MS = { from: 20, to: 87 } as const;

/**
 * The wait before retry n is `base · 2ⁿ⁻¹`, at most `cap`, of which a random half is jitter. AWS documents
 * "exponential back off and jitter" for up to 185 attempts in 24 hours and no numbers; unverified, and chosen
 * such that 185 attempts take about as long as the default maximum age.
 */
export const RETRY_BACKOFF_MS = { base: 1_000, cap: 600_000 } as const;

/** EventBridge user guide, "How EventBridge retries delivering events". */
export const DEFAULT_RETRY = { maximumEventAgeSeconds: 86_400, maximumRetryAttempts: 185 } as const;

type ExhaustedCondition = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

/** Brings matched events to targets: with latency, retries, duplicates, and at last the dead-letter queue. */
export class Deliveries {
  readonly #context: RegionContext;
  readonly #faults: DeliveryFaults;
  readonly #random: Random;

  constructor(context: RegionContext, faults: DeliveryFaults, random: Random) {
    this.#context = context;
    this.#faults = faults;
    this.#random = random;
  }

  start(target: Target, delivery: Delivery): void {
    const { copies, delayMs } = this.#faults.take();
    for (let copy = 0; copy < copies; copy++) {
      const latencyMs = this.#random.between(DELIVERY_LATENCY_MS.from, DELIVERY_LATENCY_MS.to);
      this.#attemptAfter(delayMs + latencyMs, target, delivery, 0);
    }
  }

  #attemptAfter(delayMs: number, target: Target, delivery: Delivery, retries: number): void {
    this.#context.kernel.schedule(delayMs, () => {
      this.#context.kernel.launch(`delivery of ${delivery.event.id} to ${target.Id}`, () =>
        this.#attempt(target, delivery, retries),
      );
    });
  }

  async #attempt(target: Target, delivery: Delivery, retries: number): Promise<void> {
    this.#count("InvocationAttempts", delivery);
    if (retries > 0) this.#count("RetryInvocationAttempts", delivery);
    try {
      const payload = targetInput(target, delivery);
      const call = targetCall(target, payload, { name: delivery.ruleName, arn: delivery.ruleArn });
      await this.#context.call(call.principal, call.service, call.operation, call.input);
      this.#log("target invoked", delivery, target, retries === 0 ? {} : { retries });
      this.#count("Invocations", delivery);
    } catch (error) {
      await this.#failed(target, delivery, retries, deliveryFailure(error));
    }
  }

  async #failed(
    target: Target,
    delivery: Delivery,
    retries: number,
    failure: DeliveryFailure,
  ): Promise<void> {
    const { kernel } = this.#context;
    this.#log("delivery failed", delivery, target, { code: failure.code, retries });
    if (!failure.retryable) return this.#giveUp(target, delivery, retries, failure, undefined);
    const policy = target.RetryPolicy;
    if (retries >= (policy?.MaximumRetryAttempts ?? DEFAULT_RETRY.maximumRetryAttempts)) {
      return this.#giveUp(target, delivery, retries, failure, "MaximumRetryAttempts");
    }
    const waitMs = this.#backoffMs(retries + 1);
    const maximumAgeMs = (policy?.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumEventAgeSeconds) * 1_000;
    const expiresAt = delivery.ingestedAt + maximumAgeMs;
    if (kernel.now + waitMs < expiresAt) return this.#attemptAfter(waitMs, target, delivery, retries + 1);
    kernel.schedule(expiresAt - kernel.now, () =>
      kernel.launch(`expiry of ${delivery.event.id}`, () =>
        this.#giveUp(target, delivery, retries, failure, "MaximumEventAgeInSeconds"),
      ),
    );
  }

  #backoffMs(retry: number): number {
    const whole = Math.min(RETRY_BACKOFF_MS.base * 2 ** (retry - 1), RETRY_BACKOFF_MS.cap);
    return this.#random.between(whole / 2, whole);
  }

  async #giveUp(
    target: Target,
    delivery: Delivery,
    retries: number,
    failure: DeliveryFailure,
    exhausted: ExhaustedCondition | undefined,
  ): Promise<void> {
    // A delivery that fails for good counts as an invocation too (user guide, "Monitoring", Invocations).
    this.#count("Invocations", delivery);
    this.#count("FailedInvocations", delivery);
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) {
      this.#log("event dropped", delivery, target, { code: failure.code });
      return;
    }
    try {
      await this.#context.call(busPrincipal(delivery.ruleArn), "sqs", "SendMessage", {
        QueueUrl: queueUrlOf(queueArn),
        // Unverified: that the body is the whole original event, not the target's input.
        MessageBody: JSON.stringify(delivery.event),
        MessageAttributes: deadLetterAttributes(target, delivery, retries, failure, exhausted),
      });
      this.#log("sent to dead-letter queue", delivery, target, { code: failure.code });
      this.#count("InvocationsSentToDlq", delivery);
    } catch (error) {
      const deadLetterError = deliveryFailure(error).code;
      this.#log("event dropped", delivery, target, { code: failure.code, deadLetterError });
      this.#count("InvocationsFailedToBeSentToDlq", delivery);
    }
  }

  #log(event: string, delivery: Delivery, target: Target, facts: Readonly<Record<string, unknown>>): void {
    const {
      ruleName: rule,
      event: { id },
    } = delivery;
    this.#context.kernel.log.write("events", event, { rule, target: target.Arn, id, ...facts });
  }

  #count(metricName: string, delivery: Delivery): void {
    const dimensions = { RuleName: delivery.ruleName };
    this.#context.publishMetric({ namespace: "AWS/Events", metricName, dimensions, value: 1, unit: "Count" });
  }
}

/** EventBridge user guide, "Using dead-letter queues to process undelivered events". */
function deadLetterAttributes(
  target: Target,
  delivery: Delivery,
  retries: number,
  failure: DeliveryFailure,
  exhausted: ExhaustedCondition | undefined,
): Record<string, { DataType: "String"; StringValue: string }> {
  const values = {
    RULE_ARN: delivery.ruleArn,
    TARGET_ARN: target.Arn ?? "",
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    RETRY_ATTEMPTS: String(retries),
    // Unverified: absent when no retry condition ended the delivery.
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: "String" as const, StringValue }]),
  );
}

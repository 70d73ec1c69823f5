import { RuleTargetInput, type RuleTargetInputProperties } from "aws-cdk-lib/aws-events";

/**
 * Passes the whole event on inside a template, as a JSON value. Nothing is spliced into strings, because EventBridge
 * does not escape (docs/facts/frontend-secrets-config.md G, transformer).
 */
export class WholeEvent extends RuleTargetInput {
  readonly #before: string;
  readonly #after: string;

  /** @param wrap the JSON text around the event: `['{"trigger":', "}"]` */
  constructor([before, after]: readonly [string, string]) {
    super();
    this.#before = before;
    this.#after = after;
  }

  override bind(): RuleTargetInputProperties {
    return { inputTemplate: `${this.#before}<aws.events.event.json>${this.#after}` };
  }
}

import type { InputTransformer, Target } from "@aws-sdk/client-eventbridge";
import type { BusEvent } from "./bus-event.ts";
import { parseJsonPath, valueAt } from "./json-path.ts";

/** What the transformer's predefined variables speak of. */
export interface Delivery {
  readonly event: BusEvent;
  readonly ruleName: string;
  readonly ruleArn: string;
  /** When the bus received the event, epoch milliseconds. */
  readonly ingestedAt: number;
}

/** The event could not be turned into this target's input; such a delivery is never retried. */
export class TargetInputError extends Error {
  override readonly name = "TargetInputError";
}

/**
 * The JSON text that the target receives.
 *
 * Source: EventBridge user guide, "Amazon EventBridge input transformation": a bare variable of a string is
 * quoted, values are not escaped inside a string, the result is minified. A value with a quote or a line
 * break inside a quoted template therefore breaks the JSON and the delivery, which is why no rule should
 * splice free text.
 *
 * @throws TargetInputError
 */
export function targetInput(target: Target, delivery: Delivery): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputTransformer) return transformed(target.InputTransformer, delivery);
  if (target.InputPath === undefined) return JSON.stringify(delivery.event);
  const part = valueAt(delivery.event, parseJsonPath(target.InputPath) ?? []);
  // Unverified: what EventBridge sends when the InputPath finds nothing.
  if (part === undefined) throw new TargetInputError(`Nothing at ${target.InputPath} of the event`);
  return JSON.stringify(part);
}

const PLACEHOLDER = /<([A-Za-z0-9._-]+)>/y;

/**
 * Walks a template, telling for every placeholder whether it stands inside a JSON string.
 * `replace` gives the text that takes the placeholder's place.
 */
export function fillTemplate(template: string, replace: (name: string, quoted: boolean) => string): string {
  let [filled, quoted] = ["", false];
  for (let index = 0; index < template.length; index++) {
    PLACEHOLDER.lastIndex = index;
    const name = PLACEHOLDER.exec(template)?.[1];
    const character = template.charAt(index);
    if (name !== undefined) {
      filled += replace(name, quoted);
      index += name.length + 1;
    } else if (quoted && character === "\\") {
      filled += template.slice(index, index + 2);
      index++;
    } else {
      if (character === '"') quoted = !quoted;
      filled += character;
    }
  }
  return filled;
}

function transformed(transformer: InputTransformer, delivery: Delivery): string {
  const variables = variablesOf(transformer, delivery);
  const filled = fillTemplate(transformer.InputTemplate ?? "", (name, quoted) => {
    const value = variables.get(name);
    // "If you specify a variable to match a JSON path that doesn't exist in the event, that variable isn't
    // created and won't appear in the output." Unverified: that a bare absent variable therefore leaves
    // broken JSON.
    if (value === undefined) return "";
    if (quoted && typeof value === "string") return value;
    return JSON.stringify(value);
  });
  try {
    return JSON.stringify(JSON.parse(filled));
  } catch {
    throw new TargetInputError("The input template filled with the event's values is not valid JSON");
  }
}

function variablesOf(transformer: InputTransformer, delivery: Delivery): Map<string, unknown> {
  const { detail: _detail, ...envelope } = delivery.event;
  const variables = new Map<string, unknown>();
  for (const [name, path] of Object.entries(transformer.InputPathsMap ?? {})) {
    variables.set(name, valueAt(delivery.event, parseJsonPath(path) ?? []));
  }
  variables.set("aws.events.rule-arn", delivery.ruleArn);
  variables.set("aws.events.rule-name", delivery.ruleName);
  variables.set("aws.events.event.ingestion-time", new Date(delivery.ingestedAt).toISOString());
  // The user guide of 2026: `aws.events.event` comes without the detail field, `aws.events.event.json` with
  // it.
  variables.set("aws.events.event", envelope);
  variables.set("aws.events.event.json", delivery.event);
  return variables;
}

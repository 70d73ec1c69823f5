import { AwsError } from "../../service-model.ts";
import type { StateName } from "./alarm.ts";

/** A composite alarm's rule, read. */
export interface AlarmRule {
  /** Names of the alarms it mentions, each once, in order of appearance. */
  readonly children: readonly string[];
  readonly holds: (stateOf: (alarmName: string) => StateName | undefined) => boolean;
}

type Condition = AlarmRule["holds"];

/**
 * Reads `ALARM(a) AND NOT (OK("b c") OR TRUE)`: state functions over names or ARNs, quoted or not, AND, OR,
 * NOT and parentheses, at most 100 children and 500 elements [PutCompositeAlarm, AlarmRule]. NOT binds
 * tighter than AND, AND tighter than OR (the page gives no table of precedence: unverified). `AT_LEAST` is
 * not modelled and refused.
 */
export function parseAlarmRule(text: string): AlarmRule {
  const parser = new RuleParser(text);
  const holds = parser.disjunction();
  parser.end();
  const children = [...new Set(parser.children)];
  if (children.length > 100 || parser.elements > 500) {
    throw new AwsError("ValidationError", "AlarmRule has more than 100 child alarms or 500 elements");
  }
  return { children, holds };
}

const stateFunctions: readonly string[] = ["ALARM", "OK", "INSUFFICIENT_DATA"] satisfies StateName[];

class RuleParser {
  readonly children: string[] = [];
  elements = 0;
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  disjunction(): Condition {
    let left = this.#conjunction();
    while (this.#word("OR")) {
      const [a, b] = [left, this.#conjunction()];
      left = (stateOf) => a(stateOf) || b(stateOf);
    }
    return left;
  }

  end(): void {
    if (this.#rest.trim() !== "") this.#fail();
  }

  #conjunction(): Condition {
    let left = this.#negation();
    while (this.#word("AND")) {
      const [a, b] = [left, this.#negation()];
      left = (stateOf) => a(stateOf) && b(stateOf);
    }
    return left;
  }

  #negation(): Condition {
    if (!this.#word("NOT")) return this.#element();
    const inner = this.#negation();
    return (stateOf) => !inner(stateOf);
  }

  #element(): Condition {
    this.elements++;
    if (this.#word("TRUE")) return () => true;
    if (this.#word("FALSE")) return () => false;
    if (this.#match(/^\s*\(/)) {
      const inner = this.disjunction();
      if (!this.#match(/^\s*\)/)) this.#fail();
      this.elements++;
      return inner;
    }
    const call = this.#match(/^\s*([A-Z_]+)\s*\(\s*(?:"([^"]*)"|([^")\s]+(?:\s+[^")\s]+)*))\s*\)/i);
    const wanted = call?.[1]?.toUpperCase();
    if (!isStateName(wanted)) return this.#fail();
    const name = (call?.[2] ?? call?.[3] ?? "").replace(/^arn:aws[^:]*:cloudwatch:[^:]*:\d*:alarm:/, "");
    this.children.push(name);
    return (stateOf) => stateOf(name) === wanted;
  }

  get #rest(): string {
    return this.#text.slice(this.#position);
  }

  #word(word: string): boolean {
    return this.#match(new RegExp(`^\\s*${word}(?![A-Z_(])`, "i")) !== undefined || this.#spaced(word);
  }

  /** `NOT(…)` and `AND(…)` need no space before the parenthesis; `OK(` and `TRUE(` are something else. */
  #spaced(word: string): boolean {
    return (
      ["AND", "OR", "NOT"].includes(word) && this.#match(new RegExp(`^\\s*${word}(?=\\()`, "i")) !== undefined
    );
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.#rest);
    if (match) this.#position += match[0].length;
    return match ?? undefined;
  }

  #fail(): never {
    throw new AwsError(
      "ValidationError",
      `AlarmRule "${this.#text}" has a syntax error, or a function not modelled, at position ${this.#position}`,
    );
  }
}

function isStateName(word: string | undefined): word is StateName {
  return word !== undefined && stateFunctions.includes(word);
}

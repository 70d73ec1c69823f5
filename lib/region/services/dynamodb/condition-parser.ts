import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { checkCondition } from "./condition-checks.ts";
import { type DocumentPath, parsePath } from "./document-path.ts";
import type { Placeholders } from "./placeholders.ts";
import { type ExpressionKind, TokenStream } from "./token-stream.ts";

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type ConditionFunction =
  | "attribute_exists"
  | "attribute_not_exists"
  | "attribute_type"
  | "begins_with"
  | "contains";

export type Operand =
  | { readonly kind: "path"; readonly path: DocumentPath }
  | { readonly kind: "value"; readonly value: AttributeValue }
  | { readonly kind: "size"; readonly of: Operand };

export type Condition =
  | {
      readonly kind: "compare";
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly options: readonly Operand[] }
  | { readonly kind: "function"; readonly name: ConditionFunction; readonly operands: readonly Operand[] }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly condition: Condition };

/**
 * Parses a condition, filter or key condition (developer guide, "Condition and filter expressions, operators,
 * and functions in DynamoDB", which also gives the precedence). Parentheses group conditions; around a single
 * operand, where AWS allows them too, this model answers with a syntax error.
 */
export function parseCondition(kind: ExpressionKind, text: string, placeholders: Placeholders): Condition {
  const parser = new ConditionParser(new TokenStream(kind, text), placeholders);
  return parser.parse();
}

class ConditionParser {
  readonly #stream: TokenStream;
  readonly #placeholders: Placeholders;
  /** The group closed last: where its parenthesis stood and where the token after it stands. */
  #lastGroup = { opened: -1, followed: -1 };

  constructor(stream: TokenStream, placeholders: Placeholders) {
    this.#stream = stream;
    this.#placeholders = placeholders;
  }

  parse(): Condition {
    const condition = this.#or();
    this.#stream.expectEnd();
    return condition;
  }

  #or(): Condition {
    let left = this.#and();
    while (this.#stream.takeKeyword("OR")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#stream.takeKeyword("AND")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.#stream.takeKeyword("NOT")) return { kind: "not", condition: this.#not() };
    const opened = this.#stream.peek().start;
    if (!this.#stream.takeSymbol("(")) return this.#simple();
    const condition = this.#group();
    this.#lastGroup = { opened, followed: this.#stream.peek().start };
    return condition;
  }

  #group(): Condition {
    const inside = this.#stream.peek().start;
    const condition = this.#or();
    const { opened, followed } = this.#lastGroup;
    if (opened === inside && followed === this.#stream.peek().start) {
      throw this.#stream.error("The expression has redundant parentheses;");
    }
    this.#stream.expectSymbol(")");
    return condition;
  }

  #simple(): Condition {
    const condition = this.#function() ?? this.#comparison(this.#operand());
    checkCondition(condition, this.#stream);
    return condition;
  }

  #function(): Condition | undefined {
    const name = this.#functionName();
    if (name === undefined || name === "size") return undefined;
    if (!isConditionFunction(name)) throw this.#stream.error(`Invalid function name; function: ${name}`);
    this.#stream.next();
    return { kind: "function", name, operands: this.#operands() };
  }

  #functionName(): string | undefined {
    const [word, bracket] = [this.#stream.peek(), this.#stream.peek(1)];
    const called = word.kind === "word" && bracket.kind === "symbol" && bracket.text === "(";
    return called ? word.text : undefined;
  }

  #comparison(left: Operand): Condition {
    const comparator = COMPARATORS.find((symbol) => this.#stream.takeSymbol(symbol));
    if (comparator !== undefined) return { kind: "compare", comparator, left, right: this.#operand() };
    if (this.#stream.takeKeyword("BETWEEN")) {
      const low = this.#operand();
      if (!this.#stream.takeKeyword("AND")) throw this.#stream.syntaxError();
      return { kind: "between", operand: left, low, high: this.#operand() };
    }
    if (this.#stream.takeKeyword("IN")) return { kind: "in", operand: left, options: this.#operands() };
    if (left.kind === "size") {
      throw this.#stream.error(
        "The function is not allowed to be used this way in an expression; function: size",
      );
    }
    throw this.#stream.syntaxError();
  }

  #operands(): Operand[] {
    this.#stream.expectSymbol("(");
    const operands = [this.#operand()];
    while (this.#stream.takeSymbol(",")) operands.push(this.#operand());
    this.#stream.expectSymbol(")");
    return operands;
  }

  #operand(): Operand {
    const token = this.#stream.peek();
    if (token.kind === "value") {
      this.#stream.next();
      return { kind: "value", value: this.#placeholders.value(token.text, this.#stream) };
    }
    const name = this.#functionName();
    if (name === undefined) return { kind: "path", path: parsePath(this.#stream, this.#placeholders) };
    if (name !== "size") {
      throw this.#stream.error(
        isConditionFunction(name)
          ? `The function is not allowed to be used this way in an expression; function: ${name}`
          : `Invalid function name; function: ${name}`,
      );
    }
    this.#stream.next();
    const operands = this.#operands();
    const [of] = operands;
    if (of === undefined || operands.length > 1) {
      throw this.#stream.error(
        "Incorrect number of operands for operator or function; operator or function: size, " +
          `number of operands: ${operands.length}`,
      );
    }
    return { kind: "size", of };
  }
}

const COMPARATORS: readonly Comparator[] = ["=", "<>", "<=", "<", ">=", ">"];

const FUNCTIONS: readonly ConditionFunction[] = [
  "attribute_exists",
  "attribute_not_exists",
  "attribute_type",
  "begins_with",
  "contains",
];

function isConditionFunction(name: string): name is ConditionFunction {
  return FUNCTIONS.some((known) => known === name);
}

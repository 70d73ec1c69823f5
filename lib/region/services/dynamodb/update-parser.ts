import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { typeOf } from "./attribute-value.ts";
import { type DocumentPath, parsePath, refuseOverlap } from "./document-path.ts";
import type { Placeholders } from "./placeholders.ts";
import { TokenStream } from "./token-stream.ts";

export type UpdateOperand =
  | { readonly kind: "path"; readonly path: DocumentPath }
  | { readonly kind: "value"; readonly value: AttributeValue }
  | { readonly kind: "ifNotExists"; readonly path: DocumentPath; readonly otherwise: UpdateOperand }
  | {
      readonly kind: "listAppend" | "plus" | "minus";
      readonly left: UpdateOperand;
      readonly right: UpdateOperand;
    };

export type UpdateAction =
  | { readonly section: "SET"; readonly path: DocumentPath; readonly operand: UpdateOperand }
  | { readonly section: "REMOVE"; readonly path: DocumentPath }
  | { readonly section: "ADD" | "DELETE"; readonly path: DocumentPath; readonly value: AttributeValue };

/** Parses an update expression (developer guide, "Using update expressions in DynamoDB"). */
export function parseUpdate(text: string, placeholders: Placeholders): UpdateAction[] {
  const stream = new TokenStream("UpdateExpression", text);
  const actions = new UpdateParser(stream, placeholders).parse();
  refuseOverlap(
    actions.map(({ path }) => path),
    stream,
  );
  return actions;
}

const SECTIONS = ["SET", "REMOVE", "ADD", "DELETE"] as const;

class UpdateParser {
  readonly #stream: TokenStream;
  readonly #placeholders: Placeholders;

  constructor(stream: TokenStream, placeholders: Placeholders) {
    this.#stream = stream;
    this.#placeholders = placeholders;
  }

  parse(): UpdateAction[] {
    const actions: UpdateAction[] = [];
    const seen = new Set<string>();
    while (this.#stream.peek().kind !== "end") {
      const section = SECTIONS.find((keyword) => this.#stream.takeKeyword(keyword));
      if (section === undefined) throw this.#stream.syntaxError();
      if (seen.has(section)) {
        throw this.#stream.error(`The "${section}" section can only be used once in an update expression;`);
      }
      seen.add(section);
      do actions.push(this.#action(section));
      while (this.#stream.takeSymbol(","));
    }
    return actions;
  }

  #action(section: (typeof SECTIONS)[number]): UpdateAction {
    const path = parsePath(this.#stream, this.#placeholders);
    if (section === "REMOVE") return { section, path };
    if (section === "SET") {
      this.#stream.expectSymbol("=");
      return { section, path, operand: this.#sum() };
    }
    const value = this.#literal();
    const type = typeOf(value);
    if (!["SS", "NS", "BS", ...(section === "ADD" ? ["N"] : [])].includes(type)) {
      throw this.#stream.error(
        "Incorrect operand type for operator or function; " +
          `operator: ${section}, operand type: ${LONG_NAMES[type] ?? type}`,
      );
    }
    return { section, path, value };
  }

  #sum(): UpdateOperand {
    const left = this.#operand();
    const kind = this.#stream.takeSymbol("+") ? "plus" : this.#stream.takeSymbol("-") ? "minus" : undefined;
    if (kind === undefined) return left;
    const right = this.#operand();
    this.#requireLiterals(kind === "plus" ? "+" : "-", "N", [left, right]);
    return { kind, left, right };
  }

  #operand(): UpdateOperand {
    if (this.#stream.takeSymbol("(")) {
      const inner = this.#sum();
      this.#stream.expectSymbol(")");
      return inner;
    }
    if (this.#stream.peek().kind === "value") return { kind: "value", value: this.#literal() };
    const [word, bracket] = [this.#stream.peek(), this.#stream.peek(1)];
    if (word.kind === "word" && bracket.kind === "symbol" && bracket.text === "(") return this.#function();
    return { kind: "path", path: parsePath(this.#stream, this.#placeholders) };
  }

  #function(): UpdateOperand {
    const name = this.#stream.next().text;
    if (name !== "if_not_exists" && name !== "list_append") {
      throw this.#stream.error(`Invalid function name; function: ${name}`);
    }
    this.#stream.expectSymbol("(");
    const operands = [this.#operand()];
    while (this.#stream.takeSymbol(",")) operands.push(this.#operand());
    this.#stream.expectSymbol(")");
    const [left, right] = operands;
    if (left === undefined || right === undefined || operands.length > 2) {
      throw this.#stream.error(
        "Incorrect number of operands for operator or function; " +
          `operator or function: ${name}, number of operands: ${operands.length}`,
      );
    }
    if (name === "list_append") {
      this.#requireLiterals(name, "L", operands);
      return { kind: "listAppend", left, right };
    }
    if (left.kind !== "path") {
      throw this.#stream.error(
        `Operator or function requires a document path; operator or function: ${name}`,
      );
    }
    return { kind: "ifNotExists", path: left.path, otherwise: right };
  }

  #literal(): AttributeValue {
    const token = this.#stream.peek();
    if (token.kind !== "value") throw this.#stream.syntaxError();
    this.#stream.next();
    return this.#placeholders.value(token.text, this.#stream);
  }

  #requireLiterals(operator: string, type: "N" | "L", operands: readonly UpdateOperand[]): void {
    for (const operand of operands) {
      const actual = operand.kind === "value" ? typeOf(operand.value) : type;
      if (actual !== type) {
        throw this.#stream.error(
          "Incorrect operand type for operator or function; " +
            `operator or function: ${operator}, operand type: ${actual}`,
        );
      }
    }
  }
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  NULL: "NULL",
  BOOL: "BOOLEAN",
  L: "LIST",
  M: "MAP",
};

import { validationError } from "./validation-error.ts";

/** The request member that holds an expression; error texts begin with it. */
export type ExpressionKind =
  | "ConditionExpression"
  | "FilterExpression"
  | "KeyConditionExpression"
  | "UpdateExpression"
  | "ProjectionExpression";

export interface Token {
  readonly kind: "word" | "name" | "value" | "index" | "symbol" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The tokens of one expression, read one after another by a recursive-descent parser.
 *
 * Keywords are ordinary words here: DynamoDB recognises them by their place and without regard to case.
 */
export class TokenStream {
  readonly kind: ExpressionKind;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    this.#text = text;
    if (text.trim() === "") throw this.error("The expression can not be empty;");
    this.#tokens = this.#scan();
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#position + ahead] ?? this.#end();
  }

  next(): Token {
    const token = this.peek();
    this.#position++;
    return token;
  }

  /** Consumes the symbol if it is next. */
  takeSymbol(symbol: string): boolean {
    const matches = this.peek().kind === "symbol" && this.peek().text === symbol;
    if (matches) this.#position++;
    return matches;
  }

  /** Consumes the keyword if it is next. */
  takeKeyword(keyword: string): boolean {
    const matches = this.peek().kind === "word" && this.peek().text.toUpperCase() === keyword;
    if (matches) this.#position++;
    return matches;
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.peek().kind !== "end") throw this.syntaxError();
  }

  error(message: string): Error {
    return validationError(`Invalid ${this.kind}: ${message}`);
  }

  /** The offending token is the next one; `near` spans its neighbours, as in AWS's own text. */
  syntaxError(): Error {
    const token = this.peek();
    const from = this.#tokens[this.#position - 1] ?? token;
    const to = this.#tokens[this.#position + 1] ?? token;
    const shown = token.kind === "end" ? "<EOF>" : token.text;
    return this.error(
      `Syntax error; token: "${shown}", near: "${this.#text.slice(from.start, to.end).trim()}"`,
    );
  }

  #end(): Token {
    return { kind: "end", text: "", start: this.#text.length, end: this.#text.length };
  }

  #scan(): Token[] {
    const tokens: Token[] = [];
    const pattern = /\s+|(\w+)|(#\w+)|(:\w+)|(<>|<=|>=|[=<>(),.[\]+-])/y;
    while (pattern.lastIndex < this.#text.length) {
      const start = pattern.lastIndex;
      const match = pattern.exec(this.#text);
      if (match === null) {
        const near = this.#text.slice(tokens.at(-1)?.start ?? start, start + 2);
        throw this.error(`Syntax error; token: "${this.#text[start]}", near: "${near}"`);
      }
      const [text, word, name, value, symbol] = match;
      const kind = kindOf(word, name, value, symbol);
      if (kind !== undefined) tokens.push({ kind, text, start, end: start + text.length });
    }
    return tokens;
  }
}

function kindOf(word?: string, name?: string, value?: string, symbol?: string): Token["kind"] | undefined {
  if (word !== undefined) return /^\d+$/.test(word) ? "index" : "word";
  if (name !== undefined) return "name";
  if (value !== undefined) return "value";
  return symbol === undefined ? undefined : "symbol";
}

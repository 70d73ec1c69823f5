import { AwsError } from "../../service-model.ts";
import { type BinaryOperator, type Expression, type FunctionName, functionArity } from "./expression.ts";

/**
 * Reads a metric math expression. Refuses, as PutMetricAlarm and GetMetricData do with `ValidationError`,
 * what is not an expression, and with the same code the functions of metric math that the region does not
 * model.
 *
 * Grammar and functions: CloudWatch user guide, "Using metric math".
 */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  return expression;
}

/** Loosest first. The guide gives no table of precedence; the usual one is assumed (unverified). */
const levels: readonly (readonly string[])[] = [
  ["OR", "||"],
  ["AND", "&&"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
];

const operators: Readonly<Record<string, BinaryOperator>> = {
  ...{ OR: "OR", "||": "OR", AND: "AND", "&&": "AND", "==": "==", "!=": "!=", "<=": "<=", ">=": ">=" },
  ...{ "<": "<", ">": ">", "+": "+", "-": "-", "*": "*", "/": "/", "^": "^" },
};

const token =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|"([^"]*)"|'([^']*)'|(==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y;

interface Token {
  readonly kind: "number" | "name" | "text" | "symbol" | "end";
  readonly text: string;
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = this.#tokenize();
  }

  expression(level = 0): Expression {
    const accepted = levels[level];
    if (!accepted) return this.#unary();
    let left = this.expression(level + 1);
    for (;;) {
      const operator = accepted.includes(this.#next.text) ? operators[this.#next.text] : undefined;
      if (!operator || this.#next.kind === "text") return left;
      this.#position++;
      left = { kind: "binary", operator, left, right: this.expression(level + 1) };
    }
  }

  end(): void {
    if (this.#next.kind !== "end") this.#fail(`unexpected "${this.#next.text}"`);
  }

  #unary(): Expression {
    if (this.#take("-")) return { kind: "negation", operand: this.#unary() };
    const base = this.#primary();
    return this.#take("^") ? { kind: "binary", operator: "^", left: base, right: this.#unary() } : base;
  }

  #primary(): Expression {
    const { kind, text } = this.#next;
    this.#position++;
    if (kind === "number") return { kind, value: Number(text) };
    if (kind === "name") return this.#take("(") ? this.#call(text) : this.#reference(text);
    if (text === "(" && kind === "symbol") {
      const inner = this.expression();
      this.#expect(")");
      return inner;
    }
    if (text === "[" && kind === "symbol") return { kind: "array", items: this.#list("]") };
    return this.#fail(kind === "end" ? "it ends too early" : `unexpected "${text}"`);
  }

  /** Ids start with a lower-case letter; functions are upper case. */
  #reference(id: string): Expression {
    return /^[a-z]/.test(id) ? { kind: "reference", id } : this.#fail(`"${id}" is not an id`);
  }

  #call(name: string): Expression {
    if (name === "METRICS") {
      const containing = this.#next.kind === "text" ? this.#next.text : "";
      if (this.#next.kind === "text") this.#position++;
      this.#expect(")");
      return { kind: "metrics", containing };
    }
    if (name === "FILL") return this.#fill();
    if (!isFunction(name)) return this.#fail(`the simulated region does not model the function ${name}`);
    const operands = this.#list(")");
    const [least, most] = functionArity[name];
    if (operands.length < least || operands.length > most) {
      this.#fail(`${name} does not take ${operands.length} arguments`);
    }
    return { kind: "call", name, operands };
  }

  #fill(): Expression {
    const series = this.expression();
    this.#expect(",");
    const { text } = this.#next;
    const keyword = text === "REPEAT" || text === "LINEAR" ? text : undefined;
    if (keyword) this.#position++;
    const filler = keyword ?? this.expression();
    this.#expect(")");
    return { kind: "fill", series, filler };
  }

  #list(close: string): Expression[] {
    const items = [this.expression()];
    while (this.#take(",")) items.push(this.expression());
    this.#expect(close);
    return items;
  }

  get #next(): Token {
    return this.#tokens[this.#position] ?? { kind: "end", text: "" };
  }

  #take(symbol: string): boolean {
    const found = this.#next.kind === "symbol" && this.#next.text === symbol;
    if (found) this.#position++;
    return found;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) this.#fail(`"${symbol}" is missing before "${this.#next.text}"`);
  }

  #tokenize(): Token[] {
    const tokens: Token[] = [];
    const source = this.#source.trimEnd();
    token.lastIndex = 0;
    while (token.lastIndex < source.length) {
      const from = token.lastIndex;
      const match = token.exec(source);
      if (!match) return this.#fail(`unexpected "${source.slice(from).trim().charAt(0)}"`);
      const [, number, name, double, single, symbol] = match;
      if (number !== undefined) tokens.push({ kind: "number", text: number });
      else if (name !== undefined) tokens.push({ kind: "name", text: name });
      else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
      else tokens.push({ kind: "text", text: double ?? single ?? "" });
    }
    return tokens;
  }

  #fail(problem: string): never {
    throw new AwsError("ValidationError", `Error in expression '${this.#source}': ${problem}.`);
  }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functionArity, name);
}

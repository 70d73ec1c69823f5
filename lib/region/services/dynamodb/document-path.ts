import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "./attribute-value.ts";
import type { Placeholders } from "./placeholders.ts";
import { RESERVED_WORDS } from "./reserved-words.ts";
import type { TokenStream } from "./token-stream.ts";

/** `a.b[0]` as `["a", "b", 0]`; the first step is a top-level attribute name. */
export type DocumentPath = readonly [string, ...(string | number)[]];

export function parsePath(stream: TokenStream, placeholders: Placeholders): DocumentPath {
  const path: [string, ...(string | number)[]] = [parseName(stream, placeholders)];
  for (;;) {
    if (stream.takeSymbol(".")) {
      path.push(parseName(stream, placeholders));
    } else if (stream.takeSymbol("[")) {
      if (stream.peek().kind !== "index") throw stream.syntaxError();
      path.push(Number(stream.next().text));
      stream.expectSymbol("]");
    } else {
      return path;
    }
  }
}

/** What stands at the path, undefined when nothing does. */
export function readPath(item: Item, [first, ...rest]: DocumentPath): AttributeValue | undefined {
  let value = Object.hasOwn(item, first) ? item[first] : undefined;
  for (const step of rest) value = stepInto(value, step);
  return value;
}

/** Refuses paths of which one contains another, or which disagree on whether a step is a map or a list. */
export function refuseOverlap(paths: readonly DocumentPath[], stream: TokenStream): void {
  paths.forEach((one, index) => {
    for (const two of paths.slice(index + 1)) {
      const problem = relation(one, two);
      if (problem !== undefined) {
        throw stream.error(
          `Two document paths ${problem} with each other; must remove or rewrite one of these paths; ` +
            `path one: ${pathText(one)}, path two: ${pathText(two)}`,
        );
      }
    }
  });
}

export function pathText(path: DocumentPath): string {
  return `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;
}

function parseName(stream: TokenStream, placeholders: Placeholders): string {
  const { kind, text } = stream.peek();
  if (kind === "name") {
    stream.next();
    return placeholders.name(text, stream);
  }
  if (kind !== "word" || !/^[A-Za-z]/.test(text)) throw stream.syntaxError();
  if (RESERVED_WORDS.has(text.toUpperCase())) {
    throw stream.error(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
  }
  stream.next();
  return text;
}

function stepInto(value: AttributeValue | undefined, step: string | number): AttributeValue | undefined {
  if (typeof step === "number") return value?.L?.[step];
  return value?.M !== undefined && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
}

function relation(one: DocumentPath, two: DocumentPath): "overlap" | "conflict" | undefined {
  for (const [index, step] of one.entries()) {
    const other = two[index];
    if (other === undefined) return "overlap";
    if (typeof step !== typeof other) return "conflict";
    if (step !== other) return undefined;
  }
  return "overlap";
}

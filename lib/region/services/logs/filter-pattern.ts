import { AwsError } from "../../service-model.ts";

/**
 * Compiles a text filter pattern: terms that must all occur, `?term` of which one must, `-term` that must
 * not, and phrases in double quotes; case counts. JSON, space-delimited and regular-expression patterns are
 * refused.
 *
 * Source: CloudWatch Logs user guide, "Filter and pattern syntax", terms and OR matching. Unverified: `?term`
 * beside other terms is ignored.
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  if (/^\s*[{[]/.test(pattern) || pattern.includes("%")) {
    const text = `The simulated region models text filter patterns only, not ${pattern}`;
    throw new AwsError("NotImplemented", text, 501);
  }
  const terms = parseTerms(pattern);
  const textsOf = (sign: Term["sign"]) => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const [required, optional, excluded] = [textsOf(""), textsOf("?"), textsOf("-")];
  const anyOptional = required.length === 0 && excluded.length === 0 ? optional : [];
  return (message) =>
    required.every((text) => message.includes(text)) &&
    !excluded.some((text) => message.includes(text)) &&
    (anyOptional.length === 0 || anyOptional.some((text) => message.includes(text)));
}

interface Term {
  readonly sign: "" | "?" | "-";
  readonly text: string;
}

function parseTerms(pattern: string): Term[] {
  const terms: Term[] = [];
  const term = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)\s*/y;
  while (term.lastIndex < pattern.length) {
    if (/^\s*$/.test(pattern.slice(term.lastIndex))) break;
    const match = term.exec(pattern);
    if (!match) throw new AwsError("InvalidParameterException", "Invalid character(s) in term");
    const [, sign = "", phrase, word = ""] = match;
    const text = phrase === undefined ? word : phrase.replaceAll(/\\(.)/g, "$1");
    // "Terms that include characters other than alphanumeric or underscore must be placed inside double
    // quotes."
    if (phrase === undefined && !/^\w+$/.test(word)) {
      throw new AwsError("InvalidParameterException", `Invalid character(s) in term '${word}'`);
    }
    terms.push({ sign: sign === "?" || sign === "-" ? sign : "", text });
  }
  return terms;
}

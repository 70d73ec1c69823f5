import { LineCounter, parseDocument } from "yaml";
import type * as z from "zod";

/** A file that people write and that is wrong; the message names the file, the line, the field and what was expected. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/**
 * Parses YAML and checks it against a schema.
 *
 * @param file how messages call the text
 */
export function checkedYaml<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken)
    throw new FileError(`${file}, line ${lineAt(broken.pos[0])}: not YAML: ${broken.message.split("\n")[0]}`);
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const lineOf = (issue: z.core.$ZodIssue): number => {
    for (let path = wholePathOf(issue); path.length > 0; path = path.slice(0, -1)) {
      const offset = offsetOf(document, path);
      if (offset !== undefined) return lineAt(offset);
    }
    return 1;
  };
  const findings = parsed.error.issues.map(
    (issue) => `${file}, line ${lineOf(issue)}: ${issue.path.join(".") || "the file"}: ${sentenceOf(issue)}`,
  );
  throw new FileError(findings.join("\n"));
}

/** A union says only "Invalid input"; the member that got furthest says what was expected. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union") return issue.message;
  const nearest = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0];
  const first = nearest?.[0];
  if (!first) return issue.message;
  const where = first.path.length > 0 ? `${first.path.join(".")}: ` : "";
  return `${where}${sentenceOf(first)}`;
}

const depthOf = (issues: readonly z.core.$ZodIssue[]) =>
  Math.max(0, ...issues.map((issue) => issue.path.length));

/** An unknown key's path ends at its parent; the key itself is what a person looks for. */
function wholePathOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : [...issue.path];
}

/** The offset of the value at a path; undefined when it is not in the file. */
function offsetOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  const node = document.getIn(path, true);
  if (!node || typeof node !== "object" || !("range" in node)) return undefined;
  const range: unknown = node.range;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

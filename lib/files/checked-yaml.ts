import { type Document, isMap, isNode, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import { issueSentence } from "../../lambdas/domain/issue-sentence.ts";

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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken) throw new FileError(`${file}, line ${lineAt(broken.pos[0])}: not YAML: ${broken.message}`);
  const parsed = schema.safeParse(contentOf(document, file));
  if (parsed.success) return parsed.data;
  const lineOf = (issue: z.core.$ZodIssue): number => {
    for (let path = wholePathOf(issue); path.length > 0; path = path.slice(0, -1)) {
      const offset = offsetOf(document, path);
      if (offset !== undefined) return lineAt(offset);
    }
    return 1;
  };
  const findings = parsed.error.issues.map(
    (issue) =>
      `${file}, line ${lineOf(issue)}: ${issue.path.join(".") || "the file"}: ${issueSentence(issue)}`,
  );
  throw new FileError(findings.join("\n"));
}

/** An unknown key's path ends at its parent; the key itself is what a person looks for. */
function wholePathOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : [...issue.path];
}

/** The offset of what stands at a path, by its key where it has one; undefined when it is not in the file. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  const key = isMap(parent) ? parent.items.find((pair) => String(pair.key) === last)?.key : undefined;
  const node = key ?? document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** An alias without an anchor, or one that grows beyond all bounds, is found only when the values are made. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new FileError(`${file}: not YAML: ${error.message}`, { cause: error });
  }
}

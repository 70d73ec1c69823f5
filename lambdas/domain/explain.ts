import type * as z from "zod";
import { issueSentence, pathText } from "./issue-sentence.ts";

/** Nobody reads more at three in the morning. */
const FINDINGS = 3;
/** Whatever arrived, its keys and values cannot make a sentence that no message can carry. */
const LONGEST = 200;

/**
 * Turns what zod found wrong into one sentence for a person: where, what, and for a misspelt key the nearest known one.
 *
 * @param knownKeys the keys of the outermost object
 */
export function explain(error: z.ZodError, knownKeys: readonly string[] = []): string {
  const sentences = error.issues.slice(0, FINDINGS).map((issue) => shortened(sentenceOf(issue, knownKeys)));
  const more = error.issues.length - sentences.length;
  return sentences.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function sentenceOf(issue: z.core.$ZodIssue, knownKeys: readonly string[]): string {
  const nested = issue.path.length > 0;
  const where = `"${pathText(issue.path)}"`;
  if (issue.code !== "unrecognized_keys") return `${nested ? where : "the input"}: ${issueSentence(issue)}`;
  const keys = issue.keys.slice(0, FINDINGS);
  return keys
    .map((key) => `unknown key "${key}"${nested ? ` in ${where}` : suggestion(key, knownKeys)}`)
    .join(", ");
}

const shortened = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text);

function suggestion(key: string, knownKeys: readonly string[]): string {
  const nearest = knownKeys
    .map((known) => ({ known, distance: editDistance(key.toLowerCase(), known.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (nearest && nearest.distance <= 3) return ` (did you mean "${nearest.known}"?)`;
  return knownKeys.length > 0 ? ` (known keys: ${knownKeys.join(", ")})` : "";
}

/** Levenshtein distance; inputs are capped so that hostile keys cost nothing. */
function editDistance(a: string, b: string): number {
  const [left, right] = [a.slice(0, 40), b.slice(0, 40)];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

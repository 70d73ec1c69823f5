import type * as z from "zod";

/**
 * Turns what zod found wrong into one sentence for a person: where, what, and for a misspelt key the nearest known one.
 * At most three findings; nobody reads more at three in the morning.
 */
export function explain(error: z.ZodError, knownKeys: readonly string[] = []): string {
  const sentences = error.issues.slice(0, 3).map((issue) => {
    const where = issue.path.length > 0 ? `"${issue.path.join(".")}"` : "the input";
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `unknown key "${key}"${suggestion(key, knownKeys)}`).join(", ");
    }
    return `${where}: ${issue.message}`;
  });
  const more = error.issues.length - sentences.length;
  return sentences.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

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

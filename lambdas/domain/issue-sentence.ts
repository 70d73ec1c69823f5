import type * as z from "zod";

/**
 * What zod expected, in words. Of a union zod says only "Invalid input" and of a record's key "Invalid key": then the
 * member that got furthest, or the key's own schema, says it.
 */
export function issueSentence(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key") return issue.issues.map(issueSentence)[0] ?? issue.message;
  if (issue.code !== "invalid_union") return issue.message;
  const [nearest = []] = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length);
  const told = nearest.find((one) => one.code === "unrecognized_keys") ?? nearest[0];
  if (!told) return issue.message;
  const where = told.path.length > 0 ? `${pathText(told.path)}: ` : "";
  return `${where}${issueSentence(told)}`;
}

/** `scope.0`; symbols, which `join` stumbles over, by their description. */
export const pathText = (path: readonly PropertyKey[]) => path.map(String).join(".");

const depthOf = (issues: readonly z.core.$ZodIssue[]) =>
  Math.max(0, ...issues.map((issue) => issue.path.length));

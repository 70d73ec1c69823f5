import type { Tag } from "@aws-sdk/client-rds";
import { badValue } from "./rds-error.ts";

/** An instance's or cluster's identifier as RDS stores it: 1 to 63, lower case (docs/facts/database.md §4). */
export function databaseIdentifier(text: string | undefined, member: string): string {
  return checked(text, member, 63);
}

export function snapshotIdentifier(text: string | undefined, member: string, longest: number): string {
  const id = checked(text, member, longest);
  if (/^(rds|awsbackup):/.test(id)) throw invalid(member);
  return id;
}

function checked(text: string | undefined, member: string, longest: number): string {
  const id = (text ?? "").toLowerCase();
  if (id.length > longest || !/^[a-z](?:-?[a-z0-9])*$/.test(id)) throw invalid(member);
  return id;
}

function invalid(member: string) {
  return badValue(
    `The parameter ${member} is not a valid identifier. Identifiers must begin with a letter; must contain only ` +
      "ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.",
  );
}

/** Keys that begin with `aws:` are AWS's own (docs/facts/database.md §2). */
export function checkTags(tags: readonly Tag[]): void {
  const reserved = tags.find(({ Key = "" }) => Key.startsWith("aws:"));
  if (reserved) throw badValue(`Tag keys may not begin with aws: ${reserved.Key}`);
}

/** The tags that another resource may take over. */
export function inheritedTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(({ Key = "" }) => !Key.startsWith("aws:"));
}

import type { Tag } from "@aws-sdk/client-rds";

/** Tags as RDS takes them. */
export function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

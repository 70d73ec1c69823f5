import type { Tag } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { makeKeptStage } from "./make-kept-stage.ts";

const DAY = 86_400_000;
const NAME = "prod-sb-0badcafe-new";

/** A stopped rollback left a copy behind so many days ago; answers what the daily look tells of it. */
async function lookAfter(days: number, more: readonly Tag[] = []) {
  const { stage, copy, read } = await makeKeptStage("parameter");
  const tags = {
    "stepback:state": "staging",
    "stepback:rollback": "rb-2",
    "stepback:source": copy.resourceId,
  };
  stage.databases.install({
    DBInstanceIdentifier: NAME,
    Engine: "postgres",
    since: stage.kernel.now - days * DAY,
    tags: [...Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), ...more],
  });
  return (await read()).kept.find(({ what }) => what.endsWith(NAME));
}

describe("a copy that a stopped rollback did not come to remove", () => {
  it("is told from its third day on, with how it goes", async () => {
    const kept = await lookAfter(3);

    expect(kept).toMatchObject({ component: "db", rollbackId: "rb-2", expires: "2026-11-21" });
    expect(kept?.facts.join(" ")).toContain("did not come to remove. No rollback brought users to it.");
    expect(kept?.facts.join(" ")).not.toContain("undo");
    expect(kept?.removal).toMatchObject({
      advice: "remove",
      means: expect.stringMatching(/^it holds nothing/),
    });
    expect(kept?.removal.commands.at(-1)).toContain(`delete-db-instance --db-instance-identifier ${NAME}`);
  });

  it("may still be somebody's work before that", async () => {
    expect(await lookAfter(1)).toBeUndefined();
  });

  it("is left alone until the day that a person names", async () => {
    const kept = await lookAfter(9, [{ Key: "stepback:expires", Value: "2026-12-21" }]);

    expect(kept?.expires).toBe("2026-12-21");
  });
});

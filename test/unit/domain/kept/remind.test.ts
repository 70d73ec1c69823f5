import { describe, expect, it } from "vitest";
import { remind } from "../../../../lambdas/domain/kept/remind.ts";
import { makeKept } from "./make-kept.ts";

const place = { application: "shop", environment: "prod", account: "111122223333", region: "eu-west-1" };
const at = new Date("2026-11-28T09:00:00Z");
const told = (kept: Parameters<typeof makeKept>[0][], troubles: string[] = []) =>
  remind(place, at, { kept: kept.map(makeKept), troubles });

describe("a reminder", () => {
  it("tells what is due in one message, with everything that it takes to decide", () => {
    expect(told([{}])).toEqual({
      subject: "Kept after a rollback: shop (prod)",
      message: [
        "Something that a rollback kept is due. It costs money until a person removes it. Stepback never does.",
        "",
        "1. database: database instance shop (db.r6g.large, 100 GiB gp3, and its backups)",
        "- Kept since rollback rb-20261121-010203-3f2a9c1d of 2026-11-21, until 2026-11-28, which is today.",
        "- Users are on shop-sb-0a1b2c3d-new.",
        "- To keep it longer, with any day:",
        "    aws rds add-tags-to-resource",
        "- To remove it for good: then it is gone.",
        "    aws rds delete-db-instance",
        "",
        "This comes again in a week, until it is removed or kept longer.",
        "Account 111122223333, region eu-west-1. See docs/runbook.md, Reminders.",
      ].join("\n"),
    });
  });

  it("counts several, and leaves out what is not due", () => {
    const message = told([
      { what: "a" },
      { what: "b", expires: "2026-11-29" },
      { what: "c", expires: "2026-11-21" },
    ])?.message;

    expect(message).toContain(
      "2 things that rollbacks kept are due. They cost money until a person removes them.",
    );
    expect(message).toContain("1. database: a (");
    expect(message).toContain("2. database: c (");
    expect(message).toContain("until 2026-11-21, which was 7 days ago.");
    expect(message).not.toContain(": b (");
  });

  it("is not sent when nothing is due", () => {
    expect(told([])).toBeUndefined();
    expect(told([{ expires: "2026-11-29" }, { expires: "2026-11-27" }])).toBeUndefined();
  });

  it("says of what must stay why, and shows nothing that removes it", () => {
    const why = "users are on it.";
    const message = told([{ removal: { advice: "leave", why, commands: ["aws rds add-tags"] } }])?.message;

    expect(message).toContain("- Do not remove it: users are on it.\n    aws rds add-tags\n");
    expect(message).not.toContain("delete");
    expect(message).not.toContain("remove it for good");
  });

  it("says where nobody could look, also when nothing else is to be said", () => {
    expect(told([], ["database: AWS said no."])).toEqual({
      subject: "Cannot see what rollbacks kept: shop (prod)",
      message: [
        "Stepback could not look everywhere:",
        "- database: AWS said no.",
        "",
        "It looks again tomorrow.",
        "Account 111122223333, region eu-west-1. See docs/runbook.md, Reminders.",
      ].join("\n"),
    });
    expect(told([{}], ["cache: AWS said no."])?.message).toContain("- cache: AWS said no.");
  });

  it("has a subject that SNS takes, whatever the application is called", () => {
    const subject = remind({ ...place, application: "é".repeat(60), environment: "x".repeat(40) }, at, {
      kept: [makeKept()],
      troubles: [],
    })?.subject;

    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
  });
});

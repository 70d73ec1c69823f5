import { describe, expect, it } from "vitest";
import { tellLine } from "../../../lib/cli/story.ts";

const entry = { at: Date.parse("2026-11-29T15:29:12Z"), who: "people", text: "get a message" } as const;

describe("a line of what happens", () => {
  it("begins with the time of day where the clock is everybody's own", () => {
    expect(tellLine(entry)).toMatch(/^15:29:12 {2}/);
  });

  it("begins with the time since the story began, beyond a day too", () => {
    expect(tellLine(entry, entry.at - 245_000)).toMatch(/^00:04:05 {2}/);
    expect(tellLine(entry, entry.at - 86_645_000)).toMatch(/^24:04:05 {2}/);
  });
});

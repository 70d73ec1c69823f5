import { describe, expect, it } from "vitest";
import { definitionOf, perform } from "./perform.ts";
import { STORIES } from "./stories.ts";
import { entered, statesOf, transitionsOf, transitionsTaken } from "./transitions.ts";

/** docs/architecture.md: states carry ids and small facts. */
const MOST_STATE_DATA = 8 * 1024;

const definition = definitionOf();
const stories = await Promise.all(
  Object.entries(STORIES).map(async ([title, story]) => ({ title, story, seen: await perform(story.cast) })),
);

describe("a rollback", () => {
  it.each(stories)("$title", ({ story, seen }) => {
    const outcome = seen.status === "SUCCEEDED" ? Object(seen.output).outcome : seen.error;
    const names = entered(seen.events);

    expect([seen.status, outcome]).toEqual([story.status, story.outcome]);
    expect(names.filter((name) => name in definition.States)).toEqual(story.path);
    expect(names).toEqual(expect.arrayContaining([...(story.inside ?? [])]));
    expect(seen.told.map(({ phase, outcome: word }) => (word ? `${phase} ${word}` : phase))).toEqual(
      story.told,
    );
  });

  it.each(stories)("$title, with little data in every state", ({ seen }) => {
    const sizes = seen.events.flatMap(({ stateEnteredEventDetails, stateExitedEventDetails }) => [
      stateEnteredEventDetails?.input?.length ?? 0,
      stateExitedEventDetails?.output?.length ?? 0,
    ]);

    expect(Math.max(...sizes)).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_STATE_DATA);
  });

  it("says at the end what happened, in words, whichever way it took", () => {
    for (const { seen, story } of stories) {
      const sentence = seen.status === "SUCCEEDED" ? Object(seen.output).sentence : seen.cause;
      expect([story.outcome, sentence]).toEqual([story.outcome, expect.stringMatching(/^\w.{10,}/)]);
    }
  });
});

describe("the stories", () => {
  it("enter every state of the definition", () => {
    const names = new Set(stories.flatMap(({ seen }) => entered(seen.events)));

    expect(statesOf(definition).filter(([name]) => !names.has(name))).toEqual([]);
  });

  it("take every transition of the definition", () => {
    const taken = new Set(stories.flatMap(({ seen }) => transitionsTaken(seen.events)));

    expect(transitionsOf(definition).filter((transition) => !taken.has(transition))).toEqual([]);
  });
});

import { executionsSince, historyOf } from "./observed.ts";
import type { Stage } from "./stage.ts";

/** What only a plan knows, by the word that stands for it in a drill, and where the history of its execution says it. */
const WORDS: Readonly<Record<string, RegExp>> = {
  "@copy": /stagingIdentifier[\\"]+:[\\"]+([a-z0-9-]+)/g,
  "@rollback": /rollbackId[\\"]+:[\\"]+(rb-[a-z0-9-]+)/g,
  "@source": /sourceResourceId[\\"]+:[\\"]+([A-Za-z]+-[A-Z0-9]+)/g,
};

/**
 * A request in which `@copy` has become the name of the newest planned copy of a database, `@rollback` the id of the
 * rollback that plans it and `@source` the resource id that it is made from: people read them in the approval's message,
 * in tags and in CloudTrail.
 */
export async function withPlannedNames<Input extends object>(stage: Stage, input: Input): Promise<Input> {
  const text = JSON.stringify(input);
  const words = Object.keys(WORDS).filter((word) => text.includes(`"${word}"`));
  if (words.length === 0) return input;
  for (const { executionArn } of executionsSince(stage, 0).reverse()) {
    const history = JSON.stringify(await historyOf(stage, executionArn));
    const found = words.map((word) => [word, lastOf(history, WORDS[word])] as const);
    if (found.every(([, value]) => value !== undefined)) {
      // Only whole strings inside have changed, so the shape is the same.
      return JSON.parse(
        found.reduce((all, [word, value]) => all.replaceAll(`"${word}"`, `"${value}"`), text),
      ) as Input;
    }
  }
  throw new Error(`Nobody has planned a copy of a database yet, so ${words.join(", ")} stands for nothing`);
}

function lastOf(text: string, pattern: RegExp | undefined): string | undefined {
  return pattern && [...text.matchAll(pattern)].at(-1)?.[1];
}

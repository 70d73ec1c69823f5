import * as z from "zod";
import { LOG_EVENTS } from "../../lambdas/contracts/log-events.ts";
import type { Told } from "./timeline.ts";

const Line = z.looseObject({ message: z.string() });
type Line = z.infer<typeof Line>;

/** Tells what Stepback's functions write to their logs: what a component did, what became of a checkpoint, what failed. */
export class FunctionNarrator {
  /** What each component said last: the clean-up asks every few seconds, and the answer may be the same for minutes. */
  readonly #said = new Map<string, string>();

  tell(output: string): Told | undefined {
    const line = lineOf(output);
    const text = line && SENTENCES[line.message]?.(line);
    if (!text || (line.message === LOG_EVENTS.tick && this.#isRepeated(line, text))) return undefined;
    return { who: "stepback", text };
  }

  #isRepeated({ component, status }: Line, text: string): boolean {
    const before = this.#said.get(String(component));
    this.#said.set(String(component), text);
    return status === "working" && before === text;
  }
}

function lineOf(output: string): Line | undefined {
  if (!output.startsWith("{")) return undefined;
  try {
    return Line.safeParse(JSON.parse(output)).data;
  } catch {
    // Anything may be printed, also half an object.
    return undefined;
  }
}

const SENTENCES: Readonly<Record<string, (line: Line) => string | undefined>> = {
  [LOG_EVENTS.tick]: ({ component, status, note }) =>
    `${String(component)}: ${status === "failed" ? "failed. " : ""}${String(note)}`,
  [LOG_EVENTS.verified]: ({ status, open }) => VERIFIED[String(status)]?.(String(open ?? "")),
  [LOG_EVENTS.checkpointRecorded]: ({ status, checkpointId }) =>
    RECORDED[String(status)]?.(String(checkpointId)),
  [LOG_EVENTS.checkpointJudged]: ({ checkpointId, status, because }) =>
    `checkpoint ${String(checkpointId)} is ${String(status)}: ${String(because)}`,
  [LOG_EVENTS.approvalGiven]: ({ status }) =>
    status === 200 ? "an answer came and counts" : `an answer came and was refused (HTTP ${String(status)})`,
  [LOG_EVENTS.cleanedUp]: ({ execution, finishing, completing, released, told }) => {
    if (completing !== undefined) return undefined;
    if (finishing !== undefined) return released ? `finished ${String(finishing)}` : undefined;
    if (!released && !told) return undefined;
    return `cleaned up after the execution ${String(execution)}${released ? ", which held the lock" : ""}`;
  },
  [LOG_EVENTS.reminded]: ({ kept, due, troubles }) =>
    `${String(kept)} kept by rollbacks, ${String(due)} due today${troubles ? `, ${String(troubles)} not to be seen` : ""}`,
  [LOG_EVENTS.failed]: ({ service, code, reason }) =>
    `${String(service)} failed: ${String(code)}: ${String(reason)}`,
};

const VERIFIED: Readonly<Record<string, (open: string) => string>> = {
  recovered: () => "every alarm is OK again",
  waiting: (open) => `still waiting for ${open}`,
  "not-recovered": (open) => `not recovered: ${open}`,
};

const RECORDED: Readonly<Record<string, (checkpoint: string) => string>> = {
  recorded: (checkpoint) =>
    `records what runs now as checkpoint ${checkpoint}; it must bake before it counts as proven`,
  "in-flight": () => "records nothing yet: another deployment is on its way",
};

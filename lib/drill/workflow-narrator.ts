import type { Facts, Told } from "./timeline.ts";

/**
 * Tells where the rollback workflow is, by the names of its states, which are the headings of docs/runbook.md. The
 * other workflows are told by their functions.
 */
export class WorkflowNarrator {
  /** The last state of each running rollback that ends it, by execution. */
  readonly #endings = new Map<string, string>();

  tell(event: string, facts: Facts): Told | undefined {
    const isRollback = String(facts["machine"]).endsWith("-rollback");
    const execution = String(facts["execution"]);
    if (event === "execution ended" && !isRollback && facts["status"] !== "SUCCEEDED") {
      return {
        who: "stepback",
        text: `the ${nameOf(facts)} workflow ends ${String(facts["status"])} (execution ${execution})`,
      };
    }
    if (!isRollback) return undefined;
    if (event === "execution started") {
      this.#endings.set(execution, "");
      return { who: "stepback", text: `a rollback starts (execution ${execution})` };
    }
    if (event === "execution ended") return this.#ended(execution, String(facts["status"]));
    if (event === "state entered")
      return this.#entered(execution, String(facts["state"]), String(facts["type"]));
    return undefined;
  }

  #entered(execution: string, state: string, type: string): Told | undefined {
    if (type === "Succeed" || type === "Fail") this.#endings.set(execution, state);
    if (type !== "Task" || TOLD_OTHERWISE.has(state)) return undefined;
    return { who: "stepback", text: `${state}${this.#which(execution)}` };
  }

  #ended(execution: string, status: string): Told {
    const which = this.#which(execution);
    const ending = this.#endings.get(execution);
    this.#endings.delete(execution);
    // A branch has endings of its own, so an execution that was stopped is told by its status alone.
    const how = status === "SUCCEEDED" || status === "FAILED" ? `${ending || status} (${status})` : status;
    return { who: "stepback", text: `the rollback ends: ${how}${which}` };
  }

  /** Says which execution is meant while there is more than one. */
  #which(execution: string): string {
    return this.#endings.size > 1 ? ` (execution ${execution.slice(0, 8)})` : "";
  }
}

const nameOf = ({ machine }: Facts) => (String(machine).endsWith("-clean-up") ? "clean-up" : "checkpoint");

/** States whose doing is told better by what comes of it: a message, a deployment, a component's own words. */
export const TOLD_OTHERWISE: ReadonlySet<string> = new Set([
  "Announce start",
  "Announce decision",
  "Announce copies",
  "Announce outcome",
  "Announce rejection",
  "Announce failure",
  "Announce without report",
  "Keep the plan",
  "Capture evidence",
  "Prepare component",
  "Move component",
  "Move component out",
]);

import type { Environment } from "../contracts/environment.ts";
import type { RollbackRecord } from "../contracts/ledger.ts";
import { Request, type TargetChoice } from "../contracts/request.ts";
import { type AlarmCall, readAlarmEvent } from "./alarm-event.ts";
import { explain } from "./explain.ts";

/** A request that makes sense in this environment: what to look at, where to go back to, who asks and why. */
export interface Question {
  readonly request: Request;
  readonly alarm?: AlarmCall;
  readonly scope: readonly string[];
  readonly target: TargetChoice;
  readonly words: { readonly requestedBy: string; readonly reason: string };
}

const KNOWN_KEYS = Object.keys(Request.shape);

/**
 * Makes a question of whatever arrived, or says in one sentence what is wrong with it and what to do.
 *
 * @param undone the record of the rollback to undo, when the request names one that exists
 */
export function readQuestion(
  input: unknown,
  environment: Environment,
  undone?: RollbackRecord,
): Question | { readonly problem: string } {
  if (typeof input === "string") {
    // The workflow replaces a request that is too large by words about it.
    return { problem: `The request must be an object like {"reason": "..."}, not ${input.slice(0, 80)}.` };
  }
  const parsed = Request.safeParse(input);
  if (!parsed.success)
    return { problem: `The request was not understood: ${explain(parsed.error, KNOWN_KEYS)}.` };
  const request = parsed.data;
  const alarm = request.trigger ? readAlarmEvent(request.trigger.event, environment) : undefined;
  if (alarm && "problem" in alarm) return { problem: `The alarm was not acted on: ${alarm.problem}.` };
  if (!alarm && !request.reason) {
    return {
      problem: 'The request has no "reason": say in a few words why, for the people who read the report.',
    };
  }
  if (request.undoes !== undefined && request.mode !== "undo") {
    return { problem: '"undoes" needs "mode": "undo"; without it this would be a rollback of its own.' };
  }
  const wish =
    request.mode === "undo" ? undoing(request, undone) : { scope: request.scope, target: request.target };
  if ("problem" in wish) return wish;
  const scope = wish.scope ?? alarm?.alarm.components ?? withoutData(environment);
  const problem = unknownComponents([...(request.scope ?? []), ...scope], wish.target, environment);
  if (problem) return { problem };
  const requestedBy = alarm ? `alarm ${alarm.alarmName}` : (request.requestedBy ?? "somebody without a name");
  const reason = request.reason ?? alarm?.why ?? "";
  return {
    request,
    scope: [...new Set(scope)],
    target: wish.target,
    words: { requestedBy, reason },
    ...(alarm ? { alarm } : {}),
  };
}

/** Without a scope: what can go back without losing anything. Tasks run and pages show only for a reason. */
function withoutData({ components }: Environment): string[] {
  const named: ReadonlySet<string> = new Set(["database", "task", "maintenance"]);
  return Object.keys(components).filter((name) => !named.has(components[name]?.kind ?? ""));
}

function undoing(
  request: Request,
  undone: RollbackRecord | undefined,
): { scope: readonly string[] | undefined; target: TargetChoice } | { problem: string } {
  if (!request.undoes) return { problem: 'Mode "undo" needs "undoes": the id of the rollback to reverse.' };
  if (!undone)
    return {
      problem: `There is no finished rollback ${request.undoes} in the ledger; \`stepback list\` shows them.`,
    };
  const moves = undone.moves.filter((move) => request.scope?.includes(move.component) ?? true);
  if (moves.length === 0) return { problem: `${undone.id} moved nothing that could be undone.` };
  const components = Object.fromEntries(moves.map((move) => [move.component, move.from.id]));
  return { scope: Object.keys(components), target: { components } };
}

function unknownComponents(
  scope: readonly string[],
  target: TargetChoice,
  environment: Environment,
): string | undefined {
  const named = typeof target === "object" && "components" in target ? Object.keys(target.components) : [];
  const unknown = [...scope, ...named].find((component) => !Object.hasOwn(environment.components, component));
  if (unknown !== undefined) {
    const known = Object.keys(environment.components).join(", ");
    return `The component "${unknown}" is not in environment ${environment.name}; known are ${known}.`;
  }
  const outside = named.find((component) => !scope.includes(component));
  if (outside === undefined) return undefined;
  return `"target" names ${outside}, which "scope" leaves out; put it into both or neither.`;
}

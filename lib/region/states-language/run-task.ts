import type { TaskState } from "./definition.ts";
import { finish, withFailureHandling } from "./failure-handling.ts";
import type { Integration } from "./integrations/integration.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { Lifeline } from "./lifeline.ts";
import type { Exit, Extras, StateRun } from "./state-run.ts";
import { fitting, StatesError } from "./states-error.ts";
import type { TokenWait } from "./task-tokens.ts";

/** A Task state: evaluate the arguments, call the service, perhaps wait for the token, keep to the time limits. */
export function runTask(run: StateRun<TaskState>): Promise<Exit> {
  const integration = run.host.integrations.require(run.state.Resource);
  return withFailureHandling(run, async (retryCount) => {
    const issued = integration.waitsForToken
      ? run.host.tokens.issue(run.host.taskContext.stateMachineArn)
      : undefined;
    try {
      const extras: Extras = { retryCount, ...(issued && { taskToken: issued.token }) };
      const result = await attemptTask(run, integration, extras, issued?.wait);
      return await finish(run, { retryCount, result });
    } finally {
      if (issued) run.host.tokens.close(issued.token);
    }
  });
}

async function attemptTask(
  run: StateRun<TaskState>,
  integration: Integration,
  extras: Extras,
  wait: TokenWait | undefined,
): Promise<Json> {
  const { Arguments = {}, TimeoutSeconds, HeartbeatSeconds } = run.state;
  const parameters = await run.evaluate(Arguments, "Arguments", extras);
  if (!isJsonObject(parameters)) throw run.wrongType(Arguments, "Arguments", "object", parameters);
  const timeout =
    TimeoutSeconds === undefined ? undefined : await seconds(run, TimeoutSeconds, "TimeoutSeconds", extras);
  const heartbeat =
    HeartbeatSeconds === undefined
      ? undefined
      : await seconds(run, HeartbeatSeconds, "HeartbeatSeconds", extras);
  const { resource, resourceType } = integration;
  run.note("TaskScheduled", {
    taskScheduledEventDetails: {
      parameters: JSON.stringify(parameters),
      region: run.host.region,
      resource,
      resourceType,
      ...(timeout !== undefined && { timeoutInSeconds: timeout }),
      ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
    },
  });
  run.note("TaskStarted", { taskStartedEventDetails: { resource, resourceType } });
  try {
    const work = (line: Lifeline) => perform(run.on(line), integration, parameters, wait, heartbeat);
    // Without TimeoutSeconds it is 99999999 [AWS Task page], which is beyond the year an execution may last.
    if (timeout === undefined) return await work(run.line);
    return await run.line.deadline(timeout * 1_000, () => new StatesError("States.Timeout"), work);
  } catch (error) {
    if (error instanceof StatesError) noteFailure(run, integration, error);
    throw error;
  }
}

async function perform(
  run: StateRun<TaskState>,
  integration: Integration,
  parameters: JsonObject,
  wait: TokenWait | undefined,
  heartbeat: number | undefined,
): Promise<Json> {
  const { resource, resourceType } = integration;
  const answer = fitting(
    await run.line.guard(integration.perform(parameters, run.host.taskContext)),
    resourceType,
  );
  const succeeded = (output: Json) => ({
    output: JSON.stringify(output),
    outputDetails: { truncated: false },
    resource,
    resourceType,
  });
  if (!wait) {
    run.note("TaskSucceeded", { taskSucceededEventDetails: succeeded(answer) });
    return answer;
  }
  run.note("TaskSubmitted", { taskSubmittedEventDetails: succeeded(answer) });
  const output = fitting(await callback(run, wait, heartbeat), resourceType);
  run.note("TaskSucceeded", { taskSucceededEventDetails: succeeded(output) });
  return output;
}

async function callback(
  run: StateRun<TaskState>,
  wait: TokenWait,
  heartbeatSeconds: number | undefined,
): Promise<Json> {
  const outcome = await (heartbeatSeconds === undefined
    ? run.line.guard(wait.outcome)
    : withHeartbeat(run, wait, heartbeatSeconds));
  if ("failure" in outcome) throw outcome.failure;
  return outcome.output;
}

/** Every heartbeat starts the period again. The first period begins when the request was submitted (unverified). */
function withHeartbeat(
  run: StateRun<TaskState>,
  wait: TokenWait,
  heartbeatSeconds: number,
): Promise<Awaited<TokenWait["outcome"]>> {
  return run.line.branch(async (line) => {
    let missed = false;
    const arm = () =>
      run.host.kernel.schedule(heartbeatSeconds * 1_000, () => {
        missed = true;
        line.stop();
      });
    let timer = arm();
    wait.onHeartbeat(() => {
      if (line.stopped) return;
      timer.cancel();
      timer = arm();
    });
    try {
      return await line.guard(wait.outcome);
    } catch (error) {
      throw missed ? new StatesError("States.HeartbeatTimeout") : error;
    } finally {
      timer.cancel();
      line.stop();
    }
  });
}

function noteFailure(
  run: StateRun<TaskState>,
  { resource, resourceType }: Integration,
  error: StatesError,
): void {
  const details = { resource, resourceType, ...error.details };
  if (error.error === "States.Timeout" || error.error === "States.HeartbeatTimeout") {
    run.note("TaskTimedOut", { taskTimedOutEventDetails: details });
  } else run.note("TaskFailed", { taskFailedEventDetails: details });
}

async function seconds(
  run: StateRun<TaskState>,
  template: number | string,
  field: string,
  extras: Extras,
): Promise<number> {
  const value = await run.evaluateSeconds(template, field, extras);
  if (value === 0) throw run.wrongType(template, field, "positive integer", value);
  return value;
}

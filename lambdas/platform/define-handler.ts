import type { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import type { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { parse } from "@aws-lambda-powertools/parser";
import middy from "@middy/core";
import * as z from "zod";
import { StepbackError } from "../contracts/errors.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { asStepbackError } from "./aws-errors.ts";
import { type Platform, platformOf } from "./platform.ts";

/** One state of a workflow, as a function: what goes in, what comes out, what it needs, what it does. */
export interface Step<Input, Output, Services> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Called once a cold start. */
  readonly services: (platform: Platform) => Services;
  /** Called once an invocation. */
  readonly run: (input: Input, services: Services, moment: Moment) => Promise<Output>;
}

/** What an invocation knows about itself. */
export interface Moment {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds until Lambda ends this invocation. */
  readonly remainingMillis: () => number;
}

/**
 * Makes a Lambda handler of a step: strict parsing on both sides, log keys, metrics, and errors whose `name` Step
 * Functions can match on. The only place that knows middy and Powertools.
 */
export function defineHandler<Input, Output, Services>(step: Step<Input, Output, Services>) {
  const platform = platformOf(step.name);
  const { logger, metrics } = platform;
  let services: Services | undefined;
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { throwOnEmptyMetrics: false }))
    .handler(async (event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<Output> => {
      try {
        const input = parsed(step.input, event, `The input of ${step.name}`);
        logger.appendKeys(keysOf(input));
        services ??= step.services(platform);
        const moment = { logger, metrics, remainingMillis: () => context.getRemainingTimeInMillis() };
        return parsed(step.output, await step.run(input, services, moment), `The output of ${step.name}`);
      } catch (error) {
        const named = asStepbackError(error, step.name);
        logger.error(LOG_EVENTS.failed, { code: named.name, reason: named.message });
        throw named;
      }
    });
}

/** @throws StepbackError `BadRequest` naming every field that is not what was agreed */
function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = parse(value, undefined, schema, true);
  if (result.success) return result.data;
  const issues = z.array(Issue).catch([]).parse(result.error.cause);
  const sentences = issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; ");
  throw new StepbackError("BadRequest", `${what} is not what was agreed: ${sentences}`, {
    cause: result.error,
  });
}

/** What the parser says of each finding (Standard Schema). */
const Issue = z.looseObject({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).default([]),
});

/** The keys by which an incident's log lines are found together; some steps carry the id inside the plan. */
function keysOf(input: unknown): Record<string, string> {
  const { rollbackId, planned, move } = Keys.catch({}).parse(input);
  const id = rollbackId ?? planned?.rollbackId;
  return { ...(id ? { rollbackId: id } : {}), ...(move ? { component: move.component } : {}) };
}

const Keys = z.looseObject({
  rollbackId: z.string().optional(),
  planned: z.looseObject({ rollbackId: z.string() }).optional(),
  move: z.looseObject({ component: z.string() }).optional(),
});

import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { StepbackError } from "../contracts/errors.ts";
import { SETTINGS } from "../contracts/settings.ts";

/** What a function finds around it: time, its settings, its logger. Nobody else asks the machine. */
export interface Platform {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: () => Date;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly setting: (name: keyof typeof SETTINGS) => string;
  /** An environment variable that is not among the settings' fixed names. */
  readonly variable: (name: string) => string;
  readonly region: string;
}

/**
 * How SDK clients of Stepback retry: three attempts of their own, the rest is the workflow's (facts/performance-
 * reliability.md B3: retry at one layer). Connection and request timeouts keep a dead endpoint from eating a tick.
 */
export const CLIENT_OPTIONS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
} as const;

export function platformOf(name: string): Platform {
  const variable = (key: string) => {
    const value = process.env[key];
    if (value) return value;
    throw new StepbackError(
      "BadRequest",
      `${name} was deployed without its setting ${key}; deploy the stack again.`,
    );
  };
  return {
    logger: new Logger({ serviceName: name }),
    metrics: new Metrics({ namespace: "Stepback", serviceName: name }),
    clock: () => new Date(),
    sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
    setting: (key) => variable(SETTINGS[key]),
    variable,
    region: process.env["AWS_REGION"] ?? "",
  };
}

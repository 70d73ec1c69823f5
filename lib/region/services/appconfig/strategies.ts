import type { Strategy } from "./application.ts";

/**
 * The strategies that every account has.
 * https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy-predefined.html
 */
export const PREDEFINED_STRATEGIES: readonly Strategy[] = [
  predefined("AppConfig.AllAtOnce", { durationMinutes: 0, growthFactor: 100, bakeMinutes: 10 }),
  predefined("AppConfig.Linear50PercentEvery30Seconds", {
    durationMinutes: 1,
    growthFactor: 50,
    bakeMinutes: 1,
  }),
  predefined("AppConfig.Linear20PercentEvery6Minutes", {
    durationMinutes: 30,
    growthFactor: 20,
    bakeMinutes: 30,
  }),
  predefined("AppConfig.Canary10Percent20Minutes", {
    durationMinutes: 20,
    growthType: "EXPONENTIAL",
    growthFactor: 10,
    bakeMinutes: 10,
  }),
];

/**
 * The percentages of targets that a deployment reaches, one after the other: equal steps, or G·2ⁿ. [SDK
 * GrowthType]
 */
export function percentagesOf({ growthType, growthFactor, durationMinutes }: Strategy): number[] {
  if (durationMinutes === 0) return [100];
  const percentages: number[] = [];
  for (let step = 0; (percentages.at(-1) ?? 0) < 100; step++) {
    const grown = growthType === "LINEAR" ? growthFactor * (step + 1) : growthFactor * 2 ** step;
    percentages.push(Math.min(100, grown));
  }
  return percentages;
}

function predefined(
  name: string,
  shape: Pick<Strategy, "durationMinutes" | "growthFactor" | "bakeMinutes"> & Partial<Strategy>,
): Strategy {
  return { id: name, name, growthType: "LINEAR", tags: new Map(), ...shape };
}

import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** What takes minutes stands beside what it belongs to, and runs in `npm run test:long`. */
const LONG = "test/**/*.long.test.ts";

/**
 * Suites that share expensive things (a synthesised stack, the bundles) run without isolation; the fast ones are pure.
 * The stack's own validation runs in `npm run synth`: here it would double the time.
 */
export default defineConfig({
  test: {
    // Vitest leaves one core free by default; the slow suites mostly wait for processes of their own.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    exclude: process.env["STEPBACK_LONG"] ? [] : [LONG],
    sequence: { sequencer: LongestFirst },
    globalSetup: ["test/support/bundles.ts"],
    coverage: { include: ["lib/**", "lambdas/**"] },
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"], isolate: false } },
      { extends: true, test: { name: "stack", include: ["test/stack/**/*.test.ts"], isolate: false } },
      { extends: true, test: { name: "workflow", include: ["test/workflow/**/*.test.ts"], isolate: false } },
      {
        extends: true,
        test: { name: "properties", include: ["test/properties/**/*.test.ts"], isolate: false },
      },
      {
        extends: true,
        test: { name: "simulation", include: ["test/simulation/**/*.test.ts"], isolate: false },
      },
      ...(process.env["STEPBACK_LONG"]
        ? [{ extends: true as const, test: { name: "long", include: [LONG, "test/long/**/*.test.ts"] } }]
        : []),
      { extends: true, test: { name: "e2e", include: ["test/e2e/**/*.test.ts"] } },
      { extends: true, test: { name: "docs", include: ["test/docs/**/*.test.ts"], isolate: false } },
    ],
  },
});

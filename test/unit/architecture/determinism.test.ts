import { describe, expect, it } from "vitest";
import { sourcesIn } from "./sources.ts";

/** Real time, chance and waiting come in by these doors alone (STYLE §2.5). */
const DOORS = [/^lambdas\/platform\/platform\.ts$/, /^lib\/region\/server\//, /^lib\/cli\//];

/** These make the virtual clock of a sandbox: the names are theirs to define, over the kernel. */
const MAKERS_OF_VIRTUAL_TIME = [
  "lib/region/lambda-runtime/virtual-timers.ts",
  "lib/region/lambda-runtime/virtual-request.ts",
];

/** The source of a function that runs in a sandbox, whose timers are the kernel's. */
const RUNS_IN_A_SANDBOX = ["lib/region/application/notice-function.ts"];

const sources = sourcesIn("{lib,lambdas}/**/*.ts").filter(
  ({ path }) => !DOORS.some((door) => door.test(path)),
);

const REAL: Readonly<Record<string, RegExp>> = {
  "Date.now()": /(?<![\w.])Date\.now\s*\(/,
  "new Date() without a time": /\bnew Date\(\s*\)/,
  "Math.random()": /(?<![\w.])Math\.random\s*\(/,
  "performance.now()": /(?<![\w.])performance\.now\s*\(/,
  "process.hrtime": /\bprocess\.hrtime\b/,
  "setTimeout or setInterval": /(?<![\w.])(?:setTimeout|setInterval)\s*\(/,
  "a random UUID of node:crypto": /(?<![\w.])randomUUID\s*\(|\brandomBytes\s*\(/,
};

describe("time and chance", () => {
  it.each(Object.entries(REAL))("come from the kernel or the platform: %s stays outside", (_, pattern) => {
    const found = sources
      .filter(({ path }) => ![...MAKERS_OF_VIRTUAL_TIME, ...RUNS_IN_A_SANDBOX].includes(path))
      .filter(({ code }) => pattern.test(code))
      .map(({ path }) => path);

    expect(found).toEqual([]);
  });

  it("do have a door: the platform reads the real clock, and nothing else of the handlers does", () => {
    const [platform] = sourcesIn("lambdas/platform/platform.ts");

    expect(platform?.code).toMatch(REAL["new Date() without a time"] ?? "");
    expect(platform?.code).toMatch(REAL["setTimeout or setInterval"] ?? "");
  });

  it("are looked for with patterns that would find them", () => {
    const guilty = [
      "Date.now()",
      "new Date()",
      "Math.random()",
      "performance.now()",
      "process.hrtime.bigint()",
    ];
    const rest = ["await new Promise((resolve) => setTimeout(resolve, 5))", "const id = randomUUID();"];

    Object.values(REAL).forEach((pattern, index) => {
      expect([...guilty, ...rest][index]).toMatch(pattern);
    });
  });
});

import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { median } from "./median.ts";

const RUNS = 11;
const dist = `${import.meta.dirname}/../dist`;

/** How long a fresh process takes to load each function's bundle, against an empty module, in turn: A B C A B C … */
export async function benchBundles(): Promise<void> {
  const steps = readdirSync(dist, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const times = new Map<string, number[]>([
    ["nothing", []],
    ...steps.map((step) => [step, []] as [string, number[]]),
  ]);
  for (let run = 0; run < RUNS; run++) {
    for (const [step, figures] of times)
      figures.push(loadTime(step === "nothing" ? undefined : `${dist}/${step}/index.js`));
  }
  const bare = median(times.get("nothing") ?? []);
  console.log(`\nLoading a bundle in a fresh process (median of ${RUNS}, interleaved)`);
  for (const [step, figures] of times) {
    const size = step === "nothing" ? 0 : statSync(`${dist}/${step}/index.js`).size;
    const ratio = (median(figures) / bare).toFixed(1);
    console.log(
      `  ${step.padEnd(20)} ${median(figures).toFixed(0).padStart(4)} ms  x${ratio}  ${(size / 1024).toFixed(0).padStart(4)} KB`,
    );
  }
}

function loadTime(path: string | undefined): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    path ? ["-e", `require(${JSON.stringify(path)})`] : ["-e", ""],
    {
      env: { AWS_REGION: "eu-west-1", PATH: process.env["PATH"] },
    },
  );
  if (status !== 0) throw new Error(`${path} does not load: ${String(stderr)}`);
  return performance.now() - startedAt;
}

import { beforeAll, describe, expect, it } from "vitest";
import { bundleHandler } from "./bundle-handler.ts";
import { json, makeFunction, makeRuntime } from "./make-runtime.ts";

/** A handler whose behaviour the event chooses. Its calls go through `node:https` and `fetch`, without an SDK. */
const SOURCE = `
  import { execSync } from "node:child_process";
  import { readFileSync } from "node:fs";
  import { request } from "node:https";
  import { setTimeout as wait } from "node:timers/promises";

  class RefusedByPolicy extends Error {
    constructor(message) { super(message); this.name = "RefusedByPolicy"; }
  }
  const call = (path) => new Promise((resolve, reject) => {
    const started = request({ host: "api.test", path }, (response) => {
      let body = "";
      response.on("data", (chunk) => { body += chunk; });
      response.on("end", () => resolve(body));
    });
    started.on("error", reject);
    started.end();
  });
  let invocations = 0;
  let late = "not yet";
  const actions = {
    count: async () => { await wait(100); return ++invocations; },
    fail: async () => { throw new RefusedByPolicy("the plan's hash differs"); },
    hang: async () => {
      setTimeout(() => console.log("never written"), 5_000);
      await new Promise(() => {});
    },
    calls: async () => { await call("/one"); await call("/two"); await call("/three"); console.log("all three"); return 3; },
    leave: async () => {
      setTimeout(() => { late = "ran after the thaw at " + Date.now(); }, 1_000);
      return late;
    },
    late: async () => late,
    shell: async () => execSync("true"),
    file: async () => readFileSync("/etc/passwd"),
    exit: async () => process.exit(3),
    fetch: async () => (await fetch("https://shop.test/health?deep=1", { method: "POST", body: "x" })).json(),
    machine: async () => (await import("node:os")).hostname(),
    now: async () => ({ date: Date.now(), elapsed: performance.now() % 1 }),
  };
  export const handler = async ({ action }) => actions[action]();
`;

let directory = "";
beforeAll(async () => {
  directory = await bundleHandler(SOURCE);
});
const make = () => ({ ...makeRuntime(() => json(200, { healthy: true })), fn: makeFunction(directory) });

describe("LambdaRuntime", () => {
  it("reuses an idle environment, and takes a new one for a concurrent invocation", async () => {
    const { invoke, kernel, fn } = make();

    const first = await invoke(fn, { action: "count" });
    const second = await invoke(fn, { action: "count" });
    const together = await Promise.all([invoke(fn, { action: "count" }), invoke(fn, { action: "count" })]);
    await kernel.runUntil(kernel.now + 3_600_000);
    const afterAnHour = await invoke(fn, { action: "count" });

    expect([first, second].map(({ cold, result }) => [cold, result])).toEqual([
      [true, 1],
      [false, 2],
    ]);
    expect(together.map(({ cold, result }) => [cold, result])).toEqual([
      [false, 3],
      [true, 1],
    ]);
    expect([afterAnHour.cold, afterAnHour.result]).toEqual([true, 1]);
    expect(first.durationMs).toBe(100);
  });

  it("reports a thrown error by its name, with the bundle's own frames only", async () => {
    const { invoke, fn } = make();

    const { failed, result, output } = await invoke(fn, { action: "fail" });

    expect(failed).toBe(true);
    const { trace, ...error } = result as { trace: string[] };
    expect(error).toEqual({ errorType: "RefusedByPolicy", errorMessage: "the plan's hash differs" });
    expect(trace[0]).toBe("RefusedByPolicy: the plan's hash differs");
    expect(trace.length).toBeGreaterThan(1);
    expect(trace.slice(1).filter((frame) => !frame.includes("/var/task/index.js"))).toEqual([]);
    expect(output.join()).toContain("Invoke Error");
  });

  it("cuts an invocation off at its timeout and starts afresh afterwards", async () => {
    const { invoke, kernel, fn } = make();
    const impatient = { ...fn, timeoutSeconds: 3 };

    const { failed, result, durationMs } = await invoke(impatient, { action: "hang" });
    await kernel.runUntil(kernel.now + 60_000);
    const next = await invoke(impatient, { action: "count" });

    expect(failed).toBe(true);
    expect(result).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/,
      ),
    });
    expect(durationMs).toBe(3_000);
    expect(kernel.log.lines().join()).not.toContain("never written");
    expect(next).toMatchObject({ cold: true, result: 1 });
  });

  it.each([
    ["before" as const, ["/one"]],
    ["after" as const, ["/one", "/two"]],
  ])("dies at its second call, %s the effect, when a drill says so", async (effect, reached) => {
    const { invoke, runtime, requests, kernel, fn } = make();
    runtime.faults.crashNext({ function: "probe", afterCalls: 2, effect });

    const { failed, result } = await invoke(fn, { action: "calls" });
    await kernel.runUntil(kernel.now + 60_000);
    const next = await invoke(fn, { action: "calls" });

    expect(failed).toBe(true);
    expect(result).toMatchObject({ errorType: "Runtime.ExitError" });
    expect(requests.slice(0, reached.length).map(({ path }) => path)).toEqual(reached);
    expect(requests).toHaveLength(reached.length + 3);
    expect(next).toMatchObject({ failed: false, cold: true, result: 3 });
  });

  it("answers with a service error while a drill has Lambda unavailable", async () => {
    const { invoke, runtime, kernel, fn } = make();
    runtime.faults.unavailable("probe", kernel.now + 10_000);

    await expect(runtime.invoke(fn, "{}", "r")).rejects.toMatchObject({ code: "ServiceException" });
    await kernel.runUntil(kernel.now + 10_000);
    expect(await invoke(fn, { action: "count" })).toMatchObject({ result: 1 });
  });

  it("freezes an environment between invocations: a timer left behind runs at the next one", async () => {
    const { invoke, kernel, fn } = make();

    await invoke(fn, { action: "leave" });
    await kernel.runUntil(kernel.now + 120_000);
    const thawedAt = kernel.now;
    const { result } = await invoke(fn, { action: "late" });

    expect(result).toMatch(/^ran after the thaw at /);
    expect(Number(String(result).split(" ").at(-1))).toBeGreaterThanOrEqual(Math.floor(thawedAt));
  });

  it("names what a function must not reach for", async () => {
    const { invoke, fn } = make();

    const shell = await invoke(fn, { action: "shell" });
    const file = await invoke(fn, { action: "file" });

    expect(shell.result).toMatchObject({
      errorMessage: expect.stringContaining("node:child_process.execSync"),
    });
    expect(file.result).toMatchObject({ errorMessage: expect.stringContaining("ENOENT") });
  });

  it("ends the environment when the function exits", async () => {
    const { invoke, fn } = make();

    const { failed, result } = await invoke(fn, { action: "exit" });

    expect(failed).toBe(true);
    expect(result).toMatchObject({ errorMessage: expect.stringContaining("exit status 3") });
    expect(await invoke(fn, { action: "count" })).toMatchObject({ cold: true });
  });

  it("sends fetch through the region", async () => {
    const { invoke, requests, fn } = make();

    const { result, durationMs } = await invoke(fn, { action: "fetch" });

    expect(result).toEqual({ healthy: true });
    expect(durationMs).toBe(20);
    expect(requests[0]).toMatchObject({ method: "POST", path: "/health", host: "shop.test" });
    expect(requests[0]?.query.get("deep")).toBe("1");
    expect(Buffer.from(requests[0]?.body ?? []).toString()).toBe("x");
  });

  it("answers import() from the environment's own modules", async () => {
    const { invoke, fn } = make();

    expect(await invoke(fn, { action: "machine" })).toMatchObject({ result: "lambda" });
  });

  it("gives wall-clock time in whole milliseconds", async () => {
    const { invoke, fn } = make();

    const { result } = await invoke(fn, { action: "now" });

    const { date } = result as { date: number };
    expect(Number.isInteger(date)).toBe(true);
  });
});

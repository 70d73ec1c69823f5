import { beforeAll, describe, expect, it } from "vitest";
import { bundleHandler } from "./bundle-handler.ts";
import { json, makeFunction, makeRuntime, START } from "./make-runtime.ts";

/** A handler as the project writes them: SDK client, Powertools, middy. */
const SOURCE = `
  import { randomUUID } from "node:crypto";
  import { Logger } from "@aws-lambda-powertools/logger";
  import { Metrics } from "@aws-lambda-powertools/metrics";
  import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
  import { PutMetricDataCommand, CloudWatchClient } from "@aws-sdk/client-cloudwatch";
  import middy from "@middy/core";
  import * as z from "zod";

  const logger = new Logger({ serviceName: "probe" });
  const metrics = new Metrics({ namespace: "Probe", serviceName: "probe" });
  const ecs = new ECSClient({});
  let invocations = 0;

  export const handler = middy().handler(async (event, context) => {
    const { cluster, big } = z.object({ cluster: z.string().default("c"), big: z.boolean().default(false) }).parse(event);
    logger.info("asking", { cluster });
    metrics.addMetric("Asked", "Count", 1);
    metrics.publishStoredMetrics();
    if (big) {
      const data = Array.from({ length: 400 }, (_, n) => ({ MetricName: "metric-number-" + n, Value: n }));
      await new CloudWatchClient({}).send(new PutMetricDataCommand({ Namespace: "Probe", MetricData: data }));
    }
    const before = Date.now();
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: ["web"] }));
    return {
      running: services[0].runningCount,
      invocations: ++invocations,
      before, after: Date.now(), created: new Date(), chance: Math.random(), id: randomUUID(),
      greeting: process.env.GREETING, execution: process.env.AWS_EXECUTION_ENV, region: process.env.AWS_REGION,
      requestId: context.awsRequestId, left: context.getRemainingTimeInMillis(),
    };
  });
`;

const running = () => json(200, { services: [{ runningCount: 3 }] });
let directory = "";
beforeAll(async () => {
  directory = await bundleHandler(SOURCE);
});

describe("a shipped bundle in the region", () => {
  it("runs with the function's environment, virtual time and a signed request of its own SDK", async () => {
    const bench = makeRuntime(running);

    const { result, cold, failed } = await bench.invoke(makeFunction(directory), { cluster: "shop" });

    expect(failed).toBe(false);
    expect(cold).toBe(true);
    expect(result).toMatchObject({
      running: 3,
      greeting: "hello",
      execution: "AWS_Lambda_nodejs24.x",
      region: "eu-west-1",
    });
    const { before, after, created, left } = result as Record<string, number>;
    expect(after).toBe((before ?? 0) + 20);
    expect(new Date(created ?? 0).getTime()).toBe(after);
    expect(before).toBeGreaterThan(START);
    expect(before).toBeLessThan(START + 1_000);
    expect(left).toBe(30_000 - 20);
    const [request] = bench.requests;
    expect(request?.host).toBe("ecs.eu-west-1.amazonaws.com");
    expect(request?.headers["x-amz-target"]).toContain("DescribeServices");
    expect(request?.headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIATEST\/20261121\/eu-west-1\/ecs\/aws4_request/,
    );
    expect(request?.headers["x-amz-date"]).toMatch(/^20261121T1000/);
    expect(request?.headers["x-amz-security-token"]).toBe("token");
    expect(JSON.parse(Buffer.from(request?.body ?? []).toString())).toMatchObject({ cluster: "shop" });
  });

  it("captures what Powertools writes, line by line, with virtual timestamps", async () => {
    const bench = makeRuntime(running);

    const { output } = await bench.invoke(makeFunction(directory), { cluster: "shop" });

    const lines = output.map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ level: "INFO", message: "asking", cluster: "shop", service: "probe" });
    expect(Date.parse(lines[0].timestamp)).toBeLessThan(START + 1_000);
    expect(lines[1]).toMatchObject({ Asked: 1, _aws: { CloudWatchMetrics: [{ Namespace: "Probe" }] } });
    const logged = bench.kernel.log.entries.filter(({ source }) => source === "lambda-output");
    expect(logged.map(({ facts }) => facts["text"])).toEqual(output);
  });

  it("retries a server error with the SDK's own back-off, in virtual time", async () => {
    let calls = 0;
    const bench = makeRuntime(() =>
      ++calls < 3 ? json(500, { __type: "ServerException", message: "no" }) : running(),
    );

    const { result } = await bench.invoke(makeFunction(directory));

    expect(result).toMatchObject({ running: 3 });
    expect(bench.requests).toHaveLength(3);
    const { before = 0, after = 0 } = result as Record<string, number>;
    expect(after - before).toBeGreaterThan(60);
    expect(bench.requests.map(({ headers }) => headers["amz-sdk-request"])).toEqual([
      "attempt=1; max=3",
      "attempt=2; max=3",
      "attempt=3; max=3",
    ]);
  });

  it("retries a lost connection", async () => {
    let calls = 0;
    const bench = makeRuntime(() => {
      if (++calls === 1) throw new Error("the connection is gone");
      return running();
    });

    const { result } = await bench.invoke(makeFunction(directory));

    expect(result).toMatchObject({ running: 3 });
    expect(bench.requests).toHaveLength(2);
  });

  it("compresses a large request without leaving virtual time", async () => {
    const bench = makeRuntime(running);

    const { result } = await bench.invoke(makeFunction(directory), { big: true });

    expect(result).toMatchObject({ running: 3 });
    expect(bench.requests[0]?.headers["content-encoding"]).toBe("gzip");
    expect(bench.requests[0]?.body.length).toBeLessThan(10_000);
  });

  it("writes the same log for the same seed, and another for another seed", async () => {
    const run = async (seed: number): Promise<string[]> => {
      let calls = 0;
      const bench = makeRuntime(() => (++calls % 3 === 1 ? json(500, {}) : running()), seed);
      const fn = makeFunction(directory);
      const all = [1, 2, 3].map((n) => bench.invoke(fn, { cluster: `c${n}` }));
      const results = await Promise.all(all);
      return [...bench.kernel.log.lines(), ...results.map((result) => JSON.stringify(result))];
    };

    const first = await run(7);

    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });
});

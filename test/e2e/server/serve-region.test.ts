import { execFile } from "node:child_process";
import { createConnection } from "node:net";
import { promisify } from "node:util";
import * as sns from "@aws-sdk/client-sns";
import { afterEach, describe, expect, it } from "vitest";
import { serveRegion } from "../../../lib/region/server/serve-region.ts";
import { account, makeEndpoint, start } from "../../unit/wire/make-endpoint.ts";
import { toyTopics } from "../../unit/wire/toy-topics.ts";

const topic = `arn:aws:sns:eu-west-1:${account}:known`;
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function makeServer({ speed = 1_000 }: { readonly speed?: number } = {}) {
  const { service, published } = toyTopics();
  const region = makeEndpoint([service], { latency: { fromMs: 5, toMs: 25 } });
  const server = await serveRegion({ ...region, port: 0, speed, health: () => ({ environment: "example" }) });
  open.push(server);
  const url = `http://127.0.0.1:${server.port}`;
  const { requestHandler: _, ...settings } = region.settings;
  return { ...region, server, url, published, client: new sns.SNSClient({ ...settings, endpoint: url }) };
}

async function healthOf(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/_stepback/health`);
  const health: Record<string, unknown> = JSON.parse(await response.text());
  return health;
}

describe("the served region", () => {
  it("answers a real SDK client over HTTP, errors included", async () => {
    const { client, published } = await makeServer();

    const sent = await client.send(new sns.PublishCommand({ TopicArn: topic, Message: "hello" }));
    const failed = client.send(new sns.PublishCommand({ TopicArn: `${topic}-2`, Message: "hello" }));

    expect(sent.MessageId).toBe("message-1");
    expect(published).toEqual(["hello"]);
    expect(await failed.catch((error: unknown) => error)).toBeInstanceOf(sns.NotFoundException);
  });

  it("does not make clients believe that their clock is wrong, which would retry their first error", async () => {
    const { url, endpoint, server, settings } = await makeServer();
    expect(server.port).toBeGreaterThan(0);
    const { requestHandler: _, ...plain } = settings;
    const retrying = new sns.SNSClient({ ...plain, endpoint: url, maxAttempts: 3 });

    const failed = retrying.send(new sns.PublishCommand({ TopicArn: `${topic}-2`, Message: "hello" }));

    await expect(failed).rejects.toBeInstanceOf(sns.NotFoundException);
    expect(endpoint.calls).toHaveLength(1);
  });

  it("moves virtual time with the wall clock times its speed, also while nothing is queued", async () => {
    const { url, kernel } = await makeServer({ speed: 1_000 });
    let fired = 0;

    const before = await healthOf(url);
    kernel.schedule(50_000, () => {
      fired = kernel.now;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const after = await healthOf(url);

    expect(before).toMatchObject({ status: "ok", region: "eu-west-1", environment: "example" });
    const passed = Date.parse(String(after["time"])) - Date.parse(String(before["time"]));
    expect(passed).toBeGreaterThanOrEqual(199_000);
    expect(passed).toBeLessThan(20_000_000);
    expect(fired).toBeGreaterThanOrEqual(start + 50_000);
  });

  it("answers, with time going slower, when the region has more to do than its speed allows", async () => {
    const { url, kernel } = await makeServer({ speed: 1_000 });
    const work = () => {
      const until = performance.now() + 10;
      while (performance.now() < until);
      kernel.schedule(1_000, work);
    };
    kernel.schedule(0, work);
    await new Promise((resolve) => setTimeout(resolve, 300));

    const asked = performance.now();
    const health = await healthOf(url);

    expect(health).toMatchObject({ status: "ok" });
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  it("serves concurrent requests while each of them waits for virtual time", async () => {
    const { client, published } = await makeServer({ speed: 5 });
    const messages = ["a", "b", "c", "d", "e", "f"];

    await Promise.all(
      messages.map((Message) => client.send(new sns.PublishCommand({ TopicArn: topic, Message }))),
    );

    expect(published.toSorted()).toEqual(messages);
  });

  it("resets the connection when a fault loses it", async () => {
    const { client, faults, published } = await makeServer();
    faults.add({ service: "sns", effect: "lost-reply", times: 1 });

    const failed = client.send(new sns.PublishCommand({ TopicArn: topic, Message: "hello" }));

    await expect(failed).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(published).toEqual(["hello"]);
  });

  it("says that it has failed, and why, once a model had a bug", async () => {
    const { client, url } = await makeServer();

    const sent = client.send(new sns.PublishCommand({ TopicArn: topic, Message: "trip over a bug" }));
    await expect(sent).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    await expect
      .poll(() => healthOf(url))
      .toMatchObject({ status: "failed", failure: expect.stringContaining("sns") });
    const afterwards = client.send(new sns.ListTopicsCommand({}));

    await expect(afterwards).rejects.toThrow();
  });

  it("leaves no handle behind when it is closed, even with a connection open", async () => {
    const { server, kernel } = await makeServer({ speed: 1 });
    const socket = createConnection(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve));
    kernel.schedule(3_600_000, () => undefined);

    await server.close();
    await new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once("close", resolve)));

    const handles = process.getActiveResourcesInfo();
    expect(handles.filter((name) => name.startsWith("TCPServer") || name.startsWith("TCPSocket"))).toEqual(
      [],
    );
    const stopped = kernel.now;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(kernel.now).toBe(stopped);
  });

  it("refuses a port that is taken and a clock that stands still", async () => {
    const { server, endpoint, kernel } = await makeServer();

    await expect(serveRegion({ endpoint, kernel, port: server.port, speed: 1 })).rejects.toThrow(
      "EADDRINUSE",
    );
    await expect(serveRegion({ endpoint, kernel, port: 0, speed: 0 })).rejects.toThrow("speed");
  });
});

const run = promisify(execFile);
const cli = await run("which", ["aws"]).then(
  ({ stdout }) => stdout.trim(),
  () => undefined,
);

describe.skipIf(cli === undefined)("the aws command line", () => {
  const environment = {
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_REGION: "eu-west-1",
    AWS_PAGER: "",
  };

  it("talks to the served region with any key", { timeout: 30_000 }, async () => {
    const { url, published } = await makeServer();
    const aws = (...words: string[]) =>
      run(cli ?? "aws", ["--endpoint-url", url, "--region", "eu-west-1", "sns", ...words], {
        env: { ...process.env, ...environment, AWS_MAX_ATTEMPTS: "1" },
      });

    const listed = await aws("list-topics");
    await aws("publish", "--topic-arn", topic, "--message", "from the command line");
    const failed = aws("publish", "--topic-arn", `${topic}-2`, "--message", "lost");

    expect(JSON.parse(listed.stdout)).toEqual({ Topics: [{ TopicArn: topic }] });
    expect(published).toEqual(["from the command line"]);
    await expect(failed).rejects.toThrow("An error occurred (NotFound) when calling the Publish operation");
  });
});

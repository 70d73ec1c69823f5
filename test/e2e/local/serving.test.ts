import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalRegion, stepback } from "./local-region.ts";

describe("stepback local", () => {
  const regions: LocalRegion[] = [];
  let secondsToStart = 0;
  beforeAll(async () => {
    const asked = performance.now();
    regions.push(await LocalRegion.start({ speed: 10 }));
    secondsToStart = (performance.now() - asked) / 1_000;
    regions.push(await LocalRegion.start({ speed: 10 }));
  });
  afterAll(async () => {
    for (const region of regions) await region.stop();
  });

  it("is there within a quarter of a minute, at the present, and says where and what to type", async () => {
    const [region] = regions;

    const health = await region?.health();

    expect(secondsToStart).toBeLessThan(15);
    expect(health).toMatchObject({ status: "ok", region: "eu-west-1", environment: "example", speed: 10 });
    expect(Math.abs(Date.parse(String(health?.["time"])) - Date.now())).toBeLessThan(600_000);
    expect(region?.output).toContain(`export AWS_ENDPOINT_URL=${region?.url} `);
    expect(region?.output).toContain("aws ecs update-service --cluster boardroom --service boardroom-api");
  });

  it("refuses a port that is taken, in one sentence", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const address = holder.address();
    const port = typeof address === "object" ? address?.port : undefined;

    const said = await stepback(["local", "--port", String(port)]);
    holder.close();

    expect(said).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Port ${port} is taken: choose another with --port, or 0 for a free one.\n`,
    });
  });

  it.each([
    [["local", "--speed", "fast"], '--speed takes a number from 0.5 to 1000, not "fast".\n'],
    [["local", "--speed", "0"], '--speed takes a number from 0.5 to 1000, not "0".\n'],
    [["local", "--port", "45.1"], '--port takes a whole number from 0 to 65535, not "45.1".\n'],
    [
      ["local", "--env", "nowhere"],
      "environments/nowhere.yaml does not exist. Copy environments/example.yaml to it and fill it in.\n",
    ],
    [["lokal"], "Unknown command 'lokal' (Did you mean local?); add --help to see what can be typed.\n"],
    [["start", "--environment", "example"], expect.stringContaining("'--reason <text>' not specified")],
    [["start", "-e", "example", "--reason", "x"], expect.stringContaining("Nothing was started")],
  ])("answers %j with one sentence and exit code 2", async (words, stderr) => {
    expect(await stepback(words)).toEqual({ exitCode: 2, stdout: "", stderr });
  });

  it("says so when nothing answers where AWS should be", async () => {
    const said = await stepback(["list", "--environment", "example", "--endpoint-url", "http://127.0.0.1:1"]);

    expect(said).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^Nothing answers at 127\.0\.0\.1:1\. .*\n$/),
    });
  });

  it.each([
    [0, "SIGINT"],
    [1, "SIGTERM"],
  ] as const)("stops cleanly and at once (region %i: %s)", async (index, signal) => {
    const region = regions[index];

    const ended = await region?.stop(signal);

    expect(ended).toMatchObject({ exitCode: 0, signal: null });
    expect(ended?.milliseconds).toBeLessThan(2_000);
    expect(region?.output).toMatch(/The region is gone\. Nothing of it was kept\.\n$/);
    await expect(region?.health()).rejects.toThrow();
  });
});

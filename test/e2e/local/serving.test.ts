import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalRegion, stepback } from "./local-region.ts";

describe("stepback local", () => {
  let region: LocalRegion;
  beforeAll(async () => {
    region = await LocalRegion.start({ speed: 10 });
  });
  afterAll(() => region.stop());

  it("is there at the present, and says where and what to type", async () => {
    const health = await region.health();

    expect(health).toMatchObject({ status: "ok", region: "eu-west-1", environment: "example", speed: 10 });
    expect(Math.abs(Date.parse(String(health["time"])) - Date.now())).toBeLessThan(600_000);
    expect(region.output).toContain(`export AWS_ENDPOINT_URL=${region.url} `);
    expect(region.output).toContain("aws ecs update-service --cluster boardroom --service boardroom-api");
  });

  it("refuses a port that is taken, in one sentence", async () => {
    const { port } = new URL(region.url);

    expect(await stepback(["local", "--port", port])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Port ${port} is taken: choose another with --port, or 0 for a free one.\n`,
    });
  });

  it("stops cleanly and at once when somebody presses Ctrl-C", async () => {
    const ended = await region.stop("SIGINT");

    expect(ended).toMatchObject({ exitCode: 0, signal: null });
    expect(ended.milliseconds).toBeLessThan(2_000);
    expect(region.output).toMatch(/The region is gone\. Nothing of it was kept\.\n$/);
    await expect(region.health()).rejects.toThrow();
  });
});

describe.concurrent("the command line", () => {
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
    const said = await stepback(["list", "-e", "example", "--endpoint-url", "http://127.0.0.1:1"]);

    expect(said).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^Nothing answers at 127\.0\.0\.1:1\. .*\n$/),
    });
  });

  it("shows what --json prints where people look for it", async () => {
    const { exitCode, stdout } = await stepback(["demo", "--help"]);

    expect(exitCode).toBe(0);
    for (const member of ["outcome", "rollbackId", "durations", "timeline", "apiCalls", "stateTransitions"]) {
      expect(stdout).toContain(member);
    }
  });
});

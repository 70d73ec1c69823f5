import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Region } from "../../../lib/region/region.ts";
import { serveRegion } from "../../../lib/region/server/serve-region.ts";

const run = promisify(execFile);
const cli = await run("which", ["aws"]).then(
  ({ stdout }) => stdout.trim(),
  () => undefined,
);

const account = "111122223333";
const region = new Region({ account, region: "eu-west-1", seed: 1, start: Date.UTC(2026, 10, 21) });
let server: Awaited<ReturnType<typeof serveRegion>>;
beforeAll(async () => {
  server = await serveRegion({ endpoint: region.endpoint, kernel: region.kernel, port: 0, speed: 1_000 });
});
afterAll(() => server.close());

async function aws(...words: string[]): Promise<Record<string, unknown>> {
  const environment = {
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_PAGER: "",
    AWS_MAX_ATTEMPTS: "1",
  };
  const options = ["--endpoint-url", `http://127.0.0.1:${server.port}`, "--region", "eu-west-1"];
  const env = { ...process.env, ...environment };
  const { stdout } = await run(cli ?? "aws", [...options, "scheduler", ...words], { env });
  return Object(stdout === "" ? {} : JSON.parse(stdout));
}

const roleFor = (service: string) =>
  region.identities.createRole({
    name: service,
    assumeRolePolicy: {
      Statement: [
        { Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" },
      ],
    },
    inlinePolicies: {},
  });
const settingsWith = (RoleArn: string, changes: object = {}) =>
  JSON.stringify({
    Name: "nightly",
    ScheduleExpression: "cron(0 3 * * ? *)",
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
    Description: "as it was",
    Target: { Arn: `arn:aws:sqs:eu-west-1:${account}:jobs`, RoleArn, Input: '{"job":7}' },
    ...changes,
  });

describe.skipIf(cli === undefined)("schedules at the aws command line", { timeout: 60_000 }, () => {
  it("are made, replaced, listed and deleted", async () => {
    const role = roleFor("scheduler");
    await aws("create-schedule", "--cli-input-json", settingsWith(role));
    const before = await aws("get-schedule", "--name", "nightly");

    const changes = { State: "DISABLED", Description: undefined };
    await aws("update-schedule", "--cli-input-json", settingsWith(role, changes));

    const after = await aws("get-schedule", "--name", "nightly");
    const listed = await aws("list-schedules", "--state", "DISABLED");
    await aws("delete-schedule", "--name", "nightly");
    expect(before).toMatchObject({ State: "ENABLED", GroupName: "default", Description: "as it was" });
    expect(after).toMatchObject({ State: "DISABLED", ScheduleExpression: "cron(0 3 * * ? *)" });
    expect(after["Description"]).toBeUndefined();
    expect(listed["Schedules"]).toMatchObject([{ Name: "nightly" }]);
    await expect(aws("get-schedule", "--name", "nightly")).rejects.toThrow(
      /ResourceNotFoundException.*Schedule nightly does not exist/,
    );
  });

  it("need a role that the scheduler may assume", async () => {
    const made = aws("create-schedule", "--cli-input-json", settingsWith(roleFor("events")));

    await expect(made).rejects.toThrow(/must allow AWS EventBridge Scheduler to assume the role/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalRegion } from "./local-region.ts";

const machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:stepback-example-rollback";
const taskDefinition = (revision: string) => `arn:aws:ecs:eu-west-1:111122223333:task-definition/${revision}`;

let region: LocalRegion;
beforeAll(async () => {
  region = await LocalRegion.start();
});
afterAll(() => region.stop());

/** The line of the welcome that begins with this. */
function printed(start: string): string {
  return (
    region.output
      .split("\n")
      .find((line) => line.trim().startsWith(start))
      ?.trim() ?? ""
  );
}

/** Pastes what the welcome says: a task definition with the image of 2.10.0, and the update of the service. */
async function releaseBadApi(): Promise<void> {
  const paste = `${printed("export AWS_ENDPOINT_URL")}; ${printed("aws ecs register")} && ${printed("aws ecs update")}`;
  const { exitCode, stderr } = await region.paste(paste);
  if (exitCode !== 0) throw new Error(`The printed commands failed: ${stderr}`);
}

async function taskDefinitionOfApi(): Promise<unknown> {
  const { services } = await region.ask("ecs describe-services --cluster boardroom --services boardroom-api");
  return (services as { taskDefinition: string }[])[0]?.taskDefinition;
}

describe("a bad release at the aws command line", { timeout: 120_000 }, () => {
  it("goes back by itself when the alarm fires, with nothing else typed", async () => {
    await releaseBadApi();
    const released = await taskDefinitionOfApi();
    await region.prints(/the rollback ends/);

    const { executions } = await region.ask(`stepfunctions list-executions --state-machine-arn ${machine}`);
    const [{ executionArn }] = executions as [{ executionArn: string }];
    const ended = await region.ask(`stepfunctions describe-execution --execution-arn ${executionArn}`);
    const output = JSON.parse(String(ended["output"]));
    const report = await region.aws(`s3 cp ${output.report} -`);
    const { events } = await region.ask(
      `stepfunctions get-execution-history --execution-arn ${executionArn} --reverse-order --max-items 1`,
    );

    expect(released).toBe(taskDefinition("boardroom-api:2"));
    expect(executions).toHaveLength(1);
    expect(ended).toMatchObject({ status: "SUCCEEDED" });
    expect(output).toMatchObject({
      outcome: "Recovered",
      durations: { rollbackSeconds: expect.any(Number) },
    });
    expect(events).toMatchObject([{ type: "ExecutionSucceeded" }]);
    expect(await taskDefinitionOfApi()).toBe(taskDefinition("boardroom-api:1"));
    expect(report.stdout).toContain(output.rollbackId);
  });

  it("tells it in lines that a person understands", () => {
    const story = region.output.slice(region.output.indexOf("What happens"));
    const lines = [
      /people {7}api: ECS is told to deploy boardroom-api:2$/m,
      /aws {10}api: 3 of 3 tasks run boardroom-api:2$/m,
      /application {2}api: every new request is answered by 2\.10\.0$/m,
      /aws {10}alarm stepback-example-api-errors: OK -> ALARM \(5 out of the last 6 datapoints were greater .*\)$/m,
      /people {7}get a message: Rolling back boardroom \(example\)$/m,
      /^ +\| Rolling back now: severity critical/m,
      /stepback {5}api: ECS is told to deploy boardroom-api:1$/m,
      /stepback {5}api: 3 of 3 tasks run boardroom-api:1, and nothing else runs\.$/m,
      /stepback {5}every alarm is OK again$/m,
      /stepback {5}the rollback ends: Recovered \(SUCCEEDED\)$/m,
    ];
    const found = lines.map((line) => story.search(line));

    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
    expect(story).not.toMatch(/undefined|\[object|\{"/);
  });

  it("goes back at once when a person says why", async () => {
    await releaseBadApi();

    const started = await region.ask(
      `stepfunctions start-execution --state-machine-arn ${machine} --input '{"reason":"2.10.0 is bad"}'`,
    );
    await region.prints(/the rollback ends/, 2);

    const ended = await region.ask(
      `stepfunctions describe-execution --execution-arn ${started["executionArn"]}`,
    );
    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      output: expect.stringContaining('"outcome":"Recovered"'),
    });
    expect(await taskDefinitionOfApi()).toBe(taskDefinition("boardroom-api:1"));
  });

  it("is over when the process is told to end", async () => {
    expect(await region.stop("SIGTERM")).toMatchObject({ exitCode: 0, signal: null });
  });
});

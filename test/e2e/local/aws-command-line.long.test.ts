import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalRegion } from "./local-region.ts";

const taskDefinition = (revision: string) => arn("ecs", `task-definition/${revision}`);
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
const machine = arn("states", "stateMachine:stepback-example-rollback");

let region: LocalRegion;
beforeAll(async () => {
  region = await LocalRegion.start();
});
afterAll(() => region.stop());

/** The line of the welcome that begins with this. */
function printed(start: string): string {
  const lines = region.output.split("\n").map((line) => line.trim());
  return lines.find((line) => line.startsWith(start)) ?? "";
}

/** Pastes what the welcome says. */
async function releaseBadApi(): Promise<void> {
  const paste = `${printed("export AWS_ENDPOINT_URL")}; ${printed("aws ecs register")} && ${printed("aws ecs update")}`;
  const { exitCode, stderr } = await region.paste(paste);
  if (exitCode !== 0) throw new Error(`The printed commands failed: ${stderr}`);
}

async function taskDefinitionOfApi(): Promise<unknown> {
  const { services } = await region.ask("ecs describe-services --cluster boardroom --services boardroom-api");
  return (services as { taskDefinition: string }[])[0]?.taskDefinition;
}

/**
 * The stories wait for alarms while the commands run: a command needs half a second of a processor to start. The stories
 * use api, the commands look at web.
 */
describe.concurrent("a bad release at the aws command line", { timeout: 120_000 }, () => {
  it("goes back by itself when the alarm fires, with nothing else typed", { concurrent: false }, async () => {
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

  it("tells it in lines that a person understands", { concurrent: false }, () => {
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

  it("goes back at once when a person says why", { concurrent: false }, async () => {
    await region.ask(
      "ecs update-service --cluster boardroom --service boardroom-api --task-definition boardroom-api:2",
    );

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
});

describe.concurrent("the aws command line", { timeout: 60_000 }, () => {
  it.each<[string, object]>([
    ["sts get-caller-identity", { Arn: "arn:aws:iam::111122223333:user/operator" }],
    [
      "stepfunctions list-state-machines --query stateMachines[].stateMachineArn",
      expect.arrayContaining([machine]),
    ],
    [
      "ecs list-services --cluster boardroom",
      { serviceArns: ["api", "web"].map((name) => arn("ecs", `service/boardroom/boardroom-${name}`)) },
    ],
    [
      "ecs describe-services --cluster boardroom --services boardroom-web nope",
      {
        services: [
          {
            status: "ACTIVE",
            runningCount: 2,
            taskDefinition: arn("ecs", "task-definition/boardroom-web:1"),
          },
        ],
        failures: [{ arn: arn("ecs", "service/boardroom/nope"), reason: "MISSING" }],
      },
    ],
    [
      "ecs list-service-deployments --cluster boardroom --service boardroom-web",
      { serviceDeployments: [{ status: "SUCCESSFUL" }] },
    ],
    [
      "cloudwatch describe-alarms --alarm-names stepback-example-api-memory",
      { MetricAlarms: [{ StateValue: "OK" }] },
    ],
    ['events put-events --entries [{"Source":"me","DetailType":"x","Detail":"{}"}]', { FailedEntryCount: 0 }],
    ["events list-rules", { Rules: expect.arrayContaining([expect.objectContaining({ State: "ENABLED" })]) }],
    [
      "sns list-topics",
      { Topics: [{ TopicArn: expect.stringContaining(":Stepback-example-Announcements") }] },
    ],
    [
      "logs describe-log-groups --log-group-name-prefix /aws/vendedlogs",
      { logGroups: [{ retentionInDays: 90 }, {}, {}] },
    ],
    [
      "logs filter-log-events --interleaved --log-group-name /aws/vendedlogs/states/stepback-example-rollback",
      { events: [] },
    ],
    ["lambda list-functions --query Functions[].Runtime", expect.arrayContaining(["nodejs24.x"])],
    [
      "ecr describe-images --repository-name boardroom/api --query imageDetails[].imageTags[]",
      expect.arrayContaining(["2.9.5", "2.10.0"]),
    ],
  ])("answers %s", async (command, answer) => {
    expect(await region.ask(command)).toMatchObject(answer);
  });

  it.each([
    [`stepfunctions start-execution --state-machine-arn ${machine}x`, "StateMachineDoesNotExist"],
    [
      `stepfunctions describe-execution --execution-arn ${machine.replace("stateMachine", "execution")}:x`,
      "ExecutionDoesNotExist",
    ],
    ["ecs update-service --cluster boardroom --service nope --desired-count 1", "ServiceNotFoundException"],
    [
      "ecs update-service --cluster boardroom --service boardroom-api --task-definition boardroom-api:99",
      "ClientException",
    ],
    ["cloudwatch set-alarm-state --alarm-name nope --state-value OK --state-reason x", "ResourceNotFound"],
    ["s3 cp s3://nope/report.md -", "404"],
    [
      "sqs receive-message --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/nope",
      "NonExistentQueue",
    ],
    ["sts assume-role --role-arn arn:aws:iam::111122223333:role/nope --role-session-name me", "AccessDenied"],
    ["ec2 describe-instances", "simulated region does not model ec2:DescribeInstances"],
    ["athena list-work-groups", "simulated region does not model the service athena"],
  ])("refuses %s as AWS does", async (command, code) => {
    const { exitCode, stderr } = await region.aws(command);

    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(code);
  });

  it("scans and queries the ledger", async () => {
    const { TableNames } = await region.ask("dynamodb list-tables");
    const [table] = TableNames as string[];
    const values = '{":p":{"S":"environment#example"}}';

    const scanned = await region.ask(`dynamodb scan --table-name ${table}`);
    const queried = await region.ask(
      `dynamodb query --table-name ${table} --key-condition-expression 'pk = :p' --expression-attribute-values ${values}`,
    );

    const proven = expect.objectContaining({
      body: { S: expect.stringContaining('"status":"proven"') },
    });
    expect(table).toMatch(/^Stepback-example-Ledger/);
    expect(scanned["Items"]).toContainEqual(proven);
    expect(queried["Items"]).toContainEqual(proven);
  });

  it("reads back the metric that it put, at the time of its own clock", async () => {
    await region.ask("cloudwatch put-metric-data --namespace Mine --metric-name Orders --value 3");

    const { Datapoints } = await region.ask(
      `cloudwatch get-metric-statistics --namespace Mine --metric-name Orders --period 3600 --statistics Sum --start-time ${hoursFromNow(-2)} --end-time ${hoursFromNow(20)}`,
    );

    expect(Datapoints).toMatchObject([{ Sum: 3 }]);
  });

  it("puts an object, lists it and reads it back", async () => {
    const [bucket] = Object.values(await region.ask("s3api list-buckets --query Buckets[].Name")) as string[];

    await region.aws(`s3 cp package.json s3://${bucket}/mine/package.json`);
    const listed = await region.aws(`s3 ls s3://${bucket}/mine/`);
    const read = await region.aws(`s3 cp s3://${bucket}/mine/package.json -`);
    const missing = await region.aws(`s3api get-object --bucket ${bucket} --key mine/nothing /dev/null`);

    expect(bucket).toMatch(/^stepback-example-reports/);
    expect(listed.stdout).toMatch(/ \d+ package\.json\n$/);
    expect(missing.stderr).toContain("NoSuchKey");
    expect(JSON.parse(read.stdout)).toMatchObject({ name: "stepback" });
  });

  it("waits for a message no longer than it is told", async () => {
    const { QueueUrls } = await region.ask("sqs list-queues");

    const received = await region.ask(
      `sqs receive-message --queue-url ${String(QueueUrls)} --wait-time-seconds 20`,
    );

    expect(received).toEqual({});
  });

  it("describes the tasks that it lists", async () => {
    const { taskArns } = await region.ask("ecs list-tasks --cluster boardroom --service-name boardroom-web");

    const described = await region.ask(
      `ecs describe-tasks --cluster boardroom --tasks ${(taskArns as string[]).join(" ")} --query tasks[].lastStatus`,
    );

    expect(described).toEqual(["RUNNING", "RUNNING"]);
  });
});

const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

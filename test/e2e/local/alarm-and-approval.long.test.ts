import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalRegion, type Surroundings } from "./local-region.ts";

const machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:stepback-example-rollback";

let region: LocalRegion;
let senior: Surroundings = {};
beforeAll(async () => {
  region = await LocalRegion.start();
  await registerWeb();
  const role = "arn:aws:iam::111122223333:role/SeniorEngineer";
  const lent = await region.ask(`sts assume-role --role-arn ${role} --role-session-name ada`);
  const { AccessKeyId, SecretAccessKey, SessionToken } = lent["Credentials"] as Record<string, string>;
  senior = {
    AWS_ACCESS_KEY_ID: AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: SecretAccessKey ?? "",
    AWS_SESSION_TOKEN: SessionToken ?? "",
  };
});
afterAll(() => region.stop());

/** 2.10.0 of web is as good as 2.9.5: no alarm fires by itself. */
async function registerWeb(): Promise<void> {
  const { taskDefinition } = await region.ask(
    "ecs describe-task-definition --task-definition boardroom-web:1",
  );
  const { family, containerDefinitions, ...rest } = Object(taskDefinition);
  const [container] = containerDefinitions;
  const { taskRoleArn, executionRoleArn, networkMode, requiresCompatibilities, cpu, memory } = rest;
  const input = JSON.stringify({
    family,
    ...{ taskRoleArn, executionRoleArn, networkMode, requiresCompatibilities, cpu, memory },
    containerDefinitions: [{ ...container, image: container.image.replace("2.9.5", "2.10.0") }],
  });
  await region.ask(`ecs register-task-definition --cli-input-json '${input}'`);
}

const releaseWeb = () =>
  region.ask(
    "ecs update-service --cluster boardroom --service boardroom-web --task-definition boardroom-web:2",
  );

/** The command that the newest message tells people to type, without `npx stepback`. */
function answerFromMessage(answer: "approve" | "reject"): string[] {
  const found = [...region.output.matchAll(new RegExp(`npx stepback (${answer} .*)`, "g"))].at(-1)?.[1];
  return found?.split(" ") ?? [];
}

const start = (...more: string[]) => [
  "start",
  "--environment",
  "example",
  "--reason",
  "looks wrong",
  ...more,
];

describe("an alarm and a person", { timeout: 120_000 }, () => {
  it("an alarm that a person sets after a release puts the release back", async () => {
    await releaseWeb();

    await region.ask(
      "cloudwatch set-alarm-state --alarm-name stepback-example-api-errors --state-value ALARM --state-reason 'looks wrong'",
    );
    await region.prints(/the rollback ends: Recovered/);

    const { services } = await region.ask(
      "ecs describe-services --cluster boardroom --services boardroom-web",
    );
    expect(services).toMatchObject([{ taskDefinition: expect.stringMatching(/\/boardroom-web:1$/) }]);
  });

  it("whoever asks for a planned rollback cannot approve it, but may take it back", async () => {
    await releaseWeb();
    const asked = await region.stepback(start("--authorization", "planned", "--no-wait"), senior);
    await region.prints(/npx stepback approve/);

    const approved = await region.stepback(answerFromMessage("approve"), senior);
    const rejected = await region.stepback(answerFromMessage("reject"), senior);
    await region.prints(/the rollback ends: Rollback rejected/);

    expect(asked).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^arn:aws:states:.*\n$/) });
    expect(approved).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("a second person must") });
    expect(rejected).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/: rejected by .*\/ada\.\n$/),
    });
  });

  it("a planned rollback waits for an approver, goes back and says how it ended", async () => {
    const waiting = region.stepback(start("--authorization", "planned"));
    await region.prints(/npx stepback approve/, 2);

    const listed = await region.stepback(["list", "--environment", "example"]);
    const byOperator = await region.stepback(answerFromMessage("approve"));
    const bySenior = await region.stepback(answerFromMessage("approve"), senior);
    const { exitCode, stdout } = await waiting;
    const again = await region.stepback(answerFromMessage("approve"), senior);

    expect(listed.stdout).toMatch(/^Nothing is running\.\nWaiting for an answer of \S+: rb-.*\n\n/);
    expect(byOperator).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("is not among the approvers"),
    });
    expect(bySenior).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(": approved by ") });
    expect(again).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("no longer waits for an answer"),
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("\nRecovered: ");
    expect(stdout).toMatch(/ s {2}from the start until the targets ran \(target: under 600 s\)/);
    expect(stdout).toMatch(/report {2}s3:\/\/\S+report\.md/);
  });

  it("a rollback that a person stops has cleaned up after itself", async () => {
    await releaseWeb();
    const { executionArn } = await region.ask(
      `stepfunctions start-execution --state-machine-arn ${machine} --input '{"reason":"again","authorization":"planned"}'`,
    );
    await region.prints(/npx stepback approve/, 3);

    await region.ask(`stepfunctions stop-execution --execution-arn ${executionArn} --cause 'never mind'`);
    await region.prints(/cleaned up after the execution/);

    expect(
      await region.ask(`stepfunctions describe-execution --execution-arn ${executionArn}`),
    ).toMatchObject({
      status: "ABORTED",
    });
    const listed = await region.stepback(["list", "--environment", "example"], senior);
    expect(listed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(listed.stdout).toMatch(/^Nothing is running\.$/m);
    expect(listed.stdout).toMatch(/rb-\S+ {2}Recovered {15}looks wrong$/m);
  });

  it("a rollback that left nothing is not finished again, nor one that nobody knows, and says why", async () => {
    const listed = await region.stepback(["list", "--environment", "example"]);
    const [, known = ""] = /(rb-\S+) {2}Recovered/.exec(listed.stdout) ?? [];

    const finish = (id: string) => region.stepback(["finish", id, "--environment", "example"]);

    expect(await finish(known)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("Nothing of it is left to be put right. Nothing was changed."),
    });
    expect(await finish("rb-unknown")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("There is no such rollback in the ledger"),
    });
  });

  it("all of it is over when the process is told to end", async () => {
    expect(await region.stop("SIGTERM")).toMatchObject({ exitCode: 0, signal: null });
  });
});

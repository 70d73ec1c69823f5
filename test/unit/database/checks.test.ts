import { CreateClusterCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import type { IntegrityCheck } from "../../../lambdas/contracts/kinds/database.ts";
import { ecrService } from "../../../lib/region/services/ecr/ecr-service.ts";
import { ecsService } from "../../../lib/region/services/ecs/ecs-service.ts";
import type { TaskLaunch } from "../../../lib/region/services/ecs/task-program.ts";
import { makeMove, PROD, QUICK } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";

const RENAME = { strategy: "rename" } as const;

interface Given {
  /** How a task ends that was started for this host. */
  readonly exitCodeFor?: (stage: MoveStage, host: string) => number;
  readonly safeToRepeat?: boolean;
}

/** An instance whose check is a task that says what it was started with. */
async function makeTasked({ exitCodeFor = () => 0, safeToRepeat = false }: Given = {}) {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  const launches: TaskLaunch[] = [];
  const { images, model: ecr, push } = ecrService(stage.context);
  push("shop", "v1");
  const program = {
    run: (launch: TaskLaunch) => {
      launches.push(launch);
      const exitCode = exitCodeFor(stage, launch.environment["DATABASE_HOST"] ?? "");
      return { seconds: 20, exitCode, logLines: ["looked at it"] };
    },
  };
  const { model } = ecsService(
    stage.context,
    {
      behaviour: () => ({
        startSeconds: 1,
        healthySeconds: 1,
        errorRate: 0,
        latencySeconds: 0.1,
        memoryPercent: 10,
        cpuPercent: 10,
      }),
    },
    { images, targetGroup: () => undefined, alarmStateOf: () => undefined, tasks: program },
  );
  stage.add(ecr).add(model);
  const ecs = new ECSClient(stage.clientSettings());
  const containerDefinitions = [{ name: "look", image: `${images.registry}/shop:v1`, memory: 128 }];
  const taskDefinition = await stage.kernel.complete(
    stage.kernel.activity("operator", async () => {
      await ecs.send(new CreateClusterCommand({ clusterName: "shop" }));
      const command = new RegisterTaskDefinitionCommand({ family: "look", containerDefinitions });
      return (await ecs.send(command)).taskDefinition?.taskDefinitionArn ?? "";
    }),
  );
  const run = {
    cluster: "shop",
    taskDefinition,
    container: "look",
    command: ["look"],
    environment: { MODE: "quick" },
    launchType: "EC2" as const,
    subnets: [],
    securityGroups: [],
    assignPublicIp: false,
    safeToRepeat,
  };
  const checks: IntegrityCheck[] = [{ name: "smoke", task: "look" }];
  return { stage, move: makeMove(prod, { cutOver: RENAME, checks, tasks: { look: run } }), launches };
}

describe("integrity checks", () => {
  it("ask the copy first and, after the cut-over, what the application reaches", async () => {
    const { stage, move, launches } = await makeTasked();

    await stage.run(move, ["prepare"]);
    const copy = stage.databases.instance(String(move.details["stagingIdentifier"]));
    expect(await stage.run(move, ["prepare", "cutOver", "confirm"])).toMatchObject({
      status: "done",
      note: expect.stringContaining("check is good"),
    });

    const prod = stage.databases.instance("prod");
    expect(launches.map(({ environment }) => environment["DATABASE_HOST"])).toEqual([copy?.host, prod?.host]);
    expect(launches.map(({ environment }) => environment["DATABASE_ARN"])).toEqual([copy?.arn, prod?.arn]);
  });

  it("are started once, with what the task has and the copy's host, though the answer is lost", async () => {
    const { stage, move, launches } = await makeTasked();
    stage.faults.add({ operation: "RunTask", effect: "lost-reply", times: 1 });

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });

    const { host, arn } = stage.databases.instance(String(move.details["stagingIdentifier"])) ?? {};
    expect(launches.map(({ environment }) => environment)).toEqual([
      { MODE: "quick", DATABASE_HOST: host, DATABASE_ARN: arn },
    ]);
  });

  it("keep users away from data that is not what it should be: another exit code than 0", async () => {
    const { stage, move } = await makeTasked({ exitCodeFor: () => 3 });

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "CHECK_FAILED",
      touched: false,
      note: expect.stringContaining("exit code 3"),
    });
  });
});

describe("after a rename, whose name leads nowhere for some minutes, the cut-over", () => {
  /** Users are on the new instance; nobody can resolve its name for five minutes. */
  async function makeRenamed(safeToRepeat: boolean, { broken = false } = {}) {
    const made = await makeTasked({
      safeToRepeat,
      exitCodeFor: (stage, host) =>
        host.startsWith("prod.") && (broken || !stage.databases.connectable(host)) ? 2 : 0,
    });
    const { stage, move, launches } = made;
    stage.databases.drill.pace = { ...QUICK, hostName: [300_000, 300_000] };
    await stage.run(move, ["prepare"]);
    await stage.runUntilStep(move, "cutOver", "switched");
    expect(stage.databases.connectable("prod")).toBe(false);
    launches.length = 0;
    return { ...made, began: stage.kernel.now };
  }

  it("asks a check again until it gets through, and ends then: a migration that comes next gets through too", async () => {
    const { stage, move, launches } = await makeRenamed(true);

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "done" });
    expect(stage.databases.connectable("prod")).toBe(true);
    expect(launches.length).toBeGreaterThan(2);

    launches.length = 0;
    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "done" });
    expect(launches).toEqual([]);
  });

  it("ends after the ten minutes that AWS names when the check is still bad, which the confirmation then fails for", async () => {
    const { stage, move, began } = await makeRenamed(true, { broken: true });

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "done" });
    expect((stage.kernel.now - began) / 1_000).toBeGreaterThan(590);
    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "failed", code: "CHECK_FAILED" });
    expect((stage.kernel.now - began) / 1_000).toBeLessThan(720);
  });

  it("waits the ten minutes when no check may be repeated, and each is run once", async () => {
    const { stage, move, launches, began } = await makeRenamed(false);

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "done" });
    expect(launches).toEqual([]);
    expect((stage.kernel.now - began) / 1_000).toBeGreaterThan(590);

    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "done" });
    expect(launches).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { partitionOf } from "../../lambdas/contracts/ledger.ts";
import { callsOfStepback } from "../../lib/drill/observed.ts";
import { perform } from "../../lib/drill/perform.ts";
import { runningVersions } from "../../lib/drill/running-versions.ts";
import type { Scenario, Step } from "../../lib/drill/scenario.ts";
import { type Stage, setStage } from "../../lib/drill/stage.ts";
import { loadEnvironment } from "../../lib/files/load-environment.ts";

/**
 * A bad release of both services; the rollback deploys api, then web, and is stopped while ECS deploys api. Left alone
 * it calls UpdateService twice, once a service. So does every way to go on: the deployment of api that the stopped
 * execution began is found by the journal and followed, and nothing is deployed twice.
 */
const ONCE_A_SERVICE = ["boardroom-api", "boardroom-web"];
const BACK = { api: ["2.9.5"], web: ["2.9.5"] };

describe("a rollback that was stopped while ECS deployed", () => {
  it("is resumed by a redrive: the same execution ends Recovered", async () => {
    const night = await stoppedNight();
    await night.until(() => night.told("ended ABORTED"));

    const [execution] = await night.executions();
    await night.call("RedriveExecution", { executionArn: execution?.executionArn });
    await night.pass(10);
    const holder = await night.lockOwner();
    await night.untilAllEnded();

    expect(holder).toMatchObject({ S: expect.stringMatching(/^rb-/) });
    expect(await night.outcomes()).toEqual(["Recovered"]);
    expect(await night.executions()).toMatchObject([{ status: "SUCCEEDED", redriveCount: 1 }]);
    expect(night.deployed()).toEqual(ONCE_A_SERVICE);
    expect(await night.running()).toEqual(BACK);
    expect(await night.lockOwner()).toBeUndefined();
    expect(night.subjects()).toEqual([
      expect.stringContaining("Rolling back"),
      expect.stringContaining("ended ABORTED"),
      expect.stringContaining("Recovered"),
    ]);
  });

  it("is resumed by a redrive that does not wait for the clean-up", async () => {
    const night = await stoppedNight();

    const [execution] = await night.executions();
    await night.call("RedriveExecution", { executionArn: execution?.executionArn });
    await night.untilAllEnded();

    // The lock is given back under the eyes of the resumed mover, which asks again and goes on.
    expect(night.told("ended ABORTED")).toBe(true);
    expect(await night.outcomes()).toEqual(["Recovered"]);
    expect(night.deployed()).toEqual(ONCE_A_SERVICE);
    expect(await night.running()).toEqual(BACK);
    expect(await night.lockOwner()).toBeUndefined();
  });

  it("is continued by a new one, which deploys only what is missing", async () => {
    const night = await stoppedNight();
    await night.until(() => night.told("ended ABORTED"));

    await night.do({ start: { reason: "again, after the stop" } });
    await night.untilAllEnded();

    expect(await night.outcomes()).toEqual(["ABORTED", "Recovered"]);
    expect(night.deployed()).toEqual(ONCE_A_SERVICE);
    expect(await night.running()).toEqual(BACK);
  });

  it("changes nothing any more when it is redriven after another took the lock", async () => {
    const night = await stoppedNight();
    await night.until(() => night.told("ended ABORTED"));
    const [stopped] = await night.executions();
    await night.do({ start: { reason: "again, after the stop" } });
    await night.until(() => night.deployed().length === 2);

    await night.call("RedriveExecution", { executionArn: stopped?.executionArn });
    await night.untilAllEnded();

    expect(await night.outcomes()).toEqual(["Failed", "Recovered"]);
    expect(await night.causeOf(stopped?.executionArn)).toContain("no longer holds the lock (fence 1)");
    expect(night.deployed()).toEqual(ONCE_A_SERVICE);
    expect(await night.running()).toEqual(BACK);
    expect(await night.lockOwner()).toBeUndefined();
  });

  it("finds its deployment alarms switched on by the clean-up, and neither deploys nor switches again", async () => {
    // As in drills/deployment-alarms-are-quieted.yaml: one call begins the deployment without alarms, one ends that.
    const night = await Night.begin({ circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: true });
    await night.do({ behave: { component: "api", version: "2.10.0", as: { errorRate: 0 } } });
    await night.do({ deploy: { component: "api", version: "2.10.0" } });
    await night.pass(12 * 60);
    await night.do({ start: { reason: "5xx after 2.10.0" } });
    await night.stopDeploying();
    await night.until(() => night.told("ended ABORTED"));
    const [execution] = await night.executions();

    await night.call("RedriveExecution", { executionArn: execution?.executionArn });
    await night.untilAllEnded();

    expect(await night.outcomes()).toEqual(["Recovered"]);
    expect(night.deployed()).toEqual(["boardroom-api", "boardroom-api"]);
    expect(await night.running()).toEqual(BACK);
    expect(await night.deploymentAlarmsOf("api")).toMatchObject({ enable: true });
  });
});

async function stoppedNight(): Promise<Night> {
  const night = await Night.begin({ circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: false });
  for (const component of ["web", "api"]) await night.do({ deploy: { component, version: "2.10.0" } });
  await night.stopDeploying();
  return night;
}

const environment = loadEnvironment("example");

/** A stage, what is done to it and what is seen on it. */
class Night {
  readonly #stage: Stage;
  readonly #firstCall: number;

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.#firstCall = stage.region.endpoint.calls.length;
  }

  static async begin(application: Scenario["application"]): Promise<Night> {
    return new Night(await setStage({ environment, application, seed: 1 }));
  }

  get #kernel() {
    return this.#stage.region.kernel;
  }

  async do(action: Step["do"]): Promise<void> {
    await this.#kernel.complete(
      this.#kernel.activity("test", () => perform(this.#stage, action, this.#kernel.now)),
    );
  }

  /** Stops the rollback 20 s after it told ECS to deploy: new tasks are starting, the mover is following them. */
  async stopDeploying(): Promise<void> {
    await this.until(() => this.deployed().length > 0);
    await this.pass(20);
    await this.do({ abort: "running" });
  }

  pass(seconds: number): Promise<void> {
    return this.#kernel.runUntil(this.#kernel.now + seconds * 1_000);
  }

  async until(condition: () => boolean): Promise<void> {
    const end = await this.#kernel.runWhile(() => !condition(), this.#kernel.now + 3_600_000);
    if (end === "deadline") throw new Error(`It did not happen within an hour: ${condition}`);
  }

  async untilAllEnded(): Promise<void> {
    do await this.pass(10);
    while ((await this.executions()).some(({ status }) => status === "RUNNING"));
    // The status events of the end reach the clean-up.
    await this.pass(30);
  }

  call(operation: string, input: object, service = "states"): Promise<Readonly<Record<string, unknown>>> {
    return this.#kernel.complete(this.#stage.region.operate(service, operation, input));
  }

  /** Executions of the rollback machine, oldest first. */
  async executions(): Promise<readonly Described[]> {
    const { executions } = await this.call("ListExecutions", {
      stateMachineArn: this.#stage.rollbackMachine,
    });
    return (executions as Described[]).toReversed();
  }

  async outcomes(): Promise<readonly unknown[]> {
    const outcomes: unknown[] = [];
    for (const { executionArn } of await this.executions()) {
      const { output, error, status } = await this.call("DescribeExecution", { executionArn });
      outcomes.push(output === undefined ? (error ?? status) : JSON.parse(String(output)).outcome);
    }
    return outcomes;
  }

  async causeOf(executionArn: string | undefined): Promise<string> {
    return String((await this.call("DescribeExecution", { executionArn }))["cause"]);
  }

  /** The services of Stepback's UpdateService calls that AWS accepted, oldest first. */
  deployed(): unknown[] {
    return this.#accepted("UpdateService").map(({ input }) => input["service"]);
  }

  subjects(): string[] {
    return this.#accepted("Publish").map(({ input }) => String(input["Subject"]));
  }

  told(part: string): boolean {
    return this.subjects().some((subject) => subject.includes(part));
  }

  async running(): Promise<object> {
    const of = (component: string) => this.#kernel.complete(runningVersions(this.#stage, component));
    return { api: await of("api"), web: await of("web") };
  }

  async deploymentAlarmsOf(component: string): Promise<unknown> {
    const address = { cluster: "boardroom", services: [`boardroom-${component}`] };
    const { services } = await this.call("DescribeServices", address, "ecs");
    return (services as { deploymentConfiguration: { alarms?: object } }[])[0]?.deploymentConfiguration
      .alarms;
  }

  async lockOwner(): Promise<unknown> {
    const Key = { pk: { S: partitionOf(environment.name) }, sk: { S: "lock" } };
    const { Item } = await this.call("GetItem", { TableName: this.#stage.ledgerTable, Key }, "dynamodb");
    return Object(Item)["owner"];
  }

  #accepted(operation: string) {
    const calls = callsOfStepback(this.#stage, this.#firstCall);
    return calls.filter((call) => call.operation === operation && call.outcome === "ok");
  }
}

interface Described {
  readonly executionArn: string;
  readonly status: string;
  readonly redriveCount: number;
}

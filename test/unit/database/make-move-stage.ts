import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Driver, Journal } from "../../../lambdas/components/component.ts";
import { databaseDriver } from "../../../lambdas/components/database/driver.ts";
import type { JournalEntry } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import type { ServiceModel } from "../../../lib/region/service-model.ts";
import { kmsService } from "../../../lib/region/services/kms/kms-service.ts";
import { rdsService } from "../../../lib/region/services/rds/rds-service.ts";
import { secretsManagerService } from "../../../lib/region/services/secrets-manager/secrets-manager-service.ts";
import { ssmService } from "../../../lib/region/services/ssm/ssm-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { ACCOUNT, QUARANTINE, QUICK, REGION, START } from "./make-move.ts";

/** A database of the simulated region with Stepback's driver, which reaches it through real SDK clients and the wire. */
export class MoveStage {
  readonly kernel: Kernel;
  readonly context: RegionContext;
  readonly identities: Identities;
  readonly endpoint: Endpoint;
  readonly faults: FaultPlan;
  readonly rds: ReturnType<typeof rdsService>;
  readonly ssm: ReturnType<typeof ssmService>;
  readonly secrets: ReturnType<typeof secretsManagerService>;
  readonly entries = new Map<string, JournalEntry>();
  /** Journal writes that fail, by number. */
  crashingWrites: ReadonlySet<number> = new Set();
  readonly written: string[] = [];
  /** Whether the function is killed right after each change that AWS carried out for it. */
  diesAfterChanges = false;
  /** Whether no answer to a change arrives: the connection breaks once AWS has carried it out. */
  losesAnswers = false;
  /** How often one of the two has happened. */
  struck = 0;
  #dead = false;
  /** Whose credentials the driver's clients have; set before the first tick. */
  credentials = { accessKeyId: "any", secretAccessKey: "any" };
  #clients: ReturnType<typeof clientsWith> | undefined;

  constructor({ seed = 1 }: { readonly seed?: number } = {}) {
    this.kernel = new Kernel({ seed, start: START });
    const kernel = this.kernel;
    this.context = {
      account: ACCOUNT,
      region: REGION,
      kernel,
      emit: () => undefined,
      publishMetric: () => undefined,
      call: () => Promise.reject(new Error("No service of this stage calls another")),
    };
    this.identities = new Identities({ kernel, account: ACCOUNT, region: REGION });
    this.faults = new FaultPlan(kernel);
    this.endpoint = new Endpoint({
      kernel,
      account: ACCOUNT,
      region: REGION,
      identities: this.identities,
      faults: this.faults,
      latency: { fromMs: 0, toMs: 0 },
    });
    const { keys, model: kms } = kmsService(this.context);
    this.rds = rdsService(this.context);
    this.ssm = ssmService(this.context, { keys });
    this.secrets = secretsManagerService(this.context, { keys });
    for (const model of [kms, this.rds.model, this.ssm.model, this.secrets.model]) this.endpoint.add(model);
    this.rds.databases.drill.securityGroup(QUARANTINE, { admits: false });
    this.rds.databases.drill.pace = QUICK;
  }

  add(model: ServiceModel): this {
    this.endpoint.add(model);
    return this;
  }

  readonly clock = () => this.kernel.date();

  get databases() {
    return this.rds.databases;
  }

  clientSettings() {
    return {
      region: REGION,
      credentials: this.credentials,
      maxAttempts: 1,
      requestHandler: this.#handler(),
    };
  }

  /** A function that starts afresh, as after a crash: it knows what the journal and AWS know. */
  driver(rollbackId = "rb-1"): Driver {
    this.#clients ??= clientsWith(this.clientSettings());
    return databaseDriver({
      ...this.#clients,
      clock: this.clock,
      journal: this.#journal(),
      rollbackId,
    });
  }

  /** Ticks one verb once, in virtual time. */
  tick(verb: Verb, move: Move, rollbackId?: string): Promise<Tick> {
    this.#dead = false;
    return this.kernel.complete(this.kernel.activity("tick", () => this.driver(rollbackId).tick(verb, move)));
  }

  forSeconds(seconds: number): Promise<void> {
    return this.kernel.runUntil(this.kernel.now + seconds * 1_000);
  }

  /**
   * Ticks the verbs in order, each by a new driver, through trouble that passes, until they are done or one fails.
   *
   * @param each is called after every tick, with undefined after one that ended in an exception
   */
  async run(
    move: Move,
    verbs: readonly Verb[],
    {
      rollbackId,
      each,
    }: { readonly rollbackId?: string; readonly each?: (tick: Tick | undefined) => unknown } = {},
  ): Promise<Tick> {
    let last: Tick | undefined;
    for (let count = 0; count < 2_000; count++) {
      last = await this.#through(move, verbs, rollbackId);
      await each?.(last);
      if (last && last.status !== "working") return last;
      await this.forSeconds(last?.waitSeconds ?? 5);
    }
    throw new Error(`Still working: ${last?.status === "working" ? last.note : "nothing"}`);
  }

  /** Ticks until the journal has a step, and leaves it there. */
  async runUntilStep(move: Move, verb: Verb, step: string, rollbackId?: string): Promise<void> {
    for (let count = 0; count < 2_000 && !this.entries.has(step); count++) {
      const tick = await this.tick(verb, move, rollbackId);
      if (this.entries.has(step)) return;
      if (tick.status !== "working") throw new Error(`${verb} ended before ${step}: ${tick.note}`);
      await this.forSeconds(tick.waitSeconds);
    }
  }

  /** Calls that AWS carried out. */
  calls(operation: string): readonly Record<string, unknown>[] {
    return this.endpoint.calls
      .filter((call) => call.operation === operation && call.outcome === "ok")
      .map((call) => ({ ...call.input }));
  }

  renames(): readonly Record<string, unknown>[] {
    return this.calls("ModifyDBInstance").filter((input) => input["NewDBInstanceIdentifier"] !== undefined);
  }

  async #through(move: Move, verbs: readonly Verb[], rollbackId?: string): Promise<Tick | undefined> {
    let last: Tick | undefined;
    for (const verb of verbs) {
      try {
        last = await this.tick(verb, move, rollbackId);
        if (this.#dead) return undefined;
      } catch (error) {
        if (error instanceof Error && ["AwsBusy", "Crash"].includes(error.name)) return undefined;
        throw error;
      }
      if (last.status !== "done") return last;
    }
    return last;
  }

  /** Who is dead does nothing any more: no call leaves, and no answer arrives. */
  #handler() {
    const inner = new InProcessHandler(this.endpoint);
    const changes = () => this.endpoint.calls.filter(({ mutating, outcome }) => mutating && outcome === "ok");
    const handle: typeof inner.handle = async (...request) => {
      if (this.#dead) throw new Crash("nothing leaves any more");
      const before = changes().length;
      const answer = await inner.handle(...request);
      this.#dead ||= this.diesAfterChanges && changes().length > before;
      const isHurt = this.#dead || (this.losesAnswers && changes().length > before);
      if (!isHurt) return answer;
      this.struck += 1;
      if (this.#dead) throw new Crash("after a change");
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    };
    return {
      metadata: inner.metadata,
      handle,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    };
  }

  #journal(): Journal {
    return {
      read: async () => [...this.entries.values()],
      write: async (component, step, facts) => {
        if (this.#dead) throw new Crash(`before writing ${step}`);
        this.written.push(step);
        if (this.crashingWrites.has(this.written.length - 1)) throw new Crash(`before writing ${step}`);
        this.entries.set(step, { component, step, at: this.clock().toISOString(), facts });
      },
    };
  }
}

function clientsWith(settings: ReturnType<MoveStage["clientSettings"]>) {
  const rds = new RDSClient(settings);
  return {
    rds,
    rdsOnce: rds,
    ssm: new SSMClient(settings),
    secrets: new SecretsManagerClient(settings),
    ecs: new ECSClient(settings),
    logs: new CloudWatchLogsClient(settings),
  };
}

/** The function was killed. */
class Crash extends Error {
  override readonly name = "Crash";
}

import { rollbacksInLedger } from "../../../lib/drill/last-rollback.ts";
import { lockHolder } from "../../../lib/drill/lock-holder.ts";
import { callsOfStepback } from "../../../lib/drill/observed.ts";
import { type Stage, setStage } from "../../../lib/drill/stage.ts";
import { paceFirstBackup } from "./first-backup.ts";
import { type Calls, type Trouble, wordsOfKill } from "./kills.ts";
import { brokenLawsOf } from "./laws.ts";
import { act, releaseEverything } from "./release.ts";
import { databasesOf, type Snapshot, snapshotOf } from "./snapshot.ts";
import type { Ended, Stop, Unapproved, Wish } from "./wishes.ts";
import type { World } from "./world.ts";

/** What was stopped had done everything already; the world tells whether that is so. */
const orNothingLeft = (outcome: string) =>
  outcome.startsWith("Refused: Nothing to roll back") ? "Recovered" : outcome;

/** The clean-up looks for five hours, and what RDS backs up for three goes after that. */
const LONGEST_CLEAN_UP = 6 * 3_600_000;

/** A stage on which everything was released anew, with nothing wrong; what is done to it and what is seen on it. */
export class Night {
  readonly #world: World;
  readonly #stage: Stage;
  /** Just before the releases: where everybody goes back to. */
  readonly #moment: Date;
  /** Questions that were answered. */
  #answered = 0;
  /** When the newest one was seen. */
  #askedAt: number | undefined;

  private constructor(world: World, stage: Stage, moment: Date) {
    this.#world = world;
    this.#stage = stage;
    this.#moment = moment;
  }

  static async begin(world: World): Promise<Night> {
    const { environment, application, seed } = world;
    const stage = await setStage({ environment, application, seed });
    paceFirstBackup(stage, world.firstBackup);
    const night = new Night(world, stage, stage.region.kernel.date());
    await night.pass(30);
    await releaseEverything(stage, world);
    return night;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get #kernel() {
    return this.#stage.region.kernel;
  }

  snapshot(): Promise<Snapshot> {
    return snapshotOf(this.#stage, this.#world.store);
  }

  epoch(): number {
    return Number(this.#stage.complete?.cacheEpoch());
  }

  /** Finishes what these rollbacks could not put right, now that nothing is denied any more. */
  async finish(all: readonly string[]): Promise<void> {
    for (const rollbackId of all) {
      const { cleanUpMachine: stateMachineArn } = this.#stage;
      const input = JSON.stringify({ finish: { rollbackId, asItIs: false } });
      const { executionArn } = await this.#operate("StartExecution", { stateMachineArn, input });
      await this.#untilEnded(String(executionArn));
    }
  }

  databases(): Promise<readonly string[]> {
    return databasesOf(this.#stage);
  }

  pass(seconds: number): Promise<void> {
    return this.#kernel.runUntil(this.#kernel.now + seconds * 1_000);
  }

  /** What people were told, whole messages in order. */
  told(): readonly string[] {
    return this.#stage.region.sns.published().map(({ message }) => message);
  }

  /** Of the ledger, newest first. */
  async rollbackIds(): Promise<readonly string[]> {
    return (await this.#kernel.complete(rollbacksInLedger(this.#stage))).map(({ id }) => id);
  }

  /** Rolls the scope back. */
  rollBack(stop?: Stop): Promise<Ended> {
    return this.#carryOut(this.#wish, stop);
  }

  /** Asks for the same, and gets no yes; waits until what was made meanwhile is gone, or given up. */
  async rollBackUnapproved({ seconds, by }: Unapproved): Promise<void> {
    const executionArn = await this.#start(this.#wish);
    await this.pass(seconds);
    if (by === "rejection") await act(this.#stage, { reject: { as: "SeniorEngineer" } });
    if (by === "a stop") await this.#operate("StopExecution", { executionArn, cause: "a night says so" });
    this.#answered = this.#countOf("Approval needed");
    await this.#untilEnded(executionArn);
    const deadline = this.#kernel.now + LONGEST_CLEAN_UP;
    do await this.pass(60);
    while ((await this.#isCleaningUp()) && this.#kernel.now < deadline);
  }

  /** A copy that RDS still backs up goes hours after the lock is free. */
  async #isCleaningUp(): Promise<boolean> {
    const { cleanUpMachine: stateMachineArn } = this.#stage;
    const { executions } = await this.#operate("ListExecutions", {
      stateMachineArn,
      statusFilter: "RUNNING",
    });
    return (executions as readonly unknown[]).length > 0 || (await this.#lockOwner()) !== undefined;
  }

  /** Several people ask for something each, whatever the others do, and the newest question gets its yes. */
  async crowd(wishes: readonly Wish[]): Promise<readonly string[]> {
    const began = this.#kernel.now;
    const started: string[] = [];
    for (const { after, scope } of wishes) {
      await this.#answerUntil(() => this.#kernel.now >= began + after * 1_000);
      started.push(await this.#start({ ...this.#wish, scope }));
    }
    const outcomes: string[] = [];
    for (const execution of started) outcomes.push(await this.#endOf(execution));
    const deadline = this.#kernel.now + LONGEST_CLEAN_UP;
    while ((await this.#lockOwner()) !== undefined && this.#kernel.now < deadline) await this.pass(60);
    return outcomes;
  }

  async #answerUntil(reached: () => boolean): Promise<void> {
    while (!reached()) {
      await this.#kernel.runWhile(() => !reached(), this.#kernel.now + 30_000);
      await this.#answerWhenDue();
    }
  }

  get #wish() {
    const target = { at: this.#moment.toISOString() };
    return { reason: `seed ${this.#world.seed}`, scope: this.#world.scope, target };
  }

  /**
   * Undoes one after the other; only the first is stopped. Of several one may have nothing to undo: a smoke test alone, or
   * what another one has undone.
   */
  async undo(all: readonly string[], stop?: Stop): Promise<Ended> {
    const ends: Ended[] = [];
    for (const undoes of all) {
      const input = { reason: "it was the wrong call", mode: "undo", undoes };
      ends.push(await this.#carryOut(input, ends.length === 0 ? stop : undefined));
    }
    const outcomes = ends.map(({ outcome }) => (all.length > 1 ? orNothingLeft(outcome) : outcome));
    const outcome = outcomes.find((one) => one !== "Recovered") ?? "Recovered";
    return { outcome, rollbackIds: ends.flatMap(({ rollbackIds }) => rollbackIds) };
  }

  /** Lets the trouble happen, and tells what Stepback called meanwhile, and which kills never struck. */
  async through(
    { kills, stop }: Trouble,
    work: (stop: Stop | undefined) => Promise<Ended>,
  ): Promise<Ended & { readonly calls: Calls; readonly idle: readonly string[] }> {
    const { faults, endpoint } = this.#stage.region;
    const first = endpoint.calls.length;
    for (const kill of kills) faults.add(kill);
    const ended = await work(stop);
    const idle = faults.unstruck().map(wordsOfKill);
    faults.clear();
    return { ...ended, idle, calls: callsOfStepback(this.#stage, first) };
  }

  brokenLaws(): Promise<readonly string[]> {
    return brokenLawsOf(this.#stage, this.#world);
  }

  /**
   * Starts an execution, answers what it asks, stops it when told, lets it go on, and waits for its end. Where the clean-up
   * says that only another one can go on, another one is started, whatever was planned.
   */
  async #carryOut(input: object, stop?: Stop): Promise<Ended> {
    const known = await this.rollbackIds();
    const outcome = await this.#outcomeOf(input, stop);
    return { outcome, rollbackIds: (await this.rollbackIds()).filter((id) => !known.includes(id)) };
  }

  async #outcomeOf(input: object, stop?: Stop): Promise<string> {
    const execution = await this.#start(input);
    if (!stop || !(await this.#stopped(execution, stop))) return this.#endOf(execution);
    if (stop.goesOn === "redrive at once" || (stop.goesOn === "redrive" && this.#offersRedrive())) {
      await this.#operate("RedriveExecution", { executionArn: execution });
      const ended = await this.#endOf(execution);
      if (ended === "Recovered" || this.#offersRedrive()) return ended;
    }
    // What was stopped leaves services that are still being deployed: a second start is refused until they are.
    await this.pass(15 * 60);
    return orNothingLeft(await this.#endOf(await this.#start(input)));
  }

  async #endOf(execution: string): Promise<string> {
    const { status, output, error, cause } = await this.#untilEnded(execution);
    // The status event of the end reaches the clean-up.
    await this.pass(60);
    const ended = JSON.parse(String(output ?? "{}")) as { readonly outcome?: string };
    return ended.outcome ?? `${String(error ?? status)}: ${String(cause)}`;
  }

  #offersRedrive(): boolean {
    const told = this.#stage.region.sns
      .published()
      .findLast(({ subject }) => subject?.includes("ended ABORTED"));
    return told?.message.includes("redrive-execution") === true;
  }

  async #start(input: object): Promise<string> {
    const stateMachineArn = this.#stage.rollbackMachine;
    const started = await this.#operate("StartExecution", { stateMachineArn, input: JSON.stringify(input) });
    return String(started["executionArn"]);
  }

  /** Stops it after so many changes, and waits for the clean-up unless told not to; false when it ended before. */
  async #stopped(executionArn: string, { afterChanges, goesOn }: Stop): Promise<boolean> {
    if (!(await this.#whileRunning(executionArn, this.#changesReach(afterChanges)))) return false;
    const told = () => this.#countOf("ended ABORTED");
    const known = told();
    await this.#operate("StopExecution", { executionArn, cause: "a night says so" });
    if (goesOn === "redrive at once") await this.pass(1);
    else await this.#kernel.runWhile(() => told() === known, this.#kernel.now + LONGEST_CLEAN_UP);
    return true;
  }

  async #untilEnded(executionArn: string): Promise<Readonly<Record<string, unknown>>> {
    await this.#whileRunning(executionArn, () => false);
    return this.#operate("DescribeExecution", { executionArn });
  }

  /** Answers questions until something is reached, true, or the execution has ended, false. */
  async #whileRunning(executionArn: string, reached: () => boolean): Promise<boolean> {
    const deadline = this.#kernel.now + 5 * 3_600_000;
    while (this.#kernel.now < deadline) {
      await this.#kernel.runWhile(() => !reached(), this.#kernel.now + 30_000);
      if (reached()) return true;
      const { status } = await this.#operate("DescribeExecution", { executionArn });
      if (status !== "RUNNING") return false;
      await this.#answerWhenDue();
    }
    throw new Error("It did not end within five hours");
  }

  async #answerWhenDue(): Promise<void> {
    const asked = this.#countOf("Approval needed");
    if (asked === this.#answered) return;
    this.#askedAt ??= this.#kernel.now;
    if (this.#kernel.now < this.#askedAt + this.#world.answersAfter * 1_000) return;
    this.#askedAt = undefined;
    this.#answered = asked;
    await act(this.#stage, { approve: { as: "SeniorEngineer" } });
  }

  #changesReach(count: number): () => boolean {
    const { calls } = this.#stage.region.endpoint;
    let [seen, changes] = [calls.length, 0];
    return () => {
      for (; seen < calls.length; seen++) {
        const call = calls[seen];
        if (call?.mutating && call.principal.type === "role") changes++;
      }
      return changes >= count;
    };
  }

  async #lockOwner(): Promise<unknown> {
    return (await this.#kernel.complete(lockHolder(this.#stage)))?.owner;
  }

  #countOf(part: string): number {
    return this.#stage.region.sns.published().filter(({ subject }) => subject?.includes(part)).length;
  }

  #operate(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    return this.#kernel.complete(this.#stage.region.operate("states", operation, input));
  }
}

import { type ChildProcess, fork } from "node:child_process";
import { createServer, type Server } from "node:http";
import { afterEach, expect, it } from "vitest";
import * as z from "zod";
import { frontendOverHttp } from "../../bench/frontend-over-http.ts";
import { JournalEntry } from "../../lambdas/contracts/ledger.ts";
import type { Move } from "../../lambdas/contracts/plan.ts";
import { Tick } from "../../lambdas/contracts/tick.ts";
import type { Verb } from "../../lambdas/contracts/vocabulary.ts";
import { readRequest, writeReply } from "../../lib/region/server/http-adapter.ts";
import { makeFrontend, NOW } from "../unit/cloudfront/make-frontend.ts";
import type { Invocation } from "./frontend-invocation.ts";

const FIRST = new Date(NOW - 2 * 3_600_000).toISOString();
const ENTRY_POINTS = 5;
/** What a state of the workflow may carry (DESIGN §8). */
const STATE_BYTES = 8_192;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A site where r2 wrote over every object of r1 with others of the same sizes, served over HTTP. */
async function serveSite(objects: number) {
  const site = makeFrontend({ site: { files: objects, changedAssets: objects } });
  site.buckets.create("reports");
  let copies = 0;
  const hooks: { onCopy?: (copies: number) => void } = {};
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    const reply = await site.endpoint.handle(request);
    if ("x-amz-copy-source" in request.headers) hooks.onCopy?.(++copies);
    writeReply(response, reply, request.method === "HEAD");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server has no port");
  return { ...site, port: address.port, hooks };
}

type Site = Awaited<ReturnType<typeof serveSite>>;

/** The rollback's journal, and the functions that are started for it one after the other. */
class Rollback {
  readonly entries = new Map<string, JournalEntry>();
  readonly ticks: Tick[] = [];
  residentMb = 0;
  readonly #move: Move;
  readonly #port: number;
  readonly #speed: number;

  constructor(move: Move, port: number, speed: number) {
    this.#move = move;
    this.#port = port;
    this.#speed = speed;
  }

  /** Starts invocations of a verb until the step is written; answers how many there were. */
  async run(verb: Verb, until: string): Promise<number> {
    for (let count = 1; ; count++) {
      await this.#invoke(verb, until);
      if (this.entries.has(until)) return count;
    }
  }

  /** Ends the function that is running, as Lambda does when its time is over. */
  kill: () => void = () => undefined;

  async #invoke(verb: Verb, until: string): Promise<void> {
    const child = fork(`${import.meta.dirname}/frontend-invocation.ts`, {
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
    });
    this.kill = () => child.kill("SIGKILL");
    child.on("message", (message) => this.#hear(message));
    const invocation: Invocation = {
      ...{ port: this.#port, move: this.#move, speed: this.#speed },
      ...{ verb, until, entries: [...this.entries.values()] },
    };
    child.send(invocation);
    const end = await endOf(child);
    if (end !== "SIGKILL" && end !== 0) throw new Error(`The invocation ended with ${end}`);
  }

  #hear(message: unknown): void {
    const { entry, tick, residentMb } = Message.parse(message);
    if (entry) this.entries.set(entry.step, entry);
    if (tick) this.ticks.push(tick);
    this.residentMb = Math.max(this.residentMb, residentMb ?? 0);
  }
}

/** Far less than a function has; a list of 100,000 objects in memory would not fit. */
const HEAP_MB = 64;

const Message = z.object({
  entry: JournalEntry.optional(),
  tick: Tick.optional(),
  residentMb: z.number().optional(),
});

function endOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
}

async function planned({ port, Id }: Site, objects: number): Promise<Move> {
  const { plan } = frontendOverHttp({ port, rollbackId: "rb-large" });
  const configuration = { bucket: "site", distribution: Id, release: { strategy: "versioned-bucket" } };
  const move = await plan(configuration, FIRST);
  expect(objects).toBeGreaterThan(0);
  return move;
}

function callsOf({ endpoint }: Site, bucket: string) {
  return endpoint.calls.filter(({ input }) => input["Bucket"] === bucket);
}

/** How many objects are not the release's, and how many were written more than once by the rollback. */
function wrongIn({ site }: Site, release: string, versions: number) {
  const objects = site.manifests.get(release) ?? [];
  const wrong = objects.filter(({ key, etag }) => site.bucket.current(key)?.etag !== etag).length;
  return { wrong, twice: objects.filter(({ key }) => site.bucket.versionsOf(key).length > versions).length };
}

it("puts 100,000 objects back over several invocations, in little memory and with few calls", async () => {
  const objects = 100_000;
  const site = await serveSite(objects);
  const move = await planned(site, objects);
  const begin = site.endpoint.calls.length;
  const rollback = new Rollback(move, site.port, 4);

  const preparing = await rollback.run("prepare", "prepared");
  const copying = await rollback.run("cutOver", "forth-placed");

  expect(wrongIn(site, "r1", 3)).toEqual({ wrong: 0, twice: 0 });
  expect(Math.min(preparing, copying)).toBeGreaterThan(1);
  const calls = callsOf(site, "site").filter((call) => site.endpoint.calls.indexOf(call) >= 0);
  const plan = callsOf(site, "reports");
  console.log({ begin, preparing, copying, site: calls.length, plan: plan.length, mb: rollback.residentMb, state: Math.max(...[move, ...rollback.ticks].map((one) => Buffer.byteLength(JSON.stringify(one)))) });
}, 3_600_000);

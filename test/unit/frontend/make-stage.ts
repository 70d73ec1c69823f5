import "@aws-sdk/signature-v4a";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Assessment, Driver, Journal, Wish } from "../../../lambdas/components/component.ts";
import { frontendDriver } from "../../../lambdas/components/frontend/driver.ts";
import { frontendObserver } from "../../../lambdas/components/frontend/observe.ts";
import { frontendVersionReader } from "../../../lambdas/components/frontend/read-version.ts";
import { FrontendComponent } from "../../../lambdas/contracts/kinds/frontend.ts";
import type { Checkpoint, JournalEntry } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { CheckpointStatus, Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { httpProbe } from "../../../lambdas/platform/http-probe.ts";
import type { ObjectVersion } from "../../../lib/region/services/s3/stored-object.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { type FrontendOptions, makeFrontend } from "../cloudfront/make-frontend.ts";

type Release = Record<string, unknown> & { readonly strategy: FrontendComponent["release"]["strategy"] };

export interface StageOptions extends FrontendOptions {
  readonly release: Release;
  readonly configuration?: Partial<Record<keyof FrontendComponent, unknown>>;
}

/**
 * The frontend `web` of the simulated region, where r2 is live after r1, with Stepback's driver and observer, which reach
 * it through real SDK clients and the wire. Every tick is one of a new driver.
 */
export function makeStage({ release, configuration = {}, ...options }: StageOptions) {
  const site = makeFrontend(options);
  const { kernel, buckets, viewers, run } = site;
  buckets.create("reports");
  // A door of its own to the same services, with faults to order and calls to count.
  const faults = new FaultPlan(kernel);
  const latency = { fromMs: 0, toMs: 0 };
  const { account, region, services } = site.endpoint;
  const endpoint = new Endpoint({ kernel, account, region, identities: site.identities, faults, latency });
  for (const service of services) endpoint.add(service);
  const settings = { ...site.settings, requestHandler: new InProcessHandler(endpoint) };
  const clientsWith = (credentials: Credentials) => ({
    s3: new S3Client({ ...settings, credentials, forcePathStyle: true }),
    cloudfront: new CloudFrontClient({ ...settings, credentials }),
    keyValueStore: new CloudFrontKeyValueStoreClient({ ...settings, credentials }),
  });
  let clients = clientsWith(settings.credentials);
  const store = site.store ? { keyValueStore: site.store.arn } : {};
  const component = FrontendComponent.parse({
    kind: "frontend",
    bucket: "site",
    distribution: site.Id,
    release: { ...store, ...release },
    probe: { host: "www.example.com" },
    ...configuration,
  });
  const entries = new Map<string, JournalEntry>();
  const crashes = { before: new Set<number>(), writes: 0 };
  const checkpoints: Checkpoint[] = [];
  const clock = () => kernel.date();
  const journal: Journal = {
    read: async () => [...entries.values()],
    write: async (name, step, facts) => {
      if (crashes.before.has(crashes.writes++)) throw new Crash(`before writing ${step}`);
      entries.set(step, { component: name, step, at: clock().toISOString(), facts });
    },
  };
  const probe = httpProbe({
    addressesOf: async () => ["203.0.113.7"],
    fetch: async (input) => {
      const answer = viewers.answerHttp(site.domainName, new URL(String(input)).pathname);
      const { status = 502, headers = {} } = answer ?? {};
      return new Response(Buffer.from(answer?.body ?? []), { status, headers });
    },
  });
  const driver = (): Driver =>
    frontendDriver({
      ...clients,
      probe,
      clock,
      journal,
      rollbackId: "rb-1",
      account: "123456789012",
      environment: "shop",
      reportBucket: "reports",
    });
  const wish = (more: Partial<Wish> = {}): Wish => ({
    component: "web",
    part: "go-back",
    target: "proven",
    rollbackId: "rb-1",
    authorization: "emergency",
    checkpoints,
    past: [],
    neighbours: {},
    approvalSeconds: 3_600,
    ...more,
  });
  const assess = (more?: Partial<Wish>): Promise<Assessment> =>
    run(() => frontendObserver(clients).assess(component, wish(more)));
  const through = async (move: Move, verbs: readonly Verb[]): Promise<Tick | undefined> => {
    let last: Tick | undefined;
    for (const verb of verbs) {
      last = await driver().tick(verb, move);
      if (last.status !== "done") return last;
    }
    return last;
  };
  return {
    ...site,
    /** From now on Stepback is a role with these permissions and no others. */
    actAs(
      statements: readonly {
        readonly Effect: "Allow";
        readonly Action: string[];
        readonly Resource: string[];
      }[],
    ) {
      const principal = { Service: "lambda.amazonaws.com" };
      const trust = { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" } as const;
      const role = site.identities.createRole({
        name: "mover",
        assumeRolePolicy: { Statement: trust },
        inlinePolicies: { it: { Statement: [...statements] } },
      });
      clients = clientsWith(site.identities.issueCredentials(role, "test"));
    },
    component,
    entries,
    crashes,
    checkpoints,
    faults,
    endpoint,
    driver,
    assess,
    read: () => run(() => frontendVersionReader(clients)(component)),
    put: (Key: string, Body: string) =>
      run(() => site.s3.send(new PutObjectCommand({ Bucket: "site", Key, Body }))),
    /** One tick, however it ends. */
    tick: (verb: Verb, move: Move) => run(() => driver().tick(verb, move)),
    /** The move that an assessment proposes; a verdict without one ends the test with its reason. */
    async plan(more?: Partial<Wish>): Promise<Move> {
      const { move, verdict } = await assess(more);
      if (!move) throw new Error(`${verdict.verdict}: ${verdict.reason}`);
      return move;
    },
    /** Records what is live, or a version that was. */
    async checkpoint(
      id: string,
      release: string,
      status: CheckpointStatus = "proven",
      manifestVersion?: string,
    ) {
      checkpoints.unshift({
        id,
        status,
        recordedAt: clock().toISOString(),
        because: `it is ${status}`,
        vector: { web: { kind: "frontend", release, ...(manifestVersion ? { manifestVersion } : {}) } },
      });
    },
    /** Ticks the verbs in order, each by a new driver, through trouble that passes, until they are done or one fails. */
    async run(move: Move, verbs: readonly Verb[] = move.verbs, limit = 400): Promise<Tick> {
      let last: Tick | undefined;
      for (let count = 0; count < limit; count++) {
        try {
          last = await run(() => through(move, verbs));
          if (last && last.status !== "working") return last;
        } catch (error) {
          if (!(error instanceof Error && ["AwsBusy", "Crash"].includes(error.name))) throw error;
          last = undefined;
        }
        await site.wait(last?.waitSeconds ?? 2);
      }
      throw new Error(`Still working: ${last?.status === "working" ? last.note : "nothing"}`);
    },
    /** Calls of an operation on the site, or on CloudFront, that were carried out. */
    calls: (operation: string) =>
      endpoint.calls.filter((call) => {
        return call.operation === operation && call.outcome === "ok" && call.input["Bucket"] !== "reports";
      }),
    /** The bytes and headers that users get below a prefix, by key. */
    content(prefix = ""): Map<string, string> {
      const bucket = site.site.bucket;
      const keys = [...bucket.keys(prefix)].filter((key) => key.startsWith(prefix));
      return new Map(
        keys.flatMap((key): [string, string][] => {
          const current = bucket.current(key);
          return current ? [[key, described(current)]] : [];
        }),
      );
    },
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export type Stage = ReturnType<typeof makeStage>;

/** The function was killed. */
class Crash extends Error {
  override readonly name = "Crash";
}

function described({
  body,
  headers,
  storageClass,
  tags,
  encryption,
  websiteRedirect,
}: ObjectVersion): string {
  const text = Buffer.from(body).toString("base64");
  return JSON.stringify([text, headers, storageClass, tags, encryption, websiteRedirect]);
}

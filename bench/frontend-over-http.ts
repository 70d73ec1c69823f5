import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { S3Client } from "@aws-sdk/client-s3";
import type { Driver } from "../lambdas/components/component.ts";
import { COPYING_OPTIONS } from "../lambdas/components/frontend/copying/copying-options.ts";
import { frontendDriver } from "../lambdas/components/frontend/driver.ts";
import { frontendObserver } from "../lambdas/components/frontend/observe.ts";
import { FrontendComponent } from "../lambdas/contracts/kinds/frontend.ts";
import type { JournalEntry } from "../lambdas/contracts/ledger.ts";
import type { Move } from "../lambdas/contracts/plan.ts";

export interface OverHttp {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly rollbackId: string;
  /** What other invocations wrote into the journal before. */
  readonly entries?: readonly JournalEntry[];
  /** Hears of every entry that is written; what it throws ends the tick. */
  readonly keep?: (entry: JournalEntry) => void;
  /** @default the time of day */
  readonly clock?: () => Date;
}

/** The real driver and observer of frontends, whose clients speak HTTP to a region on a port of this machine. */
export interface FrontendOverHttp {
  readonly s3: S3Client;
  readonly driver: Driver;
  /** The move to a release, from what is live. */
  readonly plan: (configuration: Record<string, unknown>, release: string) => Promise<Move>;
}

export const CREDENTIALS = { accessKeyId: "operator", secretAccessKey: "any" };

export function frontendOverHttp(options: OverHttp): FrontendOverHttp {
  const { rollbackId, keep = () => undefined, clock = () => new Date() } = options;
  const clients = clientsOf(options.port);
  const entries = new Map(options.entries?.map((entry) => [entry.step, entry]));
  const driver = frontendDriver({
    ...clients,
    clock,
    journal: {
      read: async () => [...entries.values()],
      write: async (component, step, facts) => {
        const entry = { component, step, at: clock().toISOString(), facts };
        entries.set(step, entry);
        keep(entry);
      },
    },
    probe: async () => ({ answer: "nothing", why: "nobody asks" }),
    rollbackId,
    account: "123456789012",
    environment: "bench",
    reportBucket: "reports",
  });
  return {
    s3: clients.s3,
    driver,
    async plan(configuration, release) {
      const component = FrontendComponent.parse({ kind: "frontend", ...configuration });
      const { move, verdict } = await frontendObserver(clients).assess(component, {
        component: "web",
        part: "go-back",
        target: { components: { web: release } },
        rollbackId,
        authorization: "emergency",
        checkpoints: [],
        past: [],
        neighbours: {},
        approvalSeconds: 3_600,
      });
      if (!move) throw new Error(verdict.reason);
      return move;
    },
  };
}

/** The journal's word that every object is in place; what CloudFront does then is not S3's. */
export class Placed extends Error {
  override readonly name = "Placed";
}

/** Ends the tick that puts the last object in place. */
export function untilPlaced({ step }: JournalEntry): void {
  if (step === "forth-placed") throw new Placed();
}

function clientsOf(port: number) {
  const requestHandler = { handle: () => Promise.reject(new Error("Nobody calls CloudFront here")) };
  const settings = { region: "us-east-1", credentials: CREDENTIALS, requestHandler };
  return {
    s3: new S3Client({
      ...COPYING_OPTIONS,
      region: "eu-west-1",
      credentials: CREDENTIALS,
      endpoint: `http://127.0.0.1:${port}`,
      forcePathStyle: true,
      requestHandler: {
        ...COPYING_OPTIONS.requestHandler,
        httpAgent: COPYING_OPTIONS.requestHandler.httpsAgent,
      },
    }),
    cloudfront: new CloudFrontClient(settings),
    keyValueStore: new CloudFrontKeyValueStoreClient(settings),
  };
}

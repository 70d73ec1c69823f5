import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import { asked } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import type { Database } from "../shapes/shape.ts";
import { hostVersion } from "./host-version.ts";
import type { Progress } from "./progress.ts";
import { done, failed, working } from "./progress.ts";
import type { Strategy, Switch } from "./strategy.ts";

type Secret = Extract<DatabaseCutOver, { readonly strategy: "endpoint-secret" }>;

/**
 * Puts the host name into a new version of a secret and moves AWSCURRENT to it, from the version that had it; the same
 * with the reader endpoint's secret where there is one. Nothing is read: which version is current is known by its id
 * (docs/facts/frontend-secrets-config.md §B, DESIGN §9).
 */
export function secretStrategy(configured: Secret): Strategy {
  const hosts = hostsOf(configured);
  return {
    async advance(job, change) {
      for (const host of hosts) {
        const progress = await bring(job, host, change);
        if (progress.state !== "done") return progress;
      }
      return done;
    },

    async serving(job, among) {
      const found = await Promise.all(
        hosts.map(async (host) => {
          const stages = (await versionsOf(job, host.secret)).get(tokenOf(job, host)) ?? [];
          if (!stages.includes("AWSCURRENT")) return "unknowable";
          const id = job.steps.text(`${host.step}-intended`, "to");
          return among.find(({ resourceId }) => resourceId === id);
        }),
      );
      const known = found.flatMap((one) => (one === "unknowable" || !one ? [] : [one]));
      const leadsTo = [...new Set(known.map(({ resourceId }) => resourceId))];
      if (found.includes("unknowable")) return { who: "unknowable", host: undefined, leadsTo };
      const agreed = leadsTo.length === 1 && known.length === hosts.length ? known[0] : undefined;
      return { who: agreed?.resourceId, host: agreed?.host, leadsTo };
    },

    byHand: (job) =>
      hosts.flatMap((host) => {
        const origin = job.steps.text(`${host.step}-intended`, "from");
        if (origin === undefined) return [];
        return [
          `aws secretsmanager update-secret-version-stage --secret-id ${host.secret} --version-stage AWSCURRENT ` +
            `--move-to-version-id ${origin} --remove-from-version-id ${tokenOf(job, host)}`,
        ];
      }),
  };
}

/** One secret and the host name that belongs into it. */
interface Host {
  readonly secret: string;
  readonly of: (database: Pick<Database, "host" | "readerHost">) => string | undefined;
  /** How its steps in the journal begin. */
  readonly step: "secret" | "reader-secret";
}

function hostsOf({ secret, readerSecret: reader }: Secret): readonly Host[] {
  const writer: Host = { secret, of: ({ host }) => host, step: "secret" };
  if (reader === undefined) return [writer];
  return [writer, { secret: reader, of: ({ readerHost }) => readerHost, step: "reader-secret" }];
}

async function bring(job: Job, host: Host, { direction, to }: Switch): Promise<Progress> {
  const versions = await versionsOf(job, host.secret);
  const current = [...versions].find(([, stages]) => stages.includes("AWSCURRENT"))?.[0];
  if (current === undefined) {
    return failed("CHANGED_SINCE_PLAN", `The secret ${host.secret} has no current version.`);
  }
  return direction === "cut-over"
    ? forward(job, host, { to, current, written: versions.has(tokenOf(job, host)) })
    : back(job, host, current);
}

interface Forward {
  readonly to: Database;
  readonly current: string;
  /** Whether our version is there already. */
  readonly written: boolean;
}

async function forward(job: Job, host: Host, { to, current, written }: Forward): Promise<Progress> {
  const { steps } = job;
  const { secret, of, step } = host;
  const token = tokenOf(job, host);
  if (current === token) return done;
  await steps.once(`${step}-intended`, { from: current, to: to.resourceId });
  const from = steps.text(`${step}-intended`, "from");
  if (current !== from) return failed("CHANGED_SINCE_PLAN", changedNote(secret));
  if (written) return moveLabel(job, { secret, from, to: token });
  const name = of(to);
  if (name === undefined) return working("The database has no host name yet.");
  const input = {
    SecretId: secret,
    SecretString: name,
    // The version's id: the same request again is answered as the first was.
    ClientRequestToken: token,
    VersionStages: [`stepback-${token.slice(0, 8)}`],
  };
  await asked(
    `Writing a version of the secret ${secret}`,
    job.secrets.send(new PutSecretValueCommand(input)),
  );
  return working(`The secret ${secret} has a new version, which nobody reads yet.`, 1);
}

async function back(job: Job, host: Host, current: string): Promise<Progress> {
  const { secret, step } = host;
  const origin = job.steps.text(`${step}-intended`, "from");
  if (origin === undefined || current === origin) return done;
  if (current !== tokenOf(job, host)) {
    // On the way back from a cut-over that did not come this far, nothing of ours is current.
    return job.steps.has("switched") ? failed("CHANGED_SINCE_PLAN", changedNote(secret)) : done;
  }
  return moveLabel(job, { secret, from: current, to: origin });
}

/** Compare-and-set: AWS refuses when the label has gone elsewhere in between. */
async function moveLabel(
  { secrets }: Job,
  { secret, from, to }: { readonly secret: string; readonly from: string; readonly to: string },
): Promise<Progress> {
  const command = new UpdateSecretVersionStageCommand({
    SecretId: secret,
    VersionStage: "AWSCURRENT",
    MoveToVersionId: to,
    RemoveFromVersionId: from,
  });
  await asked(`Moving AWSCURRENT of the secret ${secret}`, secrets.send(command));
  return working(`AWSCURRENT of the secret ${secret} was moved.`, 1);
}

/** Staging labels by version id, in no order. */
async function versionsOf({ secrets }: Job, secret: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const answer = await asked(
    `Reading the versions of the secret ${secret}`,
    secrets.send(new DescribeSecretCommand({ SecretId: secret })),
  );
  return new Map(Object.entries(answer.VersionIdsToStages ?? {}));
}

/** The id of the version that this move writes. */
function tokenOf(
  { rollbackId, move }: Pick<Job, "rollbackId" | "move">,
  { step }: Pick<Host, "step">,
): string {
  return hostVersion(rollbackId, move.component, step === "secret" ? "host" : "reader host");
}

function changedNote(secret: string): string {
  return `Somebody changed the secret ${secret} after this rollback began; it was left alone.`;
}

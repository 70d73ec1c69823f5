import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import { asked } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import { hostVersion } from "./host-version.ts";
import { done, failed, working } from "./progress.ts";
import type { Progress, Strategy, Switch } from "./strategy.ts";

type Secret = Extract<DatabaseCutOver, { readonly strategy: "endpoint-secret" }>;

/**
 * Puts the host name into a new version of a secret and moves AWSCURRENT to it, from the version that had it. Nothing is
 * read: which version is current is known by its id (docs/facts/frontend-secrets-config.md §B, DESIGN §9).
 */
export function secretStrategy({ secret }: Secret): Strategy {
  return {
    async advance(job, change) {
      const versions = await versionsOf(job, secret);
      const current = [...versions].find(([, stages]) => stages.includes("AWSCURRENT"))?.[0];
      if (current === undefined) {
        return failed("CHANGED_SINCE_PLAN", `The secret ${secret} has no current version.`);
      }
      return change.direction === "cut-over"
        ? forward(job, { secret, change, current, written: versions.has(tokenOf(job)) })
        : back(job, { secret, current });
    },

    async serving(job, among) {
      const stages = (await versionsOf(job, secret)).get(tokenOf(job)) ?? [];
      if (!stages.includes("AWSCURRENT")) return { who: "unknowable", host: undefined };
      const id = job.steps.text("secret-intended", "to");
      const to = among.find(({ resourceId }) => resourceId === id);
      return { who: to?.resourceId, host: to?.host };
    },

    byHand(job) {
      const origin = job.steps.text("secret-intended", "from");
      if (origin === undefined) return [];
      return [
        `aws secretsmanager update-secret-version-stage --secret-id ${secret} --version-stage AWSCURRENT ` +
          `--move-to-version-id ${origin} --remove-from-version-id ${tokenOf(job)}`,
      ];
    },
  };
}

interface Forward {
  readonly secret: string;
  readonly change: Switch;
  readonly current: string;
  /** Whether our version is there already. */
  readonly written: boolean;
}

async function forward(job: Job, { secret, change: { to }, current, written }: Forward): Promise<Progress> {
  const { steps } = job;
  const token = tokenOf(job);
  if (current === token) return done;
  await steps.once("secret-intended", { from: current, to: to.resourceId });
  const from = steps.text("secret-intended", "from");
  if (current !== from) return failed("CHANGED_SINCE_PLAN", changedNote(secret));
  if (written) return moveLabel(job, { secret, from, to: token });
  if (to.host === undefined) return working("The database has no host name yet.");
  const input = {
    SecretId: secret,
    SecretString: to.host,
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

async function back(
  job: Job,
  { secret, current }: { readonly secret: string; readonly current: string },
): Promise<Progress> {
  const origin = job.steps.text("secret-intended", "from");
  if (origin === undefined || current === origin) return done;
  if (current !== tokenOf(job)) {
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
function tokenOf({ rollbackId, move }: Pick<Job, "rollbackId" | "move">): string {
  return hostVersion(rollbackId, move.component);
}

function changedNote(secret: string): string {
  return `Somebody changed the secret ${secret} after this rollback began; it was left alone.`;
}

import {
  type DBProxyTarget,
  DeregisterDBProxyTargetsCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetsCommand,
  RegisterDBProxyTargetsCommand,
  type TargetHealth,
} from "@aws-sdk/client-rds";
import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import { registeredIn } from "../registered-targets.ts";
import { isBusy } from "../send-once.ts";
import type { Database } from "../shapes/shape.ts";
import type { Progress } from "./progress.ts";
import { done, failed, working } from "./progress.ts";
import type { Strategy, Switch } from "./strategy.ts";

type Proxy = Extract<DatabaseCutOver, { readonly strategy: "proxy" }>;

/** No proxy's target comes into being in longer than this; AWS says "seconds to 2 min" (docs/facts/database.md §5 d). */
const LONGEST_SECONDS = 600;
/** While security groups are still being applied a good target is unreachable too. */
const UNREACHABLE_SECONDS = 180;
const POLL_SECONDS = 5;

/** Reasons that time does not cure, and what they mean (docs/facts/database.md §5, proxy details). */
const HOPELESS: Readonly<Record<string, string>> = {
  AUTH_FAILURE: "the proxy's secret does not hold the password that this database has",
  INVALID_REPLICATION_STATE: "its replication is not in order",
  PROMOTED: "it was promoted",
};
const UNREACHABLE: Readonly<Record<string, string>> = {
  CONNECTION_FAILED: "the proxy cannot connect: look at its security group and the database's",
  UNREACHABLE: "the proxy cannot reach it: look at its security group and the database's",
};

/** Exchanges the one target of an RDS Proxy: applications keep their address and even their connections. */
export function proxyStrategy(proxy: Proxy): Strategy {
  return {
    async advance(job, change) {
      const targets = await targetsOf(job, proxy);
      const names = registeredIn(targets);
      const { from, to, direction } = change;
      if (names.has(to.identifier)) return judge(job, change, targets);
      const [name] = names;
      if (name === undefined) return register(job, proxy, change);
      const gone = direction === "back" && !from && name === job.details.stagingIdentifier;
      if (name === from?.identifier || gone) return deregister(job, proxy, name);
      // On the way back from a cut-over that did not come this far, nothing of ours is behind the proxy.
      if (direction === "back" && !job.steps.has("switched")) return done;
      const note = `The proxy ${proxy.proxy} has another target now: ${name}.`;
      return failed("CHANGED_SINCE_PLAN", note);
    },

    async serving(job, among) {
      const names = registeredIn(await targetsOf(job, proxy));
      const doing = `Reading the proxy ${proxy.proxy}`;
      const answer = await asked(
        doing,
        job.rds.send(new DescribeDBProxiesCommand({ DBProxyName: proxy.proxy })),
      );
      const leadsTo = among.filter(({ identifier }) => names.has(identifier)).map((one) => one.resourceId);
      const who = names.size === 1 ? leadsTo[0] : undefined;
      return { who, host: answer.DBProxies?.[0]?.Endpoint, leadsTo };
    },

    byHand({ details }, { from, to }) {
      const where = `--db-proxy-name ${proxy.proxy} --target-group-name ${proxy.targetGroup}`;
      const option = `--db-${details.shape}-identifiers`;
      return [
        ...(from ? [`aws rds deregister-db-proxy-targets ${where} ${option} ${from.identifier}`] : []),
        `aws rds register-db-proxy-targets ${where} ${option} ${to.identifier}`,
      ];
    },
  };
}

async function targetsOf({ rds }: Job, { proxy, targetGroup }: Proxy): Promise<readonly DBProxyTarget[]> {
  const answer = await asked(
    `Reading the targets of the proxy ${proxy}`,
    rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: proxy, TargetGroupName: targetGroup })),
  );
  return answer.Targets ?? [];
}

function identified({ details }: Job, identifier: string) {
  return details.shape === "cluster"
    ? { DBClusterIdentifiers: [identifier] }
    : { DBInstanceIdentifiers: [identifier] };
}

/** What is no longer registered is deregistered. */
async function deregister(job: Job, { proxy, targetGroup }: Proxy, name: string): Promise<Progress> {
  const input = { DBProxyName: proxy, TargetGroupName: targetGroup, ...identified(job, name) };
  const doing = `Taking ${name} from the proxy ${proxy}`;
  try {
    await asked(doing, job.rdsOnce.send(new DeregisterDBProxyTargetsCommand(input)));
  } catch (error) {
    if (isBusy(error)) return working(`${doing}: RDS does not take it yet.`, POLL_SECONDS);
    if (!isNamed(error, "DBProxyTargetNotFoundFault")) throw error;
  }
  return working(`${doing}.`, 1);
}

/** Registered too early a database is refused for its status; that passes (docs/facts/database.md §5 d). */
async function register(
  job: Job,
  { proxy, targetGroup }: Proxy,
  { direction, to }: Switch,
): Promise<Progress> {
  const input = { DBProxyName: proxy, TargetGroupName: targetGroup, ...identified(job, to.identifier) };
  const doing = `Giving ${to.identifier} to the proxy ${proxy}`;
  await job.steps.write(`register-${direction}-intended`);
  try {
    await asked(doing, job.rdsOnce.send(new RegisterDBProxyTargetsCommand(input)));
  } catch (error) {
    if (isBusy(error)) return working(`${doing}: RDS does not take it yet.`, POLL_SECONDS);
    if (!isNamed(error, "DBProxyTargetAlreadyRegisteredFault")) throw error;
  }
  return working(`${doing}.`, POLL_SECONDS);
}

async function judge(
  job: Job,
  { direction, to }: Switch,
  targets: readonly DBProxyTarget[],
): Promise<Progress> {
  const health = healthOf(targets, to);
  if (health?.State === "AVAILABLE") return done;
  const since = await job.steps.secondsSince(`register-${direction}-intended`);
  const { Reason: reason = "", Description: text = "" } = health ?? {};
  // On the way back a password follows its database: only after that can the proxy log in.
  if (direction === "back" && reason === "AUTH_FAILURE") return done;
  const why = HOPELESS[reason] ?? UNREACHABLE[reason];
  const note = `The proxy says of ${to.identifier}: ${[health?.State ?? "no state yet", reason, why ?? text].filter((part) => part !== "").join(", ")}.`;
  const waited = since > (reason in UNREACHABLE ? UNREACHABLE_SECONDS : LONGEST_SECONDS);
  return reason in HOPELESS || waited ? failed("REFUSED_BY_AWS", note) : working(note, POLL_SECONDS);
}

/** The health of the instance that takes writes: a cluster itself shows without any. */
function healthOf(targets: readonly DBProxyTarget[], to: Database): TargetHealth | undefined {
  const writer = "cluster" in to ? to.members[0] : to.instance;
  return targets.find(
    ({ Type, RdsResourceId: id, Endpoint: host }) =>
      Type !== "TRACKED_CLUSTER" &&
      (id === writer?.DBInstanceIdentifier || (host !== undefined && host === writer?.Endpoint?.Address)),
  )?.TargetHealth;
}

import { alarmPrefix } from "../../lambdas/contracts/environment.ts";
import {
  BOARDROOM,
  type Component,
  repositoryName,
  serviceName,
} from "../region/application/boardroom-names.ts";
import type { CompleteBoardroom } from "../region/application/complete-boardroom.ts";
import { deployRelease } from "../region/application/install-boardroom.ts";
import { withInstalledIds } from "../region/application/written-ids.ts";
import { AwsError } from "../region/service-model.ts";
import { answerQuestion } from "./answer-question.ts";
import { lastRollback } from "./last-rollback.ts";
import { withPlannedNames } from "./planned-names.ts";
import type { ActionArgument, ActionName, Step } from "./scenario.ts";
import type { Stage } from "./stage.ts";
import { stepWords } from "./step-words.ts";

type Action = Step["do"];
type Performers = {
  readonly [Name in ActionName]: (
    stage: Stage,
    argument: ActionArgument<Name>,
    startedAt: number,
  ) => Promise<void> | void;
};

/** Does one thing to the stage, as the person or the trouble it stands for would. */
export async function perform(stage: Stage, action: Action, startedAt: number): Promise<void> {
  stage.region.kernel.log.write("drill", "step", { ...stepWords(action) });
  const [name, argument] = Object.entries(action)[0] ?? [];
  // The scenario's schema has matched name and argument.
  await PERFORMERS[name as ActionName](stage, argument as never, startedAt);
}

const PERFORMERS: Performers = {
  async deploy({ region, installation }, { component, version }) {
    const name = componentOf(component);
    if (!imageOf(region, name, version)) {
      region.boardroom.publish(region.ecr.push, name, version);
    }
    await deployRelease(installation, name, version);
  },
  behave({ region }, { component, version, as }) {
    region.boardroom.setRelease(componentOf(component), version, definedOnly(as));
  },
  async deregister(stage, { component, version }) {
    await stage.region.operate("ecs", "DeregisterTaskDefinition", {
      taskDefinition: await taskDefinitionOf(stage, component, version),
    });
  },
  async forget(stage, { component, version }) {
    const taskDefinition = await taskDefinitionOf(stage, component, version);
    await stage.region.operate("ecs", "DeregisterTaskDefinition", { taskDefinition });
    stage.region.ecs.forgetTaskDefinition(taskDefinition);
  },
  async deleteImage({ region }, { component, version }) {
    const imageIds = [{ imageDigest: digestOf(region, component, version) }];
    await region.operate("ecr", "BatchDeleteImage", {
      repositoryName: repositoryName(componentOf(component)),
      imageIds,
    });
  },
  archiveImage({ region }, { component, version }) {
    region.ecr.setStatus(
      repositoryName(componentOf(component)),
      digestOf(region, component, version),
      "ARCHIVED",
    );
  },
  deployFrontend(stage, { version, broken }) {
    const { frontend, frontendUsers } = completeOf(stage);
    frontendUsers.setRelease(version, { broken });
    frontend.deploy(version);
  },
  editDistribution(stage, { comment, originPath }) {
    stage.region.cloudfront.edit(completeOf(stage).frontend.distributionId, (config) => {
      if (comment !== undefined) config.Comment = comment;
      const [origin] = config.Origins?.Items ?? [];
      if (origin && originPath !== undefined) origin.OriginPath = originPath;
    });
  },
  migrate(stage, { revision }) {
    completeOf(stage).migrate(revision);
  },
  moveTag({ region }, { component, version }) {
    region.boardroom.publish(region.ecr.push, componentOf(component), `${version}-rebuilt`, version);
  },
  async scale({ region }, { component, desired }) {
    await region.operate("ecs", "UpdateService", { ...addressOf(component), desiredCount: desired });
  },
  async setAlarm({ region, environment }, { alarm, state }) {
    const AlarmName = `${alarmPrefix(environment)}${alarm}`;
    await region.operate("monitoring", "SetAlarmState", {
      AlarmName,
      StateValue: state,
      StateReason: "a drill says so",
    });
  },
  duplicateEvents({ region }, count) {
    region.events.faults.duplicateNext(count);
  },
  delayEvents({ region }, seconds) {
    region.events.faults.delayNext(seconds * 1_000);
  },
  async sendEvent(stage, { alarm, ageSeconds, account }) {
    const input = JSON.stringify({
      trigger: { type: "alarm", event: alarmEvent(stage, { alarm, ageSeconds, account }) },
    });
    await stage.region.operate("states", "StartExecution", { stateMachineArn: stage.rollbackMachine, input });
  },
  async start({ region, rollbackMachine }, input, startedAt) {
    const text = withMoments(typeof input === "string" ? input : JSON.stringify(input), startedAt);
    const started = region.operate("states", "StartExecution", {
      stateMachineArn: rollbackMachine,
      input: text,
    });
    // What AWS itself refuses (not JSON, too large) starts nothing; that is an answer, not a broken drill.
    await started.catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
      region.kernel.log.write("drill", "start refused", { code: error.code });
    });
  },
  async undo(stage) {
    const last = await lastRollback(stage);
    const input = JSON.stringify({ reason: "the drill undoes it", mode: "undo", undoes: last?.id });
    await stage.region.operate("states", "StartExecution", { stateMachineArn: stage.rollbackMachine, input });
  },
  async finish(stage) {
    const last = await lastRollback(stage);
    const input = JSON.stringify({ finish: { rollbackId: last?.id, asItIs: false } });
    await stage.region.operate("states", "StartExecution", { stateMachineArn: stage.cleanUpMachine, input });
  },
  approve: (stage, { as }) => answerQuestion(stage, "approve", as),
  reject: (stage, { as }) => answerQuestion(stage, "reject", as),
  async abort({ region, rollbackMachine }) {
    const { executions } = await region.operate("states", "ListExecutions", {
      stateMachineArn: rollbackMachine,
      statusFilter: "RUNNING",
    });
    for (const { executionArn } of executions as { executionArn: string }[]) {
      await region.operate("states", "StopExecution", { executionArn, cause: "a drill says so" });
    }
  },
  async call(stage, { operation, input }) {
    const { region, ids } = stage;
    const [service = "", name = ""] = operation.split(":");
    const named = await withPlannedNames(stage, ids ? withInstalledIds(input, ids) : input);
    await region.operate(service, name, withBytes(named));
  },
  failRestore({ region }, { status, message }) {
    region.rds.databases.drill.failNextRestore(status, message);
  },
  failSnapshot({ region }) {
    region.rds.databases.drill.failNextSnapshot();
  },
  firstBackup({ region }, seconds) {
    const { drill } = region.rds.databases;
    drill.pace = { ...drill.pace, firstBackup: [seconds * 1_000, seconds * 1_000] };
  },
  flashBeforeBackup({ region }, seconds) {
    const { drill } = region.rds.databases;
    drill.pace = { ...drill.pace, flashBeforeBackup: [seconds * 1_000, seconds * 1_000] };
  },
  failTask(stage, { command, exitCode, line }) {
    completeOf(stage).tasks.failNext(command, definedOnly({ exitCode, line }));
  },
  fault({ region }, { call, effect, by, skip, times, lasts }) {
    for (const one of [call].flat()) {
      const [service = "", operation = ""] = one.split(":");
      region.faults.add({
        service,
        operation,
        effect,
        ...(by === undefined ? {} : { principalIncludes: by }),
        ...(skip === undefined ? {} : { skip }),
        ...(times === undefined ? {} : { times }),
        ...(lasts === undefined ? {} : { until: region.kernel.now + lasts * 1_000 }),
      });
    }
  },
  crash({ region, functions }, { function: name, afterCalls }) {
    const found = functions.find((candidate) => candidate.includes(name));
    if (!found) throw new Error(`There is no function ${name}; there are ${functions.join(", ")}`);
    region.lambda.faults.crashNext({ function: found, afterCalls });
  },
};

/** A person knows when it was: `@start+20s` in a request is that long after the start of the drill. */
function withMoments(text: string, startedAt: number): string {
  return text.replace(/@start\+(\d+)s/g, (_, seconds: string) =>
    new Date(startedAt + Number(seconds) * 1_000).toISOString(),
  );
}

/** What the wire carries as bytes is text in a drill: an object's `Body`, a configuration's `Content`. */
function withBytes(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isText = (name: string, value: unknown) => /^(Body|Content)$/.test(name) && typeof value === "string";
  const members = Object.entries(input);
  return Object.fromEntries(
    members.map(([name, value]) => [name, isText(name, value) ? Buffer.from(String(value)) : value]),
  );
}

function completeOf({ complete }: Stage): CompleteBoardroom {
  if (complete) return complete;
  throw new Error('This step needs the complete application: "application: { complete: {} }"');
}

/** Optional members that were left out, as opposed to present and undefined. */
const definedOnly = (members: object) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const componentOf = (name: string): Component => {
  if (name === "api" || name === "web") return name;
  throw new Error(`The sample application has the components api and web, not "${name}"`);
};

const addressOf = (component: string) => ({
  cluster: BOARDROOM.cluster,
  service: serviceName(componentOf(component)),
});

/** The newest task definition of the component whose image carries the version's tag. */
async function taskDefinitionOf({ region }: Stage, component: string, version: string): Promise<string> {
  const familyPrefix = serviceName(componentOf(component));
  const { taskDefinitionArns } = await region.operate("ecs", "ListTaskDefinitions", {
    familyPrefix,
    sort: "DESC",
  });
  for (const taskDefinition of taskDefinitionArns as string[]) {
    const described = await region.operate("ecs", "DescribeTaskDefinition", { taskDefinition });
    const { containerDefinitions } = described["taskDefinition"] as {
      containerDefinitions: { image: string }[];
    };
    if (containerDefinitions[0]?.image.endsWith(`:${version}`)) return taskDefinition;
  }
  throw new Error(`No task definition of ${component} runs ${version}`);
}

const imageOf = (region: Stage["region"], component: Component, version: string) =>
  [...(region.ecr.images.repositories.get(repositoryName(component))?.images.values() ?? [])].find((image) =>
    image.tags.has(version),
  );

function digestOf(region: Stage["region"], component: string, version: string): string {
  const image = imageOf(region, componentOf(component), version);
  if (!image) throw new Error(`There is no image ${version} of ${component}`);
  return image.digest;
}

/** An alarm event made by hand, for those that EventBridge would never send like this. */
function alarmEvent(
  { region, environment }: Stage,
  {
    alarm,
    ageSeconds,
    account = environment.account,
  }: { alarm: string; ageSeconds: number; account?: string | undefined },
): object {
  const at = new Date(region.kernel.now - ageSeconds * 1_000).toISOString();
  const alarmName = `${alarmPrefix(environment)}${alarm}`;
  return {
    version: "0",
    id: region.kernel.random.uuid(),
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account,
    time: at.replace(/\.\d+Z$/, "Z"),
    region: environment.region,
    resources: [`arn:aws:cloudwatch:${environment.region}:${account}:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: { value: "ALARM", reason: "made by a drill", timestamp: at.replace("Z", "+0000") },
      previousState: { value: "OK", timestamp: at.replace("Z", "+0000") },
      configuration: { metrics: [] },
    },
  };
}

import { CfnOutput, Duration } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { FunctionUrlAuthType, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { alarmPrefix, type Environment, rollbackMachineName } from "../../lambdas/contracts/environment.ts";
import { moverSettingOf, SETTINGS } from "../../lambdas/contracts/settings.ts";
import type { Kind } from "../../lambdas/contracts/vocabulary.ts";
import { type KindOnStack, keptAddressesOf, kindOnStack } from "./components/registry.ts";
import type { Ledger } from "./state/ledger.ts";
import { arnIn, ONE_VCPU_MB, StepFunction, type StepFunctionProps } from "./step-function.ts";
import { LONGEST_MOVE_TIMEOUT, MOVE_TIMEOUT } from "./workflow/wave-states.ts";

/** It waits for AWS when that is busy. */
const REMIND_TIMEOUT = Duration.minutes(5);

export interface FunctionsProps {
  readonly environment: Environment;
  readonly ledger: Ledger;
  readonly bucket: Bucket;
  readonly topic: ITopic;
}

/** All functions of the stack, each with exactly what it needs: one method a function, its grants beside it. */
export class Functions extends Construct {
  readonly planRollback: LambdaFunction;
  readonly requestApproval: LambdaFunction;
  readonly verifyRecovery: LambdaFunction;
  readonly writeReport: LambdaFunction;
  readonly cleanUp: LambdaFunction;
  /** Only where rollbacks leave something behind that costs money. */
  readonly remindOfKept: LambdaFunction | undefined;
  /** Only of the kinds that the environment has. */
  readonly movers: Readonly<Partial<Record<Kind, LambdaFunction>>>;
  readonly checkpointing: {
    readonly recordCheckpoint: LambdaFunction;
    readonly judgeCheckpoint: LambdaFunction;
  };
  readonly #answerApproval: LambdaFunction;
  readonly #props: FunctionsProps;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.#props = props;
    this.planRollback = this.#makePlanRollback();
    this.movers = this.#makeMovers();
    this.verifyRecovery = this.#makeVerifyRecovery();
    this.writeReport = this.#makeWriteReport();
    this.#answerApproval = this.#makeAnswerApproval();
    this.requestApproval = this.#makeRequestApproval();
    this.checkpointing = {
      recordCheckpoint: this.#makeRecordCheckpoint(),
      judgeCheckpoint: this.#makeJudgeCheckpoint(),
    };
    this.cleanUp = this.#makeCleanUp();
    this.remindOfKept = this.#makeRemindOfKept();
  }

  #makePlanRollback(): LambdaFunction {
    const neighbours = this.#props.environment.components;
    const fn = this.#make("PlanRollback", "plan-rollback", "Looks, decides and plans; can only read");
    this.#props.ledger.grantRead(fn);
    this.#grantReadAlarms(fn);
    this.#forEachComponent((component, kind) => kind.grantAssess(this, fn, component, neighbours));
    return fn;
  }

  #makeMovers(): Partial<Record<Kind, LambdaFunction>> {
    const neighbours = this.#props.environment.components;
    const make = (kind: Kind) => {
      const mover = `move-${kind}`;
      const keepsLists = Object.values(neighbours).some(
        (component) => component.kind === kind && kindOnStack(kind).keepsLists?.(component),
      );
      const fn = this.#make(pascal(mover), mover, `Moves components of kind ${kind}`, {
        timeout: kind === "database" ? LONGEST_MOVE_TIMEOUT : MOVE_TIMEOUT,
        ...(keepsLists ? { memoryMb: ONE_VCPU_MB } : {}),
      });
      this.#props.ledger.grantRead(fn);
      // The journal: written together with a check of the lock.
      this.#props.ledger.grantWrite(fn, ["dynamodb:PutItem", "dynamodb:ConditionCheckItem"]);
      this.#forEachComponent((component, entry) => {
        if (component.kind !== kind) return;
        entry.grantMove(this, fn, component, neighbours);
      });
      if (keepsLists) this.#grantKeepLists(fn);
      return fn;
    };
    return Object.fromEntries(this.#kinds().map((kind) => [kind, make(kind)]));
  }

  /** Lists of objects that a mover wrote before and goes on from; in this environment's folder only. */
  #grantKeepLists(grantee: IGrantable): void {
    const { bucket, environment } = this.#props;
    const allow = (actions: string[], resource: string) =>
      grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }));
    allow(["s3:GetObject", "s3:PutObject"], bucket.arnForObjects(`${environment.name}/*`));
    // Without ListBucket S3 answers AccessDenied instead of NoSuchKey for an object that is not there.
    allow(["s3:ListBucket"], bucket.bucketArn);
  }

  #makeVerifyRecovery(): LambdaFunction {
    const fn = this.#make("VerifyRecovery", "verify-recovery", "Watches the alarms until they are OK", {
      timeout: Duration.minutes(5),
    });
    this.#grantReadAlarms(fn);
    return fn;
  }

  #makeWriteReport(): LambdaFunction {
    const { ledger, bucket, environment } = this.#props;
    const fn = this.#make("WriteReport", "write-report", "Names the outcome, writes report and record");
    ledger.grantWrite(fn, ["dynamodb:Query", "dynamodb:PutItem"]);
    // New objects under this environment's folder; nothing is ever read or deleted.
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ["s3:PutObject"],
        resources: [bucket.arnForObjects(`${environment.name}/*`)],
      }),
    );
    return fn;
  }

  #makeRequestApproval(): LambdaFunction {
    const { ledger, topic } = this.#props;
    const fn = this.#make("RequestApproval", "request-approval", "Keeps the task token and asks people");
    ledger.grantWrite(fn, ["dynamodb:PutItem"]);
    topic.grantPublish(fn);
    const { url } = this.#answerApproval.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    fn.addEnvironment(SETTINGS.approvalUrl, url);
    new CfnOutput(this, "ApprovalUrl", { value: url, description: "Where `stepback approve` sends answers" });
    return fn;
  }

  #makeAnswerApproval(): LambdaFunction {
    const fn = this.#make(
      "AnswerApproval",
      "answer-approval",
      "Takes an approver's answer; IAM says who calls",
    );
    const { environment, ledger } = this.#props;
    ledger.grantWrite(fn, ["dynamodb:GetItem"]);
    // Completing the task that waits. By name: the machine's own policy refers to functions, a reference would be a circle.
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ["states:SendTaskSuccess"],
        resources: [arnIn(this, "states", `stateMachine:${rollbackMachineName(environment)}`)],
      }),
    );
    return fn;
  }

  #makeRecordCheckpoint(): LambdaFunction {
    const neighbours = this.#props.environment.components;
    const fn = this.#make("RecordCheckpoint", "record-checkpoint", "Records what runs after a deployment");
    this.#props.ledger.grantWrite(fn, ["dynamodb:Query", "dynamodb:PutItem"]);
    this.#forEachComponent((component, kind) => kind.grantObserve?.(this, fn, component, neighbours));
    return fn;
  }

  #makeJudgeCheckpoint(): LambdaFunction {
    const neighbours = this.#props.environment.components;
    const fn = this.#make("JudgeCheckpoint", "judge-checkpoint", "Proven or suspect, after the bake time");
    this.#props.ledger.grantWrite(fn, ["dynamodb:GetItem", "dynamodb:PutItem"]);
    this.#grantReadAlarms(fn, ["cloudwatch:DescribeAlarmHistory"]);
    this.#forEachComponent((component, kind) => {
      kind.grantObserve?.(this, fn, component, neighbours);
      kind.grantKeep?.(this, fn, component, neighbours);
    });
    return fn;
  }

  #makeCleanUp(): LambdaFunction {
    const { ledger, bucket, topic, environment } = this.#props;
    const fn = this.#make("CleanUp", "clean-up", "Tidies up after an execution that could not do it itself", {
      timeout: MOVE_TIMEOUT,
    });
    ledger.grantWrite(fn, ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"]);
    topic.grantPublish(fn);
    // What the dead execution had planned.
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ["s3:GetObject"],
        resources: [bucket.arnForObjects(`${environment.name}/*`)],
      }),
    );
    // Without ListBucket S3 answers AccessDenied instead of NoSuchKey for an object that is not there.
    fn.addToRolePolicy(new PolicyStatement({ actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }));
    for (const kind of this.#kinds()) {
      const mover = this.movers[kind];
      if (!mover) continue;
      fn.addEnvironment(moverSettingOf(kind), mover.functionArn);
      fn.addToRolePolicy(
        new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [mover.functionArn] }),
      );
    }
    return fn;
  }

  #makeRemindOfKept(): LambdaFunction | undefined {
    const { environment, ledger, topic } = this.#props;
    const addresses = keptAddressesOf(environment);
    if (Object.keys(addresses).length === 0) return undefined;
    const fn = this.#make(
      "RemindOfKept",
      "remind-of-kept",
      "Tells people what rollbacks kept and is due; can only read",
      { timeout: REMIND_TIMEOUT },
    );
    // A rollback's record: whether its undo leads to what it kept.
    ledger.grantWrite(fn, ["dynamodb:GetItem"]);
    topic.grantPublish(fn);
    this.#forEachComponent((component, kind) => {
      if (kind.kept?.address(component)) kind.kept.grant(this, fn, component, environment.components);
    });
    return fn;
  }

  #make(
    id: string,
    step: string,
    description: string,
    limits: Pick<StepFunctionProps, "timeout" | "memoryMb"> = {},
  ): LambdaFunction {
    const { environment, ledger, bucket, topic } = this.#props;
    return new StepFunction(this, id, {
      step,
      description,
      ...limits,
      environment: {
        [SETTINGS.account]: environment.account,
        [SETTINGS.applicationName]: environment.application,
        [SETTINGS.environmentName]: environment.name,
        [SETTINGS.ledgerTable]: ledger.table.tableName,
        [SETTINGS.reportBucket]: bucket.bucketName,
        [SETTINGS.announcementTopic]: topic.topicArn,
      },
    }).fn;
  }

  /** Only the environment's own alarms. */
  #grantReadAlarms(grantee: IGrantable, alsoActions: readonly string[] = []): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["cloudwatch:DescribeAlarms", ...alsoActions],
        resources: [arnIn(this, "cloudwatch", `alarm:${alarmPrefix(this.#props.environment)}*`)],
      }),
    );
  }

  #kinds(): Kind[] {
    return [...new Set(Object.values(this.#props.environment.components).map((component) => component.kind))];
  }

  #forEachComponent(visit: (component: Environment["components"][string], kind: KindOnStack) => void): void {
    for (const component of Object.values(this.#props.environment.components))
      visit(component, kindOnStack(component.kind));
  }
}

const pascal = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

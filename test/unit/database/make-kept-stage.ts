import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { databaseKeptReader } from "../../../lambdas/components/database/kept/kept-reader.ts";
import { DatabaseComponent, DatabaseMove } from "../../../lambdas/contracts/kinds/database.ts";
import type { Kept } from "../../../lambdas/domain/kept/kept.ts";
import { grantRememberDatabase, keptDatabaseAddress } from "../../../lib/stack/components/database-kept.ts";
import { granted } from "../secret/granted.ts";
import type { MoveStage } from "./make-move-stage.ts";
import { makeStrategyStage, type StrategyName } from "./make-strategy-stage.ts";

const OPERATOR = { accessKeyId: "operator", secretAccessKey: "any" };

/** A database whose data a rollback took back a moment ago, by any strategy, and the daily look at what that left. */
export async function makeKeptStage(strategy: StrategyName, shape: "instance" | "cluster" = "instance") {
  const { stage, prod, move } = makeStrategyStage(strategy, { shape });
  const tick = await stage.run(move, ["prepare", "cutOver", "confirm"]);
  if (tick.status !== "done") throw new Error(tick.note);
  await stage.forSeconds(300);
  const { cutOver, stagingIdentifier, safetySnapshotIdentifier } = DatabaseMove.parse(move.details);
  const copy = stage.databases.instance(strategy === "rename" ? "prod" : stagingIdentifier);
  if (!copy) throw new Error("The rollback made no copy");
  const component = DatabaseComponent.parse({ kind: "database", [shape]: "prod", writers: [], cutOver });
  return {
    stage,
    prod,
    copy,
    move,
    component,
    snapshot: safetySnapshotIdentifier,
    /** Looks with the function's own role, and answers what was found with what the role did not need. */
    read: (undone: readonly string[] = []) => readAs(stage, component, undone),
  };
}

/** @param undone resource ids to which an undo leads */
export async function readAs(
  stage: MoveStage,
  component: DatabaseComponent,
  undone: readonly string[] = [],
): Promise<{ readonly kept: readonly Kept[]; readonly unused: readonly string[] }> {
  const statements = granted((scope, to) => grantRememberDatabase(scope, to, component));
  const role = stage.identities.createRole({
    name: `reminder-${stage.kernel.random.uuid()}`,
    assumeRolePolicy: { Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" } },
    inlinePolicies: { it: { Statement: statements } },
  });
  const settings = {
    ...stage.clientSettings(),
    credentials: stage.identities.issueCredentials(role, "reminder"),
  };
  const reader = databaseKeptReader({
    rds: new RDSClient(settings),
    ssm: new SSMClient(settings),
    secrets: new SecretsManagerClient(settings),
    environment: "prod",
    undoLeadsTo: async (_rollbackId, _component, version) => undone.includes(version),
  });
  const at = stage.clock();
  const kept = await stage.kernel.complete(
    stage.kernel.activity("look", () => reader("db", keptDatabaseAddress(component), at)),
  );
  const used = stage.identities.usage().filter(({ roleArn }) => roleArn === role);
  const actions = statements.flatMap(({ Action = [] }) => Action);
  return { kept, unused: actions.filter((action) => !used.some((one) => one.action === action)) };
}

/** Somebody does something to AWS. */
export function asOperator<T>(
  stage: MoveStage,
  work: (clients: {
    readonly rds: RDSClient;
    readonly ssm: SSMClient;
    readonly secrets: SecretsManagerClient;
  }) => Promise<T>,
): Promise<T> {
  const settings = { ...stage.clientSettings(), credentials: OPERATOR };
  const clients = {
    rds: new RDSClient(settings),
    ssm: new SSMClient(settings),
    secrets: new SecretsManagerClient(settings),
  };
  return stage.kernel.complete(stage.kernel.activity("operator", () => work(clients)));
}

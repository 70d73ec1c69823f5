import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { LEDGER } from "../../../lambdas/contracts/ledger.ts";

/** The ledger table: lock, checkpoints, journal, approvals, records. It outlives the stack: it is the memory. */
export class Ledger extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, "Table", {
      partitionKey: { name: LEDGER.partitionKey, type: AttributeType.STRING },
      sortKey: { name: LEDGER.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: LEDGER.expiry,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  grantRead(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:GetItem", "dynamodb:Query"]);
  }

  /** Exactly these actions: what a function uses, and not one more. */
  grantWrite(grantee: IGrantable, actions: readonly `dynamodb:${string}`[]): void {
    this.#grant(grantee, actions);
  }

  #grant(grantee: IGrantable, actions: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [this.table.tableArn] }),
    );
  }
}

import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import type { PolicyDocument } from "../../../lib/region/service-model.ts";
import { grantMoveDatabase } from "../../../lib/stack/components/database-move.ts";
import { ACCOUNT, PROD, REGION } from "./make-move.ts";
import type { MoveStage } from "./make-move-stage.ts";

/** Makes the stage's driver run with what `grantMoveDatabase` grants for a configuration, and no more; answers the document. */
export function moveAsGranted(
  stage: MoveStage,
  given: Pick<Partial<typeof DatabaseComponent._input>, "instance" | "cluster" | "backtrack"> & {
    readonly cutOver: (typeof DatabaseComponent._input)["cutOver"];
  },
): PolicyDocument {
  const component = DatabaseComponent.parse({
    kind: "database",
    writers: [],
    passRoles: PROD.MonitoringRoleArn ? [PROD.MonitoringRoleArn] : [],
    ...given,
  });
  const document = documentOf(component);
  const Principal = { Service: "lambda.amazonaws.com" };
  const role = stage.identities.createRole({
    name: "mover",
    assumeRolePolicy: { Statement: { Effect: "Allow", Principal, Action: "sts:AssumeRole" } },
    inlinePolicies: { mover: document },
  });
  stage.credentials = stage.identities.issueCredentials(role, "mover");
  return document;
}

function documentOf(component: DatabaseComponent): PolicyDocument {
  const stack = new Stack(new App(), "Stack", { env: { account: ACCOUNT, region: REGION } });
  const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  grantMoveDatabase(stack, role, component);
  const [policy] = Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"));
  // The partition is the only thing that CloudFormation would still fill in.
  const text = JSON.stringify(policy?.["Properties"].PolicyDocument, (_key, value: unknown) => {
    const join = (value as { readonly "Fn::Join"?: readonly [string, readonly unknown[]] } | null)?.[
      "Fn::Join"
    ];
    return join ? join[1].map((part) => (typeof part === "string" ? part : "aws")).join(join[0]) : value;
  });
  return JSON.parse(text) as PolicyDocument;
}

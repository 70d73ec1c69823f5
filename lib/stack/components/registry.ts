import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Component } from "../../../lambdas/contracts/environment.ts";
import type { Kind } from "../../../lambdas/contracts/vocabulary.ts";
import { grantAssessEcsService, grantMoveEcsService, grantObserveEcsService } from "./ecs-service.ts";

/** The CDK half of a kind: what its observers and its mover may do, and which step moves it. */
export interface KindOnStack {
  /** The step (bundle) that moves components of this kind. */
  readonly mover: string;
  /** What recording a version takes. */
  grantObserve(scope: Construct, grantee: IGrantable, component: Component): void;
  /** What assessing takes: observing and more. */
  grantAssess(scope: Construct, grantee: IGrantable, component: Component): void;
  grantMove(scope: Construct, grantee: IGrantable, component: Component): void;
}

/** One entry a kind; its runtime twin is lambdas/components/registry.ts. */
export const KINDS_ON_STACK: Readonly<Record<Kind, KindOnStack>> = {
  "ecs-service": {
    mover: "move-ecs-service",
    grantObserve: grantObserveEcsService,
    grantAssess: grantAssessEcsService,
    grantMove: grantMoveEcsService,
  },
};

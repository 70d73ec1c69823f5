import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import type { KeptAddressOf, KeptQuestion } from "../../../lambdas/contracts/kept.ts";
import type { Kind } from "../../../lambdas/contracts/vocabulary.ts";
import { grantAssessCache, grantMoveCache } from "./cache.ts";
import { grantRememberCache, keptCacheAddress } from "./cache-kept.ts";
import { grantAssessDatabase, grantObserveDatabase } from "./database.ts";
import { grantRememberDatabase, keptDatabaseAddress } from "./database-kept.ts";
import { grantMoveDatabase } from "./database-move.ts";
import {
  grantAssessEcsService,
  grantKeepEcsService,
  grantMoveEcsService,
  grantObserveEcsService,
} from "./ecs-service.ts";
import { grantAssessFrontend, grantMoveFrontend, grantObserveFrontend } from "./frontend.ts";
import { grantAssessMaintenance, grantMoveMaintenance } from "./maintenance.ts";
import { grantKeepParameter, grantMoveParameter, grantObserveParameter } from "./parameter.ts";
import { grantAssessSecret, grantKeepSecret, grantMoveSecret, grantObserveSecret } from "./secret.ts";
import { grantAssessTask, grantMoveTask } from "./task.ts";

type ComponentOf<K extends Kind> = Extract<Environment["components"][string], { readonly kind: K }>;
/** `neighbours` are all components: some kinds act through another component, as a check runs a task. */
export type Grant<K extends Kind = Kind> = (
  scope: Construct,
  grantee: IGrantable,
  component: ComponentOf<K>,
  neighbours: Environment["components"],
) => void;

/** The CDK half of a kind: what its observers and its mover may do. Its mover is the step `move-<kind>`. */
export interface KindOnStack<K extends Kind = Kind> {
  /** What recording a version takes; only kinds that have one. */
  readonly grantObserve?: Grant<K>;
  /** Whether AWS sends an event when a release of it is complete: then nobody needs to look for one. */
  readonly announcesReleases?: (component: ComponentOf<K>) => boolean;
  /** What assessing takes: observing and more. */
  readonly grantAssess: Grant<K>;
  readonly grantMove: Grant<K>;
  /** What keeping a proven version alive takes; only kinds whose versions AWS may forget. */
  readonly grantKeep?: Grant<K>;
  /** Only kinds whose rollbacks leave something behind that costs money. */
  readonly kept?: {
    /** What the daily look has to know; undefined where this component's rollbacks leave nothing. */
    readonly address: (component: ComponentOf<K>) => KeptAddressOf<K> | undefined;
    /** What looking takes. Only reads. */
    readonly grant: Grant<K>;
  };
  /** Whether its mover keeps a frozen list of what it does in the report bucket: lists of objects do not fit into states. */
  readonly keepsLists?: (component: ComponentOf<K>) => boolean;
}

/** One entry a kind; its runtime twin is lambdas/components/registry.ts. */
const KINDS_ON_STACK: { readonly [K in Kind]: KindOnStack<K> } = {
  "ecs-service": {
    // ECS announces the deployments of its own controller only.
    announcesReleases: ({ codeDeploy }) => codeDeploy === undefined,
    grantObserve: grantObserveEcsService,
    grantAssess: grantAssessEcsService,
    grantMove: grantMoveEcsService,
    grantKeep: grantKeepEcsService,
  },
  database: {
    grantObserve: grantObserveDatabase,
    grantAssess: grantAssessDatabase,
    grantMove: grantMoveDatabase,
    kept: { address: keptDatabaseAddress, grant: grantRememberDatabase },
  },
  frontend: {
    grantObserve: grantObserveFrontend,
    grantAssess: grantAssessFrontend,
    grantMove: grantMoveFrontend,
    keepsLists: ({ release: { strategy } }) =>
      strategy === "versioned-bucket" || strategy === "release-prefix",
  },
  secret: {
    grantObserve: grantObserveSecret,
    grantAssess: grantAssessSecret,
    grantMove: grantMoveSecret,
    grantKeep: grantKeepSecret,
  },
  parameter: {
    grantObserve: grantObserveParameter,
    grantAssess: grantObserveParameter,
    grantMove: grantMoveParameter,
    grantKeep: grantKeepParameter,
  },
  cache: {
    grantAssess: grantAssessCache,
    grantMove: grantMoveCache,
    kept: { address: keptCacheAddress, grant: grantRememberCache },
  },
  task: {
    grantAssess: grantAssessTask,
    grantMove: grantMoveTask,
  },
  maintenance: {
    grantAssess: grantAssessMaintenance,
    grantMove: grantMoveMaintenance,
  },
};

/** Whether a component has versions that change without an event of AWS's. */
export function isReleasedInSilence(component: ComponentOf<Kind>): boolean {
  const { grantObserve, announcesReleases } = kindOnStack(component.kind);
  return grantObserve !== undefined && !announcesReleases?.(component);
}

/** The CDK half of a component's kind. */
export function kindOnStack(kind: Kind): KindOnStack {
  return KINDS_ON_STACK[kind] as KindOnStack;
}

/** The components whose rollbacks leave something behind, as the daily look has to know them. */
export function keptAddressesOf({ components }: Pick<Environment, "components">): KeptQuestion["components"] {
  return Object.fromEntries(
    Object.entries(components).flatMap(([name, component]) => {
      const address = kindOnStack(component.kind).kept?.address(component);
      return address ? [[name, address]] : [];
    }),
  );
}

import type { PolicyStatementProps } from "aws-cdk-lib/aws-iam";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import {
  COPY_END,
  DELETABLE_STATE,
  OWN_TAG_PREFIX,
  OWNERSHIP_TAGS,
  ownPrefix,
} from "../../../lambdas/contracts/ownership.ts";

/** What this component's rollbacks make: the rollback's own characters and the end follow the prefix. */
export function ownNames({ instance, cluster }: Pick<DatabaseComponent, "instance" | "cluster">) {
  const identifier = instance ?? cluster ?? "";
  const prefix = `${ownPrefix(identifier)}*`;
  return {
    identifier,
    /** Copies, whatever became of them, old ones and snapshots. */
    all: prefix,
    /** The only ones that can ever be deleted, and then only while they are tagged as staging. */
    staging: `${prefix}-${COPY_END}`,
  };
}

/** Tag keys of Stepback's own: what the production database may be tagged with. */
export const OWN_TAGS_ONLY = { "ForAllValues:StringLike": { "aws:TagKeys": [`${OWN_TAG_PREFIX}*`] } };

/**
 * Deleting asks for the tag once more: what serves users has lost it. One tag that somebody copied makes no copy of ours:
 * a restore of Stepback's sets all three.
 */
export const STAGING_ONLY = {
  StringEquals: { [`aws:ResourceTag/${OWNERSHIP_TAGS.state}`]: DELETABLE_STATE },
  Null: {
    [`aws:ResourceTag/${OWNERSHIP_TAGS.rollback}`]: "false",
    [`aws:ResourceTag/${OWNERSHIP_TAGS.source}`]: "false",
  },
};

/** Adds one statement to the mover's role. */
export type Allow = (statement: Pick<PolicyStatementProps, "actions" | "resources" | "conditions">) => void;

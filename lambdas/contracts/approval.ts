import * as z from "zod";

/**
 * A question waiting for a person. The task token stays in the ledger: whoever holds it could answer.
 */
export const Approval = z.strictObject({
  rollbackId: z.string(),
  planHash: z.string(),
  group: z.string(),
  /** IAM ARN patterns of who may answer. */
  approvers: z.array(z.string()),
  requestedBy: z.string(),
  /** A second person must approve what a person asked for; what an alarm asked for has no first one. */
  fourEyes: z.boolean(),
  expiresAt: z.iso.datetime(),
  taskToken: z.string(),
});

/** What an approver sends to the approval function. */
export const Answer = z.strictObject({
  rollbackId: z.string().max(100),
  planHash: z.string().max(100),
  answer: z.enum(["approve", "reject"]),
  comment: z.string().max(500).default(""),
});

export type Approval = z.infer<typeof Approval>;
export type Answer = z.infer<typeof Answer>;

import * as z from "zod";

/** Whether the alarms are quiet again after a rollback. `waiting` asks to be called once more. */
export const Verification = z.strictObject({
  status: z.enum(["recovered", "waiting", "not-recovered"]),
  note: z.string(),
  /** Alarms that are not OK yet, with their state. */
  open: z.array(z.string()),
  /** When the last alarm became OK (its state transition), ISO 8601; only when recovered. */
  recoveredAt: z.string().optional(),
});
export type Verification = z.infer<typeof Verification>;

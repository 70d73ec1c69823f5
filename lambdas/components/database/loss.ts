import type { Job } from "./job.ts";

/**
 * What would be lost if the cut-over came now, against what was approved: a preparation that took much longer than
 * planned makes the receipt untrue (DESIGN §5).
 */
export function acceptedLoss({ clock, details }: Pick<Job, "clock" | "details">): {
  readonly grew: boolean;
  readonly note: string;
} {
  if (details.restoreTo === undefined) return { grew: false, note: "" };
  const seconds = Math.max(0, Math.round((clock().getTime() - Date.parse(details.restoreTo)) / 1_000));
  const grew = seconds > details.acceptedLossSeconds;
  const lost = `Writes since ${details.restoreTo} are left behind: ${inMinutes(seconds)} so far`;
  if (!grew) return { grew, note: `${lost}.` };
  return {
    grew,
    note: `${lost}, more than the ${inMinutes(details.acceptedLossSeconds)} that were approved; plan again.`,
  };
}

function inMinutes(seconds: number): string {
  return `${Math.ceil(seconds / 60)} minutes`;
}

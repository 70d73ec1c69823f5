import { median } from "../median.ts";
import { asWritten } from "../recovery/as-written.ts";
import { recoverByHand } from "../recovery/by-hand.ts";
import { recoverByStepback } from "../recovery/by-stepback.ts";
import type { Recovery } from "../recovery/recovery.ts";
import type { SerialOrder } from "../recovery/serial-orders.ts";
import type { Rate } from "./rates.ts";

/** Stepback's rollback in a night, which the orders of the same night are compared with. */
export interface Opponent {
  readonly seed: number;
  readonly seconds: number;
  /** The same where users wait for what RDS backs up: hours. */
  readonly waitingSeconds: number;
}

export async function opponentOf(seed: number): Promise<Opponent> {
  const { seconds } = await recoverByStepback({ seed });
  const { seconds: waitingSeconds } = await recoverByStepback({ seed, waitsForBackups: true });
  return { seed, seconds, waitingSeconds };
}

/** An order as it was played in one night, with databases of several sizes. */
export interface PlayedBySize {
  readonly opponent: Opponent;
  readonly recoveries: readonly { readonly gigabytes: number; readonly recovery: Recovery }[];
}

export async function playBySize(
  opponent: Opponent,
  order: SerialOrder,
  rate: Rate,
  sizes: readonly number[],
): Promise<PlayedBySize> {
  const { seed } = opponent;
  const recoveries: { gigabytes: number; recovery: Recovery }[] = [];
  for (const gigabytes of sizes) {
    const commands = asWritten({ dump: gigabytes * rate.dump, load: gigabytes * rate.load });
    recoveries.push({ gigabytes, recovery: await recoverByHand({ seed }, order, { commands }) });
  }
  return { opponent, recoveries };
}

/** The size at which an order takes so many seconds: all of it but the dumps and the load takes what it takes. */
export function sizeAt(played: PlayedBySize, seconds: number): number {
  const { gigabytes, recovery } = firstOf(played);
  return gigabytes + (seconds - recovery.seconds) / slopeOf(played);
}

/** By how many seconds each GB makes an order longer. */
export function secondsPerGigabyte(all: readonly PlayedBySize[]): number {
  return median(all.map(slopeOf));
}

function slopeOf(played: PlayedBySize): number {
  const [first, last] = [firstOf(played), played.recoveries.at(-1) ?? firstOf(played)];
  return (last.recovery.seconds - first.recovery.seconds) / (last.gigabytes - first.gigabytes);
}

function firstOf({ recoveries: [first] }: PlayedBySize) {
  if (!first) throw new Error("The order was played at no size");
  return first;
}

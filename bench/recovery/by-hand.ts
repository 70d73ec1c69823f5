import { Random } from "../../lib/region/kernel/random.ts";
import { CommandLine, FIXED, growing } from "./command-line.ts";
import { type Commands, commandsOf } from "./commands.ts";
import { decidedSeconds, inNight, type Night, type World } from "./in-night.ts";
import { mustHaveRecovered, type Recovery } from "./recovery.ts";
import type { SerialOrder } from "./serial-orders.ts";
import { UserWatch } from "./user-watch.ts";

export interface Typed {
  /** The command line's, with fixed delays, or the JavaScript SDK's, whose delays grow. @default "fixed" */
  readonly waiters?: "fixed" | "growing";
  /** What stands for the runbook's commands. @default - those of AWS */
  readonly commands?: (cli: CommandLine, night: Night) => Commands;
}

/** A runbook's order, typed by somebody who never stops to think, from the first command to the end of the last. */
export function recoverByHand(
  world: World,
  order: SerialOrder,
  { waiters = "fixed", commands = commandsOf }: Typed = {},
): Promise<Recovery> {
  return inNight(world, "shadow", async (night) => {
    const { kernel } = night.stage.region;
    await night.until(decidedSeconds(world));
    const patience = waiters === "fixed" ? FIXED : growing(new Random(world.seed).fork("waiters"));
    const cli = new CommandLine(night.stage.region, patience);
    const from = kernel.now;
    const watch = new UserWatch(night);
    await order(cli, commands(cli, night));
    const seconds = (kernel.now - from) / 1_000;
    return { seconds, took: cli.took, ...(await mustHaveRecovered(night, watch, cli.dumpedAt)) };
  });
}

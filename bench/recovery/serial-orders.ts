import type { CommandLine } from "./command-line.ts";
import type { Commands } from "./commands.ts";

/** A runbook's procedure, its parts one after the other. */
export type SerialOrder = (cli: CommandLine, hand: Commands) => Promise<void>;

/** Seed 001, "Complete System Rollback" with the scripts that it calls; docs/serial-order.md has it line by line. */
export const COMPLETE_SYSTEM_ROLLBACK: SerialOrder = async (cli, hand) => {
  await cli.part("maintenance page on", hand.showPage);
  await cli.part("capture_state.sh: dump", () => hand.dump("captured-state"));
  await cli.part("rollout undo --all", async () => {
    await hand.undoServices();
    await hand.undoFrontend();
  });
  await cli.part("restore_backup.sh: restoration point", () => hand.dump("pre-restore"));
  await cli.part("restore_backup.sh: stop", () => hand.updateServices({ api: { desiredCount: 0 } }));
  await cli.part("restore_backup.sh: restore", () => hand.restoreDatabase("boardroom-restored"));
  await cli.part("restore_backup.sh: start", () => hand.updateServices({ api: { desiredCount: 3 } }));
  hand.flushCache();
  await cli.part("restart all", () => hand.updateServices({ api: ANEW, web: ANEW }));
  await cli.part("maintenance page off", hand.hidePage);
};

const ANEW = { forceNewDeployment: true };

/**
 * Seed 002, "Complete System Rollback": the shortest of the five, because it stops everything first, so that one dump and
 * one start are enough. It has no maintenance page.
 */
export const STOP_RESTORE_START: SerialOrder = async (cli, hand) => {
  await cli.part("stop all", () => hand.updateServices({ api: NONE, web: NONE }));
  await cli.part("dump", () => hand.dump("current-state"));
  await cli.part("restore", () => hand.restoreDatabase("boardroom-restored"));
  await cli.part("restore code and start", async () => {
    await hand.undoFrontend();
    await hand.undoServices({ api: { desiredCount: 3 }, web: { desiredCount: 2 } });
  });
  await cli.part("validate", () => cli.sleep(10));
};

const NONE = { desiredCount: 0 };

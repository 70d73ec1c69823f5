import { COMPLETE } from "../../lib/region/application/complete-names.ts";
import type { CommandLine } from "./command-line.ts";
import { type Commands, commandsOf } from "./commands.ts";
import type { Night } from "./in-night.ts";

/** What the runbook's own commands take. */
export interface DumpSeconds {
  readonly dump: number;
  readonly load: number;
}

/**
 * The database's three steps as the runbook writes them: a logical dump, twice, and one loaded in place, at the end of
 * which the database holds what it held at the good moment. Its instance and its host name stay; nothing is waited for
 * but the command itself. Everything else is as on AWS (docs/serial-order.md).
 */
export function asWritten({ dump, load }: DumpSeconds): (cli: CommandLine, night: Night) => Commands {
  return (cli, night) => ({
    ...commandsOf(cli, night),
    dump: () => cli.dump(dump),
    restoreDatabase: async () => {
      await cli.sleep(load);
      const { databases } = night.stage.region.rds;
      const loaded = databases.loadDump(COMPLETE.database, night.goodAt.getTime());
      if (!loaded) throw new Error("The database does not take connections");
    },
  });
}

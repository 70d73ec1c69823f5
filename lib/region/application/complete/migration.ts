import type { TaskOutcome } from "../../services/ecs/task-program.ts";
import { COMPLETE } from "../complete-names.ts";
import { connectionProblem, exit, type Process } from "./process.ts";

/** alembic exits with -1, which a shell sees as 255, when it gives up by itself: its source, by memory, unverified. */
const GAVE_UP = 255;

/**
 * `alembic downgrade <revision>` and `alembic upgrade <revision>`: only an image that has the scripts of both ends can
 * do it, which is why going down needs the newer code (docs/facts/database.md §9). It logs in with the password that the
 * task definition gives it.
 */
export function alembic(process: Process, [direction, wanted]: readonly string[]): TaskOutcome {
  const { as, databases, host, launch, region, revisionsOf } = process;
  if ((direction !== "downgrade" && direction !== "upgrade") || wanted === undefined) {
    return exit(2, 1, "usage: alembic downgrade|upgrade <revision>");
  }
  const problem = connectionProblem(process);
  if (problem !== undefined) return exit(1, 30, `sqlalchemy.exc.OperationalError: ${problem}`);
  const content = databases.contentAt(host);
  if (content?.password !== region.secrets.labelOf(COMPLETE.passwordSecret, "AWSCURRENT")) {
    return exit(
      1,
      5,
      'sqlalchemy.exc.OperationalError: FATAL: password authentication failed for user "app_owner"',
    );
  }
  const known = revisionsOf(launch.image);
  const target = wanted === "head" ? known.at(-1) : wanted;
  const current = content?.revision ?? "";
  const unknown = [current, target ?? ""].find((revision) => !known.includes(revision));
  if (unknown !== undefined) {
    return exit(GAVE_UP, 5, `FAILED: Can't locate revision identified by '${unknown}'`);
  }
  const steps = known.indexOf(target ?? "") - known.indexOf(current);
  if (steps === 0) return exit(0, 5, "INFO  [alembic.runtime.migration] Will assume transactional DDL.");
  if (steps > 0 !== (direction === "upgrade")) {
    return exit(GAVE_UP, 5, `FAILED: ${wanted} is not in the direction of an ${direction}`);
  }
  return {
    ...exit(0, 20, `INFO  [alembic.runtime.migration] Running ${direction} ${current} -> ${target ?? ""}`),
    exited: () => {
      as(() => databases.migrate(host, target ?? ""));
    },
  };
}

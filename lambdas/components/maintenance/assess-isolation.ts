import type { MaintenanceComponent } from "../../contracts/kinds/maintenance.ts";
import { type Barrier, barriersOf } from "./barriers.ts";
import type { Course } from "./isolation.ts";
import { ISOLATED, OPEN } from "./isolation-version.ts";
import type { Clients } from "./job.ts";
import type { Proposal } from "./proposal.ts";

/** Whether every barrier can be turned, and turned back. */
export async function assessIsolation(
  clients: Clients,
  isolation: NonNullable<MaintenanceComponent["isolation"]>,
  course: Course,
): Promise<Proposal> {
  const toTurn: Barrier[] = [];
  for (const barrier of barriersOf(clients, isolation)) {
    const state = await barrier.look();
    if (typeof state === "object") return state;
    if (state === "other") return { problem: `${barrier.label} is not as it was made; put it back before.` };
    if (state === (course === "shut" ? "open" : "shut")) toTurn.push(barrier);
  }
  if (toTurn.length === 0) {
    return {
      nothing: course === "shut" ? "only the allow-list is let in already." : "everybody is let in already.",
    };
  }
  const labels = toTurn.map(({ label }) => label).join(" and ");
  return course === "shut" ? shut(labels, toTurn) : lift(labels, toTurn);
}

function shut(labels: string, barriers: readonly Barrier[]): Proposal {
  return {
    mode: "isolation",
    from: { id: OPEN, label: "open to everybody" },
    to: { id: ISOLATED, label: "open to the allow-list" },
    reason: `attackers are cut off by ${labels}.`,
    warnings: [
      "Everybody but the allow-list is kept out until you undo this.",
      ...barriers.map(({ name }) => SLOW[name]),
    ],
    verbs: ["cutOver", "confirm"],
    seconds: SECONDS,
  };
}

async function lift(labels: string, barriers: readonly Barrier[]): Promise<Proposal> {
  const back: string[] = [];
  for (const barrier of barriers) {
    const found = await barrier.liftable();
    if ("problem" in found) return found;
    back.push(found.back);
  }
  return {
    mode: "isolation",
    from: { id: ISOLATED, label: "open to the allow-list" },
    to: { id: OPEN, label: `open to everybody (${back.join("; ")})` },
    reason: `isolation ends: ${labels} are put back.`,
    warnings: [],
    verbs: ["cutOver", "confirm"],
    seconds: SECONDS,
  };
}

/** docs/facts/frontend-secrets-config.md §E, "Breach isolation" (2) and (3), and the table. */
const SLOW: Readonly<Record<Barrier["name"], string>> = {
  "security-groups": "Security groups do not cut connections that are open already.",
  "web-acl": "A web ACL takes from a few seconds to a number of minutes until it blocks everywhere.",
};

const SECONDS = 10;

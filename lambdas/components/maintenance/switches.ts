import type { MaintenanceSwitch } from "../../contracts/kinds/maintenance.ts";
import type { Clients } from "./job.ts";
import { keyValueSwitch } from "./key-value-switch.ts";
import { parameterSwitch } from "./parameter-switch.ts";
import { rulesSwitch } from "./rules-switch.ts";

/** What a part of a switch shows users now; `other` is neither, and somebody's own doing. */
export type Position = "on" | "off" | "other";

/** Something that shows users the maintenance page: it is looked at, and turned one change at a time. */
export interface Switch {
  /** The position of every part, in a fixed order, or why it cannot be used: a sentence. */
  look(): Promise<readonly Position[] | { readonly problem: string }>;
  /** Turns one part that stands on the other side. `collided`: somebody changed it at the same moment; look again. */
  turn(to: "on" | "off"): Promise<"turned" | "collided">;
  /** What a person types to turn it, when Stepback cannot. */
  byHand(to: "on" | "off"): readonly string[];
  /** From the answer to a change until users see it, seconds. */
  readonly settleSeconds: number;
  /** As people call it. */
  readonly name: string;
}

/** The switch that an environment configures. */
export function switchOf(clients: Clients, configured: MaintenanceSwitch): Switch {
  switch (configured.by) {
    case "load-balancer-rules":
      return rulesSwitch(clients.balancing, configured);
    case "key-value-store":
      return keyValueSwitch(clients.keyValueStore, configured);
    case "parameter":
      return parameterSwitch(clients.ssm, configured);
  }
}

import type { SSMClient } from "@aws-sdk/client-ssm";
import type { MaintenanceSwitch } from "../../contracts/kinds/maintenance.ts";
import { readPlain } from "../cache/plain-parameter.ts";
import { swapValue } from "../cache/swap-value.ts";
import type { Position, Switch } from "./switches.ts";

type Configured = Extract<MaintenanceSwitch, { readonly by: "parameter" }>;

/** A parameter that the application itself asks for, at its own pace. */
export function parameterSwitch(ssm: SSMClient, configured: Configured): Switch {
  const { parameter, askedEverySeconds } = configured;
  return {
    settleSeconds: askedEverySeconds,
    name: `the parameter ${parameter}`,
    byHand: (to) => [`aws ssm put-parameter --name ${parameter} --overwrite --value '${configured[to]}'`],
    async look() {
      const now = await readPlain(ssm, parameter);
      if ("problem" in now) return now;
      const position = (value: string): Position => {
        if (value === configured.on) return "on";
        return value === configured.off ? "off" : "other";
      };
      return [position(now.value)];
    },
    async turn(to) {
      const from = to === "on" ? configured.off : configured.on;
      const { swap } = await swapValue(ssm, parameter, { from, to: configured[to] });
      return swap === "written" || swap === "already" ? "turned" : "collided";
    },
  };
}

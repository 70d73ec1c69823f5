import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { MaintenanceSwitch } from "../../contracts/kinds/maintenance.ts";
import type { Position } from "./switches.ts";

type Configured = Extract<MaintenanceSwitch, { readonly by: "load-balancer-rules" }>;
type Conditions = Configured["on"];

/** Whether a rule's conditions are those that let everybody meet it, those that let nobody, or neither. */
export function positionOf(
  conditions: readonly RuleCondition[],
  { on, off }: Pick<Configured, "on" | "off">,
): Position {
  const now = keyOf(conditions.map(({ Field = "", ...rest }) => ({ field: Field, values: valuesOf(rest) })));
  if (now === keyOf(on)) return "on";
  return now === keyOf(off) ? "off" : "other";
}

/** As ModifyRule takes them: lists go whole (docs/facts/frontend-secrets-config.md §E). */
export function conditionsFor(conditions: Conditions): RuleCondition[] {
  return conditions.map(({ field, values }) =>
    field === "path-pattern"
      ? { Field: field, PathPatternConfig: { Values: [...values] } }
      : { Field: field, HostHeaderConfig: { Values: [...values] } },
  );
}

/** AWS describes the values of a host or a path in two members; any other kind of condition is nobody's we know. */
function valuesOf({
  HostHeaderConfig,
  PathPatternConfig,
  Values,
  ...others
}: RuleCondition): readonly string[] {
  const foreign = Object.values(others).some((member) => member !== undefined);
  return foreign ? ["\u0000"] : (HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? []);
}

/** The same for the same conditions in any order. */
function keyOf(
  conditions: readonly { readonly field: string; readonly values: readonly string[] }[],
): string {
  return JSON.stringify(
    conditions.map(({ field, values }) => JSON.stringify([field, [...values].sort()])).sort(),
  );
}

import type { Scenario } from "./scenario.ts";

/** One way to play a drill: the drill itself, or one of its variants. */
export interface Played {
  /** Undefined for a drill without variants. */
  readonly variant: string | undefined;
  /** Without variants of its own; its title names the variant. */
  readonly scenario: Scenario;
}

/** Every way to play a drill, in the order of its file. What a variant says of a key takes the place of the drill's word. */
export function variantsOf({ variants, ...drill }: Scenario): readonly Played[] {
  if (!variants) return [{ variant: undefined, scenario: drill }];
  return Object.entries(variants).map(([variant, { policy, expect }]) => ({
    variant,
    scenario: {
      ...drill,
      title: `${drill.title} (${variant})`,
      policy: { ...drill.policy, ...policy },
      expect: { ...drill.expect, ...expect },
    },
  }));
}

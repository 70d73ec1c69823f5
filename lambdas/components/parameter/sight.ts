import type { AppConfigClient } from "@aws-sdk/client-appconfig";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { FailureCode } from "../../contracts/failures.ts";
import type { ParameterMove, ParameterSource } from "../../contracts/kinds/parameter.ts";
import type { Clock } from "../component.ts";
import { lookAtAppConfig } from "./appconfig/look.ts";
import { lookAtLabels } from "./ssm/look-at-labels.ts";
import { lookAtValues } from "./ssm/look-at-values.ts";

/** Versions by parameter name; AppConfig's by profile. Never values. */
export type Versions = Readonly<Record<string, string>>;

/** What a store of configuration shows of itself, whichever it is. */
export interface Sight {
  /** What consumers get, or are about to get. */
  readonly versions: Versions;
  /** It changes right now: there is no one version to record. */
  readonly onTheWay: boolean;
  /** When it last changed, as far as AWS tells. */
  readonly changedAt?: Date;
  /** AWS went back by itself, in words: one more step back would be one too many. */
  readonly wentBack?: string;
  /** How these versions become live, of those names that differ. */
  wayTo(to: Versions): Way;
}

export type Way =
  | { readonly problem: string; readonly code: FailureCode }
  | {
      readonly problem?: undefined;
      readonly warnings: readonly string[];
      /** Until consumers can get it, by experience or guess. */
      readonly seconds: number;
      readonly deployment?: NonNullable<ParameterMove["deployment"]>;
    };

export interface SightServices {
  readonly ssm: SSMClient;
  readonly appconfig: AppConfigClient;
  readonly clock: Clock;
}

/** Looks at a store; an obstacle is said in words that tell what to do. */
export function lookAt(
  services: SightServices,
  source: ParameterSource,
): Promise<Sight | { readonly obstacle: string }> {
  switch (source.store) {
    case "ssm-label":
      return lookAtLabels(services, source);
    case "ssm-value":
      return lookAtValues(services, source);
    case "appconfig":
      return lookAtAppConfig(services, source);
  }
}

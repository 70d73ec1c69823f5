import { UnlabelParameterVersionCommand } from "@aws-sdk/client-ssm";
import { asked } from "../aws-call.ts";
import type { Keeper } from "../component.ts";
import type { SightServices } from "./sight.ts";
import { historyOf, newestOf } from "./ssm/history.ts";
import { isOriginLabel } from "./ssm/origin.ts";

/**
 * Lets go of the labels by which Stepback marked values that it put back, once newer versions are live. Nothing is kept
 * alive by a label: on the oldest of 100 versions it would block every new one (docs/facts/frontend-secrets-config.md §C.1).
 */
export function parameterKeeper({ ssm }: Pick<SightServices, "ssm">): Keeper<"parameter"> {
  return async ({ source }) => {
    if (source.store !== "ssm-value") return "Nothing to keep: AppConfig and labels keep their versions.";
    let dropped = 0;
    for (const name of source.names) {
      const history = await historyOf(ssm, name);
      if (!history) continue;
      for (const { version, labels } of history) {
        const own = labels.filter(isOriginLabel);
        if (own.length === 0 || version === newestOf(history).version) continue;
        await asked(
          `Taking Stepback's label off version ${version} of ${name}`,
          ssm.send(
            new UnlabelParameterVersionCommand({ Name: name, ParameterVersion: version, Labels: own }),
          ),
        );
        dropped += own.length;
      }
    }
    return dropped === 0
      ? "No label of Stepback's is left on older versions."
      : `${dropped} old labels were taken off.`;
  };
}

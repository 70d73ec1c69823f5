import {
  type FrontendComponent,
  FrontendMove,
  type FrontendVersion,
} from "../../contracts/kinds/frontend.ts";
import type { RollbackRecord } from "../../contracts/ledger.ts";
import type { Move } from "../../contracts/plan.ts";
import { versionIdOf } from "../../contracts/version-id.ts";
import { measuredOf } from "../../domain/measured.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";

/** Where to and why, as the choice among versions says. */
export interface Target {
  readonly version: FrontendVersion;
  readonly because: string;
  readonly warnings: readonly string[];
  readonly checkpoint?: string;
}

/** The move from what is live to a target. Pure. */
export function moveTo(
  component: string,
  configuration: FrontendComponent,
  current: FrontendVersion,
  target: Target,
  {
    past,
    usual,
  }: { readonly past: readonly RollbackRecord[]; readonly usual: ReleaseStrategy["usualSeconds"] },
): Move {
  const { bucket, distribution, release, entryPoints, invalidate, probe, serviceWorker } = configuration;
  const { version } = target;
  const prepare = medianOf(measuredOf(past, component, "prepare"));
  const cutOver = medianOf(measuredOf(past, component, "cutOver"));
  const prepareSeconds = prepare ?? usual.prepare;
  const seconds = prepareSeconds + (cutOver ?? usual.cutOver);
  const unmeasured = cutOver === undefined;
  return {
    component,
    kind: "frontend",
    tier: "reversible",
    verbs: ["prepare", "cutOver", "confirm"],
    from: { id: versionIdOf(current), label: labelOf(current) },
    to: {
      id: versionIdOf(version),
      label: labelOf(version),
      ...(target.checkpoint ? { checkpoint: target.checkpoint } : {}),
    },
    reason: `goes from ${labelOf(current)} to ${labelOf(version)}, ${target.because}.`,
    estimateSeconds: seconds,
    prepareSeconds,
    warnings: [...target.warnings, ...(unmeasured ? [UNMEASURED] : []), ...(probe ? [] : [UNPROBED])],
    details: FrontendMove.parse({
      bucket,
      distribution,
      release,
      entryPoints,
      invalidate,
      probe,
      serviceWorker,
      fromRelease: current.release,
      toRelease: version.release,
      ...momentOf(release, version),
      ...(version.manifestVersion ? { manifestVersion: version.manifestVersion } : {}),
      deadlineSeconds: Math.max(configuration.deadlineMinutes * 60, 2 * seconds),
    }),
  };
}

/** Short and readable; of a manifest the beginning of its version. */
export function labelOf({ release, manifestVersion }: FrontendVersion): string {
  return manifestVersion ? `${release} (manifest ${manifestVersion.slice(0, 8)})` : release;
}

const UNMEASURED = "The estimate is a general one: this frontend was never rolled back before.";
const UNPROBED = "No probe is configured: that users get the target is AWS's word alone.";

function momentOf(
  release: FrontendComponent["release"],
  { release: moment, manifestVersion }: FrontendVersion,
) {
  return release.strategy === "versioned-bucket" && !manifestVersion ? { toMoment: moment } : {};
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
